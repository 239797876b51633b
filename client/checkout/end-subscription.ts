import { decodeForm, encodeForm, UNSUBSCRIBE_PATH } from '../../contracts/index.js';
import { BrokenReplyError } from '../errors/broken-reply-error.js';
import { MisuseError } from '../errors/client-error.js';
import { isRecord } from '../form-fields.js';
import type { CallOptions } from '../options.js';
import { checkTimeout, type Settings } from '../settings.js';
import { post } from '../transport.js';

/** Names the subscription to end: by the order that it began with, or by its number (B), which {@link PaidReturn} has as `subscription`. */
export type SubscriptionToEnd = { readonly reference: string } | { readonly subscription: string };

/**
 * What became of the request to end a subscription. `ended` false: the account has no such subscription, it was ended before, or the gateway
 * does not know the account: `site`, `rang` and `identifiant` must be right.
 */
export type SubscriptionEnd = { readonly ended: true; readonly reference: string } | { readonly ended: false };

const OPERATION = 'endSubscription';

function nameOf(parameters: unknown): readonly [name: string, value: string] {
  const given = isRecord(parameters) ? Object.entries(parameters).filter(([, value]) => value !== undefined) : [];
  const [[name, value] = ['', undefined]] = given;
  if (given.length !== 1 || (name !== 'reference' && name !== 'subscription'))
    throw new MisuseError(`${OPERATION}: exactly one of reference and subscription must be given.`);
  if (name === 'subscription') {
    if (typeof value !== 'string' || !/^\d{1,10}$/.test(value) || /^0+$/.test(value))
      throw new MisuseError(`${OPERATION}: subscription must be one to ten digits, not 0 (ABONNEMENT).`);
    return ['ABONNEMENT', value];
  }
  if (typeof value !== 'string' || !/^[\x20-\x7e\xa0-\xff]{1,250}$/.test(value))
    throw new MisuseError(`${OPERATION}: reference must be 1 to 250 printable characters of ISO-8859-1 (REFERENCE).`);
  return ['REFERENCE', value];
}

/**
 * Ends a subscription that began on the hosted page. Sends one request, and no second one: after an error call it again, an ended
 * subscription stays ended. See docs/protocol.md#section-9.
 *
 * @throws MisuseError if the parameters are not valid, or the client has no `identifiant`; nothing was sent
 * @throws TransportError if there is no usable reply
 */
export async function endSubscription(
  settings: Settings,
  parameters: SubscriptionToEnd,
  { signal, timeout = settings.timeout }: Pick<CallOptions, 'signal' | 'timeout'> = {},
): Promise<SubscriptionEnd> {
  const { SITE, RANG, IDENTIFIANT } = settings.accountVariables;
  const name = nameOf(parameters);
  checkTimeout(OPERATION, timeout);
  if (IDENTIFIANT === undefined) throw new MisuseError(`${OPERATION}: needs identifiant; set it in the options of createClient.`);
  const account = { VERSION: '001', TYPE: '001', SITE, MACH: RANG.padStart(3, '0'), IDENTIFIANT };
  const exchange = { operation: OPERATION, url: new URL(`..${UNSUBSCRIBE_PATH}`, settings.hostedPageUrl).href, numquestion: '' };
  const question = { body: encodeForm([...Object.entries(account), name]), scrub: (text: string) => text };
  const { status, contentType, body } = await post(settings, exchange, question, { signal, timeout });
  const reply = new Map(decodeForm(body).fields.map(({ name: field, value }) => [field, value]));
  const acknowledgement = reply.get('ACQ');
  if (status === 200 && acknowledgement === 'OK') return { ended: true, reference: reply.get('REFERENCE') ?? '' };
  if (status === 200 && acknowledgement === 'NO') return { ended: false };
  throw new BrokenReplyError(exchange, { problem: 'it has no ACQ=OK or ACQ=NO', status, contentType, length: body.length });
}
