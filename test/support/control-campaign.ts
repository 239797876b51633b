import { expect } from 'vitest';
import { decodeReply, encodeForm } from '../../contracts/index.js';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../simulator/index.js';
import type { Random } from '../endurance/random.js';
import { withAuthentications } from './authentications.js';
import { withCheckouts } from './checkouts.js';
import { INSPECTOR_PATHS } from './inspector-paths.js';
import { HEAD, HOSTED, NOON, numbersOf, PAY, type Variables } from './question.js';

// biome-ignore lint/suspicious/noExplicitAny: JSON of any shape
type Json = any;

/** Values that are likely to reveal errors. */
const DIFFICULT: readonly (() => Json)[] = [
  ...[0, -1, 1, 2.5, 1e21, -1e21, 1e308, 2 ** 31, 2 ** 53, 9_999_999_999, 1e10, 8.64e15, -8.64e15, 8.65e15, 5e-324].map(
    (value) => () => value,
  ),
  ...[
    '',
    ' ',
    '0',
    '-1',
    '0000000000',
    '9999999999',
    '1e21',
    '00000',
    '00097',
    'ZZZZZ',
    'a\nb',
    'a\0b',
    '\ud800',
    '__proto__',
    'constructor',
  ].map((value) => () => value),
  ...['x'.repeat(3000), '&=%', '<b>', '2026-06-10', '+275760-09-13', '-271821-04-20T00:00Z', 'P1D', 'P999999Y', '-P9D', '漢字'].map(
    (value) => () => value,
  ),
  ...['^(a+)+$', '(', '{"value":9e15,"frozen":true}', '{"value":-1e300}', '1999888/032', '978', '00105'].map((value) => () => value),
  ...[null, true, false].map((value) => () => value),
  ...[
    () => [],
    () => ({}),
    () => [null],
    () => [[]],
    () => ({ pattern: '^(a+)+$' }),
    () => ({ present: 'yes' }),
    () => JSON.parse('{"__proto__":{"a":1}}'),
  ],
];

/** Returns a place in a JSON value: a container and one of its keys. */
function randomPlace(value: Json, random: Random): { readonly parent: Json; readonly key: string | number } | undefined {
  let place: { readonly parent: Json; readonly key: string | number } | undefined;
  let node = value;
  while (typeof node === 'object' && node !== null) {
    const keys = Array.isArray(node) ? [...node.keys()] : Object.keys(node);
    if (keys.length === 0 || (place !== undefined && random.onceIn(4))) break;
    place = { parent: node, key: random.pick(keys as (string | number)[]) };
    node = node[place.key];
  }
  return place;
}

function insertBeside(parent: Json, key: string | number, inserted: Json): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 0, inserted);
  else parent[`${key}x`] = inserted;
}

function nudged(value: Json, random: Random): Json {
  if (typeof value === 'number') return value + random.pick([-1, 1, 0.5, 1000, -1000, value]);
  if (typeof value !== 'string') return random.pick(DIFFICULT)();
  if (/^\d+$/.test(value)) return String(BigInt(value) + BigInt(random.pick([1, 10, 1000]))).padStart(value.length, '0');
  return value.slice(0, random.below(value.length + 1)) + random.pick(['', 'x', '\n', '9', '\u00e9']);
}

type Mutation = (parent: Json, key: string | number, random: Random) => void;

const MUTATIONS: readonly Mutation[] = [
  (parent, key, random) => {
    parent[key] = random.pick(DIFFICULT)();
  },
  (parent, key, random) => {
    parent[key] = nudged(parent[key], random);
  },
  (parent, key) => {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  },
  (parent, key) => insertBeside(parent, key, structuredClone(parent[key])),
  (parent, key, random) => {
    const keys = Object.keys(parent);
    const other = random.pick(keys);
    [parent[key], parent[other]] = [parent[other], parent[key]];
  },
  (parent, key, random) => insertBeside(parent, key, random.pick(DIFFICULT)()),
];

