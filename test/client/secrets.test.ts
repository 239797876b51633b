import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { type Client, type ClientEvent, minorUnits } from '../../client/index.js';
import { encodeReply, TEST_HMAC_KEY } from '../../contracts/index.js';
import { ACCOUNT, type Asked, clientOf, deadUrl, expectKind, stage, startSimulator } from './support.js';

// Neither number ends in its Luhn digit in every case, so that masking by the Luhn check alone would miss one.
const NUMBERS = ['1111222233334444', '1111222233334445'] as const;
const CVV = '7391';
const KEY = ACCOUNT.cle;

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

/** Repeats everything it was sent, in every way a server could. */
const parrot = (status: number, type: string, write: (asked: Asked, body: Buffer) => string | Uint8Array) =>
  stage((asked, body, response) => {
    response.writeHead(status, { 'Content-Type': type, 'X-Echo': asked.PORTEUR ?? '' });
    response.end(write(asked, body));
  });

const gossip = ({ SITE = '', RANG = '', NUMQUESTION = '', PORTEUR = '', CVV: cvv = '', CLE = '' }: Asked, more: object = {}) =>
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

async function everythingThat(act: (client: Client) => Promise<unknown>, url: string): Promise<unknown[]> {
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

test.each(NUMBERS)('client, outcomes, replies and events of a payment by %s show no secret', async (number) => {
  const { url } = await startSimulator();
  for (const seen of await everythingThat((client) => client.pay(order(number), { extra: { DATENAISS: '01011970' } }), url))
    expectNoSecret(seen);
});

test.each(NUMBERS)('a server that repeats the card %s does not get it into what the client shows', async (number) => {
  const stages = [
    await parrot(200, 'text/html', (asked) => gossip(asked)),
    await parrot(200, 'text/html', (asked) => gossip(asked, { CODEREPONSE: '00000' })),
    await parrot(200, 'text/html', (asked) => gossip(asked, { SITE: asked.PORTEUR, RANG: asked.CLE ?? 'x' })),
    await parrot(500, 'text/html', (_, body) => `<html>${body}</html>`),
    await parrot(200, 'text/html', (_, body) => body),
  ];
  for (const { url } of stages) for (const seen of await everythingThat((client) => client.pay(order(number)), url)) expectNoSecret(seen);
});

test('transport errors show no secret', async () => {
  const silent = await stage(() => {});
  const rude = await stage((_, __, response) => void response.socket?.destroy());
  for (const url of [silent.url, rude.url, await deadUrl()])
    for (const seen of await everythingThat((client) => client.pay(order(NUMBERS[0])), url)) expectNoSecret(seen);
});

test('a fetch that tells its request in its errors does not get it out', async () => {
  const fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
    const body = new TextDecoder().decode(init?.body as Uint8Array<ArrayBuffer>);
    throw Object.assign(new TypeError(`failed: ${body.split('&CVV')[0]}`), {
      request: body,
      cause: Object.assign(new Error(body.split('&CVV')[0]), { body }),
    });
  };
  for (const seen of await everythingThat((client) => client.send('pay', { PORTEUR: NUMBERS[1], CVV }), 'http://localhost'))
    expectNoSecret(seen);
  const failed = await clientOf('http://localhost', { fetch: fetch as never }).pay(order(NUMBERS[1]));
  expectNoSecret(failed);
  expectNoSecret(expectKind(failed, 'unknown').error);
});

test.each([
  ['a form', (body: string) => body],
  ['a form that is encoded itself', (body: string) => encodeURIComponent(body)],
  ['JSON', (body: string) => JSON.stringify(Object.fromEntries(new URLSearchParams(body)))],
  ['JSON within JSON', (body: string) => JSON.stringify(JSON.stringify(Object.fromEntries(new URLSearchParams(body))))],
])('a fetch that quotes its request as %s does not get out what is short', async (_, quote) => {
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

test('misuse tells what is wrong, not the value', async () => {
  const client = clientOf('http://localhost');
  const misuses = [
    { ...order(NUMBERS[0]), card: NUMBERS[0] },
    { ...order(NUMBERS[0]), amount: NUMBERS[0] },
    { ...order(NUMBERS[0]), reference: NUMBERS[0].repeat(20) },
    { ...order(NUMBERS[0]), card: { number: Number(NUMBERS[0]), expiry: '1299', cvv: CVV } },
  ];
  for (const misuse of misuses) expectNoSecret(await client.pay(misuse as never).catch((error: unknown) => error));
});

test("a subscriber's token is there for whoever names it, and nowhere else", async () => {
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
