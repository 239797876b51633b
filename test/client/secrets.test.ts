import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { type Client, type ClientEvent, minorUnits } from '../../client/index.js';
import { encodeReply, TEST_HMAC_KEY } from '../../contracts/index.js';
import {
  ACCOUNT,
  unreachableUrl as anyUnreachableUrl,
  clientOf as clientOfAccount,
  expectKind,
  type ReceivedVariables,
  startServer as startAnyServer,
  startSimulator as startAnySimulator,
} from './support.js';

// Only one of the numbers passes the Luhn check, so masking by the Luhn check alone would miss the other.
const NUMBERS = ['1111222233334444', '1111222233334445'] as const;
const CVV = '7391';
const KEY = ACCOUNT.cle;

// What is shown contains numbers that are no secrets: question numbers, dates and ports. None of them may contain the CVV by chance.
const clientOf: typeof clientOfAccount = (url, more) => {
  let questions = 0;
  return clientOfAccount(url, { questionNumber: () => ++questions, now: () => new Date('2026-06-10T10:00:00Z'), ...more });
};

async function withoutCvvInPort<Server>(start: () => Promise<Server>, urlOf: (server: Server) => string): Promise<Server> {
  const server = await start();
  return urlOf(server).includes(CVV) ? withoutCvvInPort(start, urlOf) : server;
}

const startServer: typeof startAnyServer = (handle) =>
  withoutCvvInPort(
    () => startAnyServer(handle),
    ({ url }) => url,
  );
const startSimulator: typeof startAnySimulator = (options) =>
  withoutCvvInPort(
    () => startAnySimulator(options),
    ({ url }) => url,
  );
const unreachableUrl: typeof anyUnreachableUrl = () => withoutCvvInPort(anyUnreachableUrl, (url) => url);

function shownBy(value: unknown): string {
  const texts = [
    inspect(value, { depth: 10 }),
    inspect(value, { depth: 10, compact: false, showHidden: true }),
    String(value),
    JSON.stringify(value),
  ];
  if (value instanceof Error)
    texts.push(value.stack ?? '', value.message, JSON.stringify(Object.getOwnPropertyNames(value)), inspect(value.cause));
  return texts.join('\n');
}

function expectNoSecret(value: unknown, further: readonly string[] = []): void {
  const shown = shownBy(value);
  for (const secret of [...NUMBERS, CVV, KEY, TEST_HMAC_KEY, ...further]) expect(shown).not.toContain(secret);
}

const order = (number: string) => ({ amount: minorUnits(1000, 'EUR'), reference: 'S-1', card: { number, expiry: '1299', cvv: CVV } });

/** Starts a server that repeats the variables it receives in its response. */
const startEchoServer = (status: number, type: string, write: (received: ReceivedVariables, body: Buffer) => string | Uint8Array) =>
  startServer((received, body, response) => {
    response.writeHead(status, { 'Content-Type': type, 'X-Echo': received.PORTEUR ?? '' });
    response.end(write(received, body));
  });

const replyWithSecrets = (
  { SITE = '', RANG = '', NUMQUESTION = '', PORTEUR = '', CVV: cvv = '', CLE = '' }: ReceivedVariables,
  more: object = {},
) =>
  encodeReply({
    NUMTRANS: '0000000001',
    NUMAPPEL: '0000000001',
    SITE,
    RANG,
    NUMQUESTION,
    CODEREPONSE: '00004',
    COMMENTAIRE: `PAYBOX : ${PORTEUR} ${CLE}`,
    PORTEUR,
    REFABONNE: `${PORTEUR} ${cvv.length}`,
    ...more,
  });

async function everythingShownBy(act: (client: Client) => Promise<unknown>, url: string): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (const key of [{}, { cle: undefined, hmacKey: TEST_HMAC_KEY }]) {
    const log = (event: ClientEvent): void => void seen.push(event);
    const trace = async (exchange: unknown, work: () => Promise<void>): Promise<void> => {
      seen.push(exchange);
      await work();
    };
    const client = clientOf(url, { ...key, timeout: 300, log, trace } as never);
    seen.push(client, client.subscribers);
    seen.push(await act(client).catch((error: unknown) => error));
  }
  return seen;
}

test.each(NUMBERS)('client, outcomes, replies and events of a payment by card %s show no secret', async (number) => {
  const { url } = await startSimulator();
  for (const seen of await everythingShownBy((client) => client.pay(order(number), { extra: { DATENAISS: '01011970' } }), url))
    expectNoSecret(seen);
});

test('the addresses of a 3-D Secure 2 authentication are not shown', async () => {
  const { url } = await startSimulator();
  const extra = {
    ADRESSEIPAUTHENT: '192.0.2.77',
    ADRESSEPORTEUR: '1 rue de la Paix',
    CODEPOSTALPORTEUR: '75917',
    ADRESSELIVRAISON: '2 rue de la Paix',
    CODEPOSTALLIVRAISON: '75918',
  };
  for (const seen of await everythingShownBy((client) => client.pay(order(NUMBERS[0]), { extra }), url))
    expectNoSecret(seen, Object.values(extra));
});