/** Returns a copy of a JSON value with one to three mutations at random places. */
function mutated(value: Json, random: Random): Json {
  const copy = structuredClone(value);
  for (let changes = random.pick([1, 1, 2, 3]); changes > 0; changes--) {
    const place = randomPlace(copy, random);
    if (place) random.pick(MUTATIONS)(place.parent, place.key, random);
  }
  return copy;
}

/** Most of a snapshot is its content, so half of the mutations are made there, and some in its authentications and checkouts, which have the most checks. */
function mutatedBody({ path, body }: { readonly path: string; readonly body?: Json }, random: Random): Json {
  if (path !== '/snapshot' || random.onceIn(2)) return mutated(body, random);
  const list = random.pick(['authentications', 'checkouts', undefined, undefined]);
  if (list) return { ...body, content: { ...body.content, [list]: mutated(body.content[list], random) } };
  return { ...body, content: mutated(body.content, random) };
}

/** A valid request of each kind: the mutations start from it. */
const REQUESTS: readonly { readonly method: string; readonly path: string; readonly body?: Json }[] = [
  {
    method: 'POST',
    path: '/payments',
    body: { ...HOSTED, PORTEUR: '1111222233334444', TYPECARTE: 'VISA', PAYS: 'FRA', at: '2026-06-01T12:00', DIFFERE: 2 },
  },
  { method: 'POST', path: '/payments', body: { ...HOSTED, status: 'authorized', NUMTRANS: '1000009', NUMAPPEL: '50000009' } },
  {
    method: 'POST',
    path: '/rules',
    body: {
      id: 'new',
      match: { REFERENCE: { pattern: '^order' }, TYPE: 'pay', MONTANT: ['1', '2'] },
      payment: { REFERENCE: 'x' },
      answer: '00105',
      times: 1,
      probability: 0.5,
      seed: 3,
    },
  },
  {
    method: 'POST',
    path: '/rules',
    body: {
      match: { PORTEUR: { present: true } },
      from: 2,
      fault: { processed: 'twice', echo: { NUMQUESTION: '1' }, delay: { min: 0, max: 1 }, reply: 'half' },
    },
  },
  {
    method: 'PUT',
    path: '/accounts/1999888/32',
    body: {
      CLE: '1999888I',
      ceiling: 5000,
      authorizationDays: 3,
      acceptedBins: ['1'],
      acceptedCountries: ['FRA'],
      id3d: { 1: 'failed' },
      variants: { captureNumbers: 'new' },
    },
  },
  {
    method: 'PUT',
    path: '/accounts/7654321/1',
    body: {
      CLE: 'SECRET',
      IDENTIFIANT: '2',
      hmacKey: '0123456789ABCDEF'.repeat(8),
      auth: 'either',
      answer: '00105',
      questionNumbers: 'per-day',
    },
  },
  { method: 'PUT', path: '/clock', body: { now: '2026-03-28T12:00', frozen: true } },
  { method: 'POST', path: '/clock/advance', body: { by: 'P1D' } },
  { method: 'POST', path: '/clock/remit' },
  { method: 'POST', path: '/seed', body: { payments: 3, seed: 5, days: 3 } },
];

const LISTS = ['/journal?limit=1000', '/payments?limit=1000', '/subscribers', '/rules', '/accounts', '/clock'];
const PAGES = [...INSPECTOR_PATHS, '?q=order'];

/** One simulator of the campaign; its storage is opened again by {@link Bench.restart}. */
class Bench {
  readonly #options: SimulatorOptions;
  #simulator: Simulator;
  #asked = 0;

  constructor(options: SimulatorOptions) {
    this.#options = options;
    this.#simulator = createSimulator(options);
  }

