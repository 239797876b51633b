import { accountId, decodeForm, encodeForm, latin1Text } from '../../contracts/index.js';
import type { Gateway, Received } from '../gateway/gateway.js';
import type { HtmlPage } from '../pages/layout.js';

const HEADERS = { 'Content-Type': 'text/html; charset=ISO-8859-1' };

const reply = (pairs: readonly (readonly [name: string, value: string])[]): HtmlPage => ({
  body: latin1Text(encodeForm(pairs, 'iso-8859-1')),
  headers: HEADERS,
});

/** Ends a subscription: `POST /cgi-bin/ResAbon.cgi`. See docs/protocol.md#section-9. */
export async function unsubscribe({ body }: Received, gateway: Gateway): Promise<HtmlPage> {
  const sent = new Map(decodeForm(body).fields.map(({ name, value }) => [name, value]));
  const get = (name: string): string => sent.get(name) ?? '';
  const [REFERENCE, ABONNEMENT] = [get('REFERENCE'), get('ABONNEMENT')];
  const refuse = (): HtmlPage =>
    reply([
      ['ACQ', 'NO'],
      ['ERREUR', '9'],
      ['IDENTIFIANT', get('IDENTIFIANT')],
      ['REFERENCE', REFERENCE],
    ]);
  const account = gateway.account(get('SITE'), get('MACH'));
  if (!account || (account.IDENTIFIANT !== '' && Number(get('IDENTIFIANT')) !== Number(account.IDENTIFIANT))) return refuse();
  const found = /^\d+$/.test(ABONNEMENT)
    ? [await gateway.checkout(ABONNEMENT)]
    : REFERENCE === ''
      ? []
      : await gateway.checkouts({ REFERENCE, account: accountId(account.SITE, account.RANG) });
  const subscription = found.find(
    (checkout) => checkout?.account === account.id && checkout.plan?.kind === 'subscription' && checkout.plan.endedAt === 0,
  );
  const hostedPage = await gateway.hostedPage();
  const isEnded = subscription !== undefined && (await hostedPage.unsubscribe(subscription.id).catch(() => false));
  if (!isEnded) return refuse();
  return reply([
    ['ACQ', 'OK'],
    ['IDENTIFIANT', get('IDENTIFIANT')],
    ['REFERENCE', subscription.REFERENCE],
  ]);
}
