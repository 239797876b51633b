import { createClient } from '../client/index.js';
import {
  contradictionsIn,
  decodeForm,
  decodeReply,
  type HashName,
  hmacHex,
  hmacMessage,
  latin1Bytes,
  readBody,
} from '../contracts/index.js';
import type { WireReply } from './expectations.js';
import type { RawStep, SendStep } from './scenario.js';
import type { Endpoint } from './target.js';

/** A request and its reply, as sent over the wire. Contains unmasked card data: mask it before showing or storing it. */
export interface Exchange {
  readonly sent: ReadonlyMap<string, string>;
  /** The body of the request. */
  readonly body: Uint8Array;
  readonly reply: ReadonlyMap<string, string>;
  readonly wire: WireReply;
}

const FORM = 'application/x-www-form-urlencoded';

function fieldsOf(body: Uint8Array): Map<string, string> {
  const fields = new Map<string, string>();
  for (const { name, value } of decodeForm(body).fields) if (!fields.has(name)) fields.set(name, value);
  return fields;
}

async function readReply(response: Response) {
  const body = await readBody(response);
  return { status: response.status, headers: Object.fromEntries(response.headers), body };
}

/** @throws NoReplyError when the reply contradicts itself */
function exchangeOf(body: Uint8Array, wire: WireReply): Exchange {
  const contradictions = contradictionsIn(wire.body);
  if (contradictions.length > 0) throw new NoReplyError(`The reply has ${contradictions.join(', ')} twice, with different values.`);
  return { sent: fieldsOf(body), body, reply: decodeReply(wire.body), wire };
}

/** No reply was received, only a part of one, one that is too long, or one that contradicts itself. */
export class NoReplyError extends Error {
  override readonly name = 'NoReplyError';
}

const noReplyError = (cause: unknown): NoReplyError =>
  cause instanceof NoReplyError ? cause : new NoReplyError((cause as Error).message, { cause });

// The client requires a key, also to send a question without one. sendQuestion removes this one before the question is sent.
const UNSENT_KEY = { cle: 'none' } as const;

function authenticationOptions({ account }: Endpoint, sign: 'cle' | HashName | 'none' | undefined) {
  const { cle = '', hmacKey = '' } = account;
  if (sign === 'none') return UNSENT_KEY;
  if (sign === undefined) return cle === '' && hmacKey !== '' ? { hmacKey } : { cle };
  return sign === 'cle' ? { cle } : { hmacKey, hash: sign };
}

/** Time limit for a reply, in milliseconds. */
const REPLY_TIMEOUT = 60_000;

/**
 * Sends a question through the reference client. The client's checks of the reply are off, because the scenario checks it.
 *
 * @param variables variables of the question; undefined omits one
 * @param step how to authenticate, and which host to send to
 * @throws NoReplyError when no usable reply is received
 */
export async function sendQuestion(
  endpoint: Endpoint,
  TYPE: string,
  variables: Readonly<Record<string, string | undefined>>,
  { sign, host = 'main' }: Pick<SendStep, 'sign' | 'host'>,
  now: () => Date,
): Promise<Exchange> {
  let seen: Exchange | undefined;
  let unreadable: unknown;
  const { site, rang, identifiant, version } = endpoint.account;
  const client = createClient({
    url: host === 'main' ? endpoint.url : (endpoint.backupUrl ?? endpoint.url),
    site,
    rang,
    // The simulator needs none, and a question may name another RANG, which has another one.
    ...(identifiant !== undefined && !endpoint.control && { identifiant }),
    ...authenticationOptions(endpoint, sign),
    version,
    timeout: REPLY_TIMEOUT,
    now,
    fetch: async (url, init) => {
      const response = await endpoint.fetch(url, init);
      try {
        const { status, headers, body } = await readReply(response);
        seen = exchangeOf(init?.body as Uint8Array, { status, headers, body });
        return new Response(body.length === 0 ? null : body, { status, headers });
      } catch (error) {
        unreadable = error;
        throw error;
      }
    },
  });
  const withoutKey = sign === 'none' ? { CLE: undefined } : {};
  try {
    await client.send(TYPE, { ...variables, ...withoutKey }, { checkEcho: false, checkReply: false });
  } catch (cause) {
    if (!seen) throw noReplyError(unreadable ?? cause);
  }
  if (!seen) throw new NoReplyError('The client sent nothing.');
  return seen;
}

type RawQuestion = Pick<RawStep, 'raw' | 'method' | 'contentType' | 'sign' | 'hexCase'> & { readonly message?: string | undefined };

function rawBody({ raw, sign, message, hexCase = 'upper' }: RawQuestion, hmacKey: string): Uint8Array<ArrayBuffer> {
  if (sign === undefined) return latin1Bytes(raw);
  const withHash = `${raw}&HASH=${sign}`;
  const hmac = hmacHex(sign, hmacKey, message ?? hmacMessage(decodeForm(latin1Bytes(withHash)).fields));
  return latin1Bytes(`${withHash}&HMAC=${hexCase === 'lower' ? hmac.toLowerCase() : hmac}`);
}

/**
 * Sends bytes exactly as written, one character per byte, and appends HASH and HMAC if the step has `sign`.
 *
 * @throws NoReplyError when no usable reply is received
 */
export async function sendRaw(endpoint: Endpoint, question: RawQuestion): Promise<Exchange> {
  const { method = 'POST', contentType = FORM } = question;
  const body = rawBody(question, endpoint.account.hmacKey ?? '');
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const init = { method, headers: { 'Content-Type': contentType }, signal: AbortSignal.timeout(REPLY_TIMEOUT), ...(hasBody && { body }) };
  const wire = await endpoint
    .fetch(endpoint.url, init)
    .then(readReply)
    .catch((cause: unknown) => {
      throw noReplyError(cause);
    });
  return exchangeOf(body, wire);
}