  async send(method: string, path: string, body?: Json): Promise<{ readonly status: number; readonly text: string }> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await this.#simulator.fetch(new Request(`http://localhost${path}`, init));
    return { status: response.status, text: await response.text() };
  }

  /** Calls the control API. Throws if the response is an error of the server. */
  async control(method: string, path: string, body?: Json): Promise<{ readonly status: number; readonly body: Json }> {
    const { status, text } = await this.send(method, `/_sim${path}`, body);
    if (status >= 500) throw new Error(`${method} ${path} was answered ${status}: ${text}`);
    return { status, body: text === '' ? undefined : JSON.parse(text) };
  }

  async ask(variables: Variables): Promise<Variables> {
    const body = encodeForm(Object.entries({ ...HEAD, NUMQUESTION: String(2_000_000_000 + ++this.#asked), ...variables }));
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const response = await this.#simulator.fetch(new Request('http://localhost/PPPS.php', { method: 'POST', body, headers }));
    return Object.fromEntries(decodeReply(new Uint8Array(await response.arrayBuffer())));
  }

  async restart(): Promise<void> {
    await this.#simulator.close();
    this.#simulator = createSimulator(this.#options);
    await this.#simulator.gateway.ready();
  }

  close(): Promise<void> {
    return this.#simulator.close();
  }
}

/** Makes a gateway that holds something of everything, and returns its snapshot. */
async function populated(bench: Bench): Promise<Json> {
  await bench.control('PUT', '/clock', { now: NOON, frozen: true });
  await bench.control('PUT', '/accounts/1999888/32', {
    variants: { refundNumbers: 'new', captureNumbers: 'newTransaction' },
    oneCardADay: false,
  });
  const authorized = await bench.ask({ ...PAY, TYPE: '00001' });
  const later = { DEVISE: '978', ...numbersOf(authorized) };
  await bench.ask({ ...later, TYPE: '00013', MONTANT: '900' });
  await bench.ask({ ...later, TYPE: '00002', MONTANT: '800' });
  await bench.ask({ ...later, TYPE: '00014', MONTANT: '300' });
  const cancelled = await bench.ask({ ...PAY, REFERENCE: 'order-2' });
  await bench.ask({ TYPE: '00005', MONTANT: '1000', DEVISE: '978', ...numbersOf(cancelled) });
  await bench.ask({ ...PAY, TYPE: '00004', REFERENCE: 'credit' });
  await bench.ask({ ...PAY, MONTANT: '9900105', REFERENCE: 'refused' });
  await bench.ask({ ...PAY, TYPE: '00056', REFABONNE: 'alice' });
  await bench.ask({ ...PAY, PORTEUR: 'bad' });
  await bench.control('POST', '/payments', HOSTED);
  await bench.control('POST', '/rules', {
    id: 'unlucky',
    match: { REFERENCE: { pattern: '^unlucky' }, MONTANT: ['1', '2'] },
    answer: '00151',
  });
  await bench.send('POST', '/ppps.php', undefined);
  const { body: snapshot } = await bench.control('GET', '/snapshot');
  expect((await bench.control('PUT', '/snapshot', withCheckouts(withAuthentications(snapshot)))).status).toBe(204);
  return (await bench.control('GET', '/snapshot')).body;
}

/** Checks that the gateway works: it answers, lists, shows, can be saved and restored. */
async function checkWorks(bench: Bench, random: Random): Promise<void> {
  const { rules } = (await bench.control('GET', '/rules')).body;
  // A rule with a fault may close connections, which is not a failure of the gateway.
  for (const { id, fault } of rules) if (fault !== undefined) await bench.control('DELETE', `/rules/${encodeURIComponent(id)}`);
  const replies = [await bench.ask(PAY), await bench.ask({ ...PAY, TYPE: '00001', MONTANT: '300' })];
  for (const reply of replies) expect(reply.CODEREPONSE).not.toBe('00003');
  const numbers = replies.filter(({ NUMTRANS = '0' }) => Number(NUMTRANS) > 0).map(numbersOf);
  for (const path of LISTS) expect((await bench.control('GET', path)).status, path).toBe(200);
  // One of the pages and not all: rendering them takes most of the time.
  const page = random.pick(PAGES);
  expect((await bench.send('GET', `/_sim/${page}`)).status, page).toBeLessThan(500);
  const { body: snapshot } = await bench.control('GET', '/snapshot');
  for (const { NUMTRANS, NUMAPPEL } of numbers) {
    expect(NUMTRANS).toMatch(/^\d{10}$/);
    const holders = snapshot.content.payments.filter(({ transactions }: Json) =>
      transactions.some((one: Json) => one.NUMTRANS === NUMTRANS || one.NUMAPPEL === NUMAPPEL),
    );
    expect(holders.length, `payments with NUMTRANS ${NUMTRANS} or NUMAPPEL ${NUMAPPEL}`).toBe(1);
    const ids = snapshot.content.authentications.map(({ ID3D }: Json) => ID3D.slice(3));
    expect(ids, 'the numbers of ID3Ds').not.toContain(NUMTRANS);
    const checkouts = snapshot.content.checkouts.map(({ id }: Json) => id);
    expect(checkouts, 'the numbers of checkouts').not.toContain(NUMTRANS);
  }
  expect(await bench.control('PUT', '/snapshot', snapshot)).toEqual({ status: 204, body: undefined });
}

async function checkReset(bench: Bench): Promise<void> {
  expect((await bench.control('POST', '/reset')).status).toBe(204);
  const head = { DATEQ: HEAD.DATEQ ?? '' };
  expect((await bench.ask({ ...PAY, ...head })).CODEREPONSE).toBe('00000');
}

/**
 * Sends mutated requests to the control API: snapshots, and the body of every other route. After each that was accepted, the gateway must
 * answer questions, list, show its pages, be saved and restored, be opened again, and be reset. A request that was refused must say where
 * the fault is.
 *
 * @param isRestarted whether the storage outlives the simulator
 */
export async function runControlCampaign(
  options: SimulatorOptions,
  count: number,
  random: Random,
  isRestarted: boolean,
): Promise<{ readonly accepted: number; readonly refused: number }> {
  const counts = { accepted: 0, refused: 0 };
  const bench = new Bench(options);
  try {
    const snapshot = await populated(bench);
    for (let n = 0; n < count; n++) {
      expect((await bench.control('PUT', '/snapshot', snapshot)).status).toBe(204);
      const original = random.onceIn(3) ? random.pick(REQUESTS) : { method: 'PUT', path: '/snapshot', body: snapshot };
      const body = original.body === undefined ? undefined : mutatedBody(original, random);
      const request = `${n}: ${original.method} ${original.path} ${original.path === '/snapshot' ? difference(snapshot, body) : JSON.stringify(body)}`;
      try {
        const { status, body: answer } = await bench.control(original.method, original.path, body);
        if (status >= 400) {
          counts.refused++;
          expect(answer.error).toMatch(/\S/);
          continue;
        }
        counts.accepted++;
        await checkWorks(bench, random);
        if (isRestarted) {
          await bench.restart();
          await checkWorks(bench, random);
        }
        await checkReset(bench);
      } catch (cause) {
        throw new Error(`${request}\n${(cause as Error).message}`, { cause });
      }
    }
  } finally {
    await bench.close();
  }
  return counts;
}

/** The first lines in which two JSON values differ, with their paths. */
function difference(before: Json, after: Json, path = ''): string {
  if (JSON.stringify(before) === JSON.stringify(after)) return '';
  const isContainer = (value: Json): boolean => typeof value === 'object' && value !== null;
  if (!isContainer(before) || !isContainer(after))
    return `${path}: ${JSON.stringify(before)?.slice(0, 80)} → ${JSON.stringify(after)?.slice(0, 80)}; `;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((key) => difference(before[key], after[key], `${path}/${key}`))
    .join('')
    .slice(0, 600);
}