test.each(NUMBERS)('the client does not show the card %s when a server repeats it', async (number) => {
  const servers = [
    await startEchoServer(200, 'text/html', (received) => replyWithSecrets(received)),
    await startEchoServer(200, 'text/html', (received) => replyWithSecrets(received, { CODEREPONSE: '00000' })),
    await startEchoServer(200, 'text/html', (received) =>
      replyWithSecrets(received, { SITE: received.PORTEUR, RANG: received.CLE ?? 'x' }),
    ),
    await startEchoServer(500, 'text/html', (_, body) => `<html>${body}</html>`),
    await startEchoServer(200, 'text/html', (_, body) => body),
  ];
  for (const { url } of servers)
    for (const seen of await everythingShownBy((client) => client.pay(order(number)), url)) expectNoSecret(seen);
});

test('transport errors show no secret', async () => {
  const silent = await startServer(() => {});
  const closing = await startServer((_, __, response) => void response.socket?.destroy());
  for (const url of [silent.url, closing.url, await unreachableUrl()])
    for (const seen of await everythingShownBy((client) => client.pay(order(NUMBERS[0])), url)) expectNoSecret(seen);
});

test('the client does not show a request that fetch repeats in its errors', async () => {
  const fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
    const body = new TextDecoder().decode(init?.body as Uint8Array<ArrayBuffer>);
    throw Object.assign(new TypeError(`failed: ${body.split('&CVV')[0]}`), {
      request: body,
      cause: Object.assign(new Error(body.split('&CVV')[0]), { body }),
    });
  };
  for (const seen of await everythingShownBy((client) => client.send('pay', { PORTEUR: NUMBERS[1], CVV }), 'http://localhost'))
    expectNoSecret(seen);
  const failed = await clientOf('http://localhost', { fetch: fetch as never }).pay(order(NUMBERS[1]));
  expectNoSecret(failed);
  expectNoSecret(expectKind(failed, 'unknown').error);
});

test.each([
  ['a form', (body: string) => body],
  ['a percent-encoded form', (body: string) => encodeURIComponent(body)],
  ['JSON', (body: string) => JSON.stringify(Object.fromEntries(new URLSearchParams(body)))],
  ['JSON inside JSON', (body: string) => JSON.stringify(JSON.stringify(Object.fromEntries(new URLSearchParams(body))))],
])('the client does not show short secrets when an error of fetch quotes its request as %s', async (_, quote) => {
  const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    const quoted = quote(new TextDecoder().decode(init?.body as Uint8Array<ArrayBuffer>));
    throw Object.assign(new TypeError(`failed: ${quoted}`), { cause: new Error(quoted) });
  };
  const card = { number: NUMBERS[1], expiry: '1249', cvv: CVV };
  const failed = await clientOf('http://localhost', { fetch: fetch as never }).pay(
    { ...order(NUMBERS[1]), card },
    { extra: { DATENAISS: '31121970' } },
  );
  const { error } = expectKind(failed, 'unknown');
  expect(inspect(error?.cause)).toContain('PORTEUR');
  for (const value of [failed, error, error?.cause]) expectNoSecret(value, ['1249', '31121970']);
});

test('a MisuseError does not show the wrong value', async () => {
  const client = clientOf('http://localhost');
  const misuses = [
    { ...order(NUMBERS[0]), card: NUMBERS[0] },
    { ...order(NUMBERS[0]), amount: NUMBERS[0] },
    { ...order(NUMBERS[0]), reference: NUMBERS[0].repeat(20) },
    { ...order(NUMBERS[0]), card: { number: Number(NUMBERS[0]), expiry: '1299', cvv: CVV } },
  ];
  for (const misuse of misuses) expectNoSecret(await client.pay(misuse as never).catch((error: unknown) => error));
});

test("a subscriber's token is shown only by the property that holds it", async () => {
  const { url } = await startSimulator();
  const events: ClientEvent[] = [];
  const client = clientOf(url, { log: (event) => void events.push(event) });
  const card = { number: NUMBERS[0], expiry: '1299' };
  const outcome = await client.subscribers.register({ amount: minorUnits(0, 'EUR'), subscriber: 'S-2', card }, { ask: ['cardSha1'] });
  const { token, cardSha1, reply } = expectKind(outcome, 'approved');
  expect(token).toMatch(/^[A-Za-z]{11}$/);
  expect(reply.get('PORTEUR')).toBe(token);
  for (const seen of [outcome, reply, ...events]) expectNoSecret(seen, [String(token), String(cardSha1)]);
  const pay = { amount: minorUnits(1, 'EUR'), reference: 'S-3', subscriber: 'S-2', card: { token: String(token), expiry: '1299' } };
  expectKind(await client.subscribers.pay(pay), 'approved');
  for (const seen of events) expectNoSecret(seen, [String(token)]);
});

test('digits of a short or malformed card number are not hidden in a longer number', async () => {
  const { url } = await startEchoServer(200, 'text/html', (received) =>
    replyWithSecrets(received, { COMMENTAIRE: 'PAYBOX : order 9123456789 of 1211112222333345', REFABONNE: '' }),
  );
  for (const PORTEUR of ['12', '12345678', '11112222333']) {
    const reply = await clientOf(url).send('pay', { PORTEUR, MONTANT: '9123456789', REFERENCE: '9123456789' }, {});
    expect(reply.toJSON()).toMatchObject({ COMMENTAIRE: 'PAYBOX : order 9123456789 of 1211112222333345' });
  }
});
