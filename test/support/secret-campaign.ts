import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exchangeJson, exchangeLine } from '../../cli/exchange-line.js';
import { encodeForm, luhnDigit, percentDecode } from '../../contracts/index.js';
import { createSimulator, type Simulator } from '../../simulator/index.js';
import type { Random } from '../endurance/random.js';
import { CARD, HEAD, NOON, type Variables } from './question.js';
import { tempFolder } from './temp-folder.js';

/** First digits and lengths of card numbers. */
const SCHEMES: readonly (readonly [prefix: string, length: number])[] = [
  ['4539', 16],
  ['4222', 13],
  ['4917', 19],
  ['5412', 16],
  ['2223', 16],
  ['3714', 15],
  ['3056', 14],
  ['3612', 14],
  ['3530', 16],
  ['6759', 12],
  ['5018', 14],
  ['6763', 18],
  ['6011', 16],
  ['6225', 19],
  ['111122', 16],
];

/** A CVV with four digits. No count of the simulator reaches it, and nothing else that is sent contains it. */
const CVV = '9731';
const CVV_IN_TEXT = /(?<!\d)9731(?!\d)/;

function makeCard([prefix, length]: (typeof SCHEMES)[number], random: Random): string {
  let body = prefix;
  while (body.length < length - 1) body += random.below(10);
  const card = body + luhnDigit(body);
  // The digits of a card number that are shown must not be those of the CVV.
  return card.includes(CVV) ? makeCard([prefix, length], random) : card;
}

const groups = (card: string, separator: string): string => card.replace(/\d{4}(?=\d)/g, `$&${separator}`);

/** How a card number is written. */
const CARD_CARRIERS: readonly ((card: string) => string)[] = [
  (card) => card,
  (card) => groups(card, ' '),
  (card) => groups(card, '-'),
  (card) => groups(card, '.'),
  (card) => groups(card, '/'),
  (card) => groups(card, '_'),
  (card) => groups(card, '  '),
  (card) => groups(card, '\u00a0'),
  (card) => groups(card, '\u202f'),
  (card) => groups(card, ' - '),
  ...['\n', '\r\n', ':', '|', ';', '*', '    ', '","', ' -- '].map((separator) => (card: string) => groups(card, separator)),
  (card) => card.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
  (card) => card.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit))),
  (card) => `ORDER 42 ${card}`,
  (card) => `12-${card}`,
  (card) => `${card}-1`,
  (card) => `7${card}`,
  (card) => `${card}88`,
  (card) => `x${card}y`,
  (card) => `{"pan":"${card}"}`,
];

interface HttpRequest {
  readonly method?: string;
  readonly path: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly type?: string;
  /** Whether the response shows what was stored or refused. The gateway's own replies repeat what was sent. */
  readonly isShown?: boolean;
}

const FORM = 'application/x-www-form-urlencoded';
const PAYMENT: Variables = { ...HEAD, ...CARD, NUMQUESTION: '1', TYPE: '00003', MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1' };

const question = (variables: Variables): HttpRequest => ({
  path: '/PPPS.php',
  type: FORM,
  body: encodeForm(Object.entries({ ...PAYMENT, ...variables })),
});
const control = (method: string, path: string, body?: unknown): HttpRequest => ({
  method,
  path: `/_sim/${path}`,
  isShown: true,
  ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
});
const page = (path: string): HttpRequest => control('GET', path);

const VARIABLES = [
  ...['REFERENCE', 'REFABONNE', 'ARCHIVAGE', 'AUTORISATION', 'ACQUEREUR', 'IDENTIFIANT', 'DATENAISS', '3DXID', 'SHOPPINGCART', 'PORTEUR'],
  ...['NUMQUESTION', 'SITE', 'MONTANT', 'VERSION', 'TYPE', 'DATEQ', 'HMAC', 'note', 'order_id', 'data[PORTEUR]', 'card'],
];

let imported = 0;
const hosted = (more: object): object => ({
  ...{ SITE: '1999888', RANG: '32', NUMTRANS: String(5_000_000 + ++imported), NUMAPPEL: '43', MONTANT: 1000, DEVISE: '978' },
  ...{ REFERENCE: 'hosted', status: 'captured', ...more },
});
const rule = (more: object): HttpRequest => control('POST', 'rules', { answer: '00105', match: { REFERENCE: 'never' }, ...more });

/** Where a text can be put. */
const PLACES: readonly ((text: string) => HttpRequest)[] = [
  ...VARIABLES.map((name) => (text: string) => question({ [name]: text })),
  (text) => question({ [text]: 'x' }),
  (text) => question({ TYPE: '00056', REFABONNE: text, PORTEUR: text }),
  (text) => ({ path: '/PPPS.php', type: 'application/json', body: JSON.stringify({ TYPE: '00003', PORTEUR: text }) }),
  (text) => ({ path: '/PPPS.php', type: 'text/plain', body: `REFERENCE order-1, card ${text}` }),
  (text) => ({ ...question({}), type: `${FORM}; boundary=${encodeURIComponent(text)}` }),
  (text) => ({ ...question({}), type: `application/${text.replace(/[^\d]/g, '-')}` }),
  (text) => ({ method: 'POST', path: `/ppps/${encodeURIComponent(text)}`, body: 'x' }),
  (text) => ({ method: 'GET', path: `/PPPS.php?${new URLSearchParams({ ...PAYMENT, REFERENCE: text })}` }),
  (text) => ({ ...question({}), path: `/s/${encodeURIComponent(text)}/PPPS.php` }),
  (text) => control('GET', `rules/${encodeURIComponent(text)}`),
  (text) => control('GET', `payments/${encodeURIComponent(text)}`),
  (text) => control('GET', `${encodeURIComponent(text)}`),
  (text) => control('GET', `journal?${new URLSearchParams({ before: text })}`),
  (text) => control('GET', `journal?${new URLSearchParams({ [text]: '1' })}`),
  (text) => control('POST', 'payments', `{"REFERENCE": ${text}`),
  (text) => control('POST', 'payments', hosted({ REFERENCE: text })),
  (text) => control('POST', 'payments', hosted({ TYPECARTE: text })),
  (text) => control('POST', 'payments', hosted({ at: text })),
  (text) => control('POST', 'payments', hosted({ [text]: 'x' })),
  (text) => control('PUT', 'clock', { now: text }),
  (text) => control('DELETE', `sessions/${encodeURIComponent(text)}`),
  (text) => rule({ id: text.replace(/[^\w.-]/g, '-') }),
  (text) => rule({ match: { REFERENCE: text } }),
  (text) => rule({ match: { REFERENCE: [text, 'never'] } }),
  (text) => rule({ match: { PORTEUR: text } }),
  (text) => rule({ match: { REFERENCE: { pattern: text.replace(/[{}]/g, '') } } }),
  (text) => rule({ payment: { REFERENCE: text } }),
  (text) => rule({ answer: { code: '00105', comment: text } }),
  (text) => rule({ answer: text }),
  (text) => rule({ fault: { echo: { NUMQUESTION: text } } }),
  (text) => page(`?${new URLSearchParams({ q: text })}`),
  (text) => page(`ui/payments?${new URLSearchParams({ q: text, lang: text })}`),
  (text) => page(`ui/payments/${encodeURIComponent(text)}`),
  (text) => page(`ui/try?${new URLSearchParams({ REFERENCE: text })}`),
  (text) => page(`ui/rules?${new URLSearchParams({ REFERENCE: text, comment: text })}`),
];

/** Names of secrets that are no card numbers. */
const SECRET_NAMES = [
  ...['CVV', 'cvv', 'CVVCode', 'CVV2', 'CVC2', 'CSC', 'cardCvv', 'CRYPTOGRAMME', 'cryptogramme_visuel', 'securityCode', 'card[cvc]'],
  ...['CLE', 'cle', 'HMACKEY', 'hmacKey', 'data[CLE]'],
];

const multipart = (part: (name: string, value: string) => string) => (name: string, value: string) =>
  ['TYPE=00003', `${name}=${value}`, 'REFERENCE=order-1'].map((pair) => part(...(pair.split('=') as [string, string]))).join('') +
  '--b--\r\n';

const php = (text: string): string => `s:${text.length}:"${text}";`;

/** How a program writes a variable into a body. */
const BODIES: readonly ((name: string, value: string) => string)[] = [
  (name, value) => JSON.stringify({ TYPE: '00003', [name]: value, REFERENCE: 'order-1' }),
  (name, value) => JSON.stringify({ [name]: { value } }, undefined, 2),
  (name, value) => JSON.stringify(JSON.stringify({ [name]: value })),
  (name, value) => JSON.stringify({ body: JSON.stringify(JSON.stringify({ [name]: value })) }),
  multipart((name, value) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
  // OkHttp
  multipart(
    (name, value) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Length: ${value.length}\r\n\r\n${value}\r\n`,
  ),
  // Apache HttpClient
  multipart(
    (name, value) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: text/plain; charset=ISO-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${value}\r\n`,
  ),
  (name, value) => `<q><TYPE>00003</TYPE><${name}>${value}</${name}></q>`,
  (name, value) => `<q><${name} xsi:type="xsd:string" length="4">${value}</${name}><REFERENCE>order-1</REFERENCE></q>`,
  (name, value) => `<q><field name="${name}" value="${value}"/></q>`,
  (name, value) => `a:2:{${php('TYPE')}${php('00003')}${php(name)}${php(value)}}`,
  (name, value) => `${name}: ${value}\n`,
  (name, value) => `Array\n(\n    [${name}] => ${value}\n)\n`,
];

/** What assigns a value to a name. */
const OPERATORS = [' == ', ' := ', '->', ' => ', '[]=', '[0]=', '%3D', '%253D', '&#61;', ' type="x">'];

/** What stands between the name of a CVV and its digits. An order may be `CSC-1234`, so no dash is among these. */
const GAPS = [' ', ' is ', '#', '|', '/'];

/** Names that look like those of a cart or a page, and may be those of a card. */
const DOUBTFUL_NAMES = ['CARTNUM', 'CARTNO', 'CARTNUMBER', 'CARTID', 'cart_no', 'LANG', 'SOURCE'];

const isDigits = (value: string): boolean => /^\d+$/.test(value);

/** Where a variable with the name of a secret can be put. */
const SECRET_PLACES: readonly ((name: string, value: string) => HttpRequest)[] = [
  (name, value) => question({ [name]: value }),
  (name, value) => question({ TYPE: '00017', [name]: value }),
  (name, value) => ({ path: '/PPPS.php', type: FORM, body: encodeForm([[name, value]]) }),
  (name, value) => question({ REFERENCE: `${name}=${value}` }),
  (name, value) => question({ REFABONNE: JSON.stringify({ [name]: value }) }),
  (name, value) => rule({ answer: { code: '00105', comment: `${name}=${value}` } }),
  (name, value) => control('POST', 'payments', hosted({ REFERENCE: `${name}: ${value}` })),
  (name, value) => control('GET', `journal?${new URLSearchParams({ before: `${name}=${value}` })}`),
  (name, value) => control('POST', 'payments', `{"${name}": "${value}`),
  (name, value) => page(`?${new URLSearchParams({ q: `${name}=${value}` })}`),
  (name, value) => ({ method: 'POST', path: `/ppps/${name}=${value}`, body: 'x' }),
  ...OPERATORS.flatMap((operator) => [
    (name: string, value: string): HttpRequest => question({ REFERENCE: `${name}${operator}${value}` }),
    (name: string, value: string): HttpRequest => rule({ answer: { code: '00105', comment: `${name}${operator}${value}` } }),
  ]),
  ...GAPS.map(
    (gap) =>
      (name: string, value: string): HttpRequest =>
        question({ REFERENCE: isDigits(value) ? `${/cle|key/i.test(name) ? 'CVV' : name}${gap}${value}` : `CLE ${value}` }),
  ),
  ...BODIES.flatMap((write) => [
    (name: string, value: string): HttpRequest => ({ path: '/PPPS.php', type: 'text/plain', body: write(name, value) }),
    (name: string, value: string): HttpRequest => question({ note: write(name, value) }),
    (name: string, value: string): HttpRequest => question({ [write(name, value)]: '' }),
  ]),
];

/** The secrets that were sent, by what is searched for in the texts. */
class SentSecrets {
  readonly #cards = new Map<string, { readonly card: string; readonly where: string }>();
  readonly #words = new Map<string, string>();

  addCard(card: string, where: string): void {
    this.#cards.set(card.slice(0, KEY_LENGTH), { card, where });
  }

  addWord(word: string, where: string): void {
    this.#words.set(word.toLowerCase(), where);
  }

  /** One line for each secret in a text, whatever stands between the digits of a card number. */
  leaksIn(source: string, text: string): string[] {
    const leaks: string[] = [];
    const latin = text.replace(/[\uff10-\uff19\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) & 0xf));
    for (const form of new Set([latin, percentDecode(latin).replace(/&#?\w+;/g, ' ')])) {
      const digits = form.replace(/[^\d*]+/g, '');
      for (const { index } of digits.matchAll(CARD_START)) {
        const sent = this.#cards.get(digits.slice(index, index + KEY_LENGTH));
        if (sent && digits.startsWith(sent.card, index)) leaks.push(`${source}: card ${sent.card} of ${sent.where}`);
      }
      for (const [word] of form.matchAll(WORD)) leaks.push(`${source}: ${word} of ${this.#words.get(word.toLowerCase())}`);
      const found = form.search(CVV_IN_TEXT);
      if (found >= 0) leaks.push(`${source}: the CVV in ${JSON.stringify(form.slice(Math.max(0, found - 60), found + 20))}`);
    }
    return leaks;
  }
}

const KEY_LENGTH = 12;
const CARD_START = new RegExp(`(?=${SCHEMES.map(([prefix]) => prefix).join('|')})`, 'g');

const WORD = /zq[0-9a-z]{4}7x/gi;
const makeWord = (count: number): string => `zQ${count.toString(36).padStart(4, '0')}7x`;

async function textOf(simulator: Simulator, path: string): Promise<string> {
  return (await simulator.fetch(new Request(`http://localhost/_sim/${path}`))).text();
}

/** The first events of the stream after an exchange. */
async function eventsAfter(simulator: Simulator, seq: number): Promise<string> {
  const abort = new AbortController();
  const response = await simulator.fetch(new Request(`http://localhost/_sim/events?after=${seq}`, { signal: abort.signal }));
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (!/data: .*\n/.test(text)) text += decoder.decode((await reader.read()).value, { stream: true });
  await reader.cancel();
  abort.abort();
  return text;
}

const bytesOf = (folder: string): [string, string][] =>
  readdirSync(folder).map((name) => [`file ${name}`, readFileSync(join(folder, name), 'latin1')]);

/** Everything that the simulator shows, by where. */
async function everythingShown(simulator: Simulator): Promise<[string, string][]> {
  const [newest] = await simulator.journal({ limit: 1 });
  const last = newest?.seq ?? 0;
  const paths = ['rules', 'sessions', 'subscribers', 'accounts', 'snapshot', 'ui/rules', 'ui/subscribers', 'ui/payments', 'ui/findings'];
  for (let before = last + 1; before > 1; before -= 1000) paths.push(`journal?limit=1000&before=${before}`);
  for (let before = last + 1; before > 1; before -= 500) paths.push(`?before=${before}`, `ui/findings?before=${before}`);
  for (let seq = last; seq > 0; seq -= 97) paths.push(`ui/exchanges/${seq}`);
  for (let before = 5_100_000, pages = 0; pages < 3; pages++, before -= 100) paths.push(`payments?limit=1000&before=${before}`);
  const shown: [string, string][] = [];
  for (const path of paths) shown.push([`/_sim/${path}`, await textOf(simulator, path)]);
  shown.push(['events', await eventsAfter(simulator, Math.max(0, last - 1))]);
  return shown;
}

async function send(simulator: Simulator, { method, path, body, type, isShown }: HttpRequest): Promise<string> {
  const init: RequestInit = {
    method: method ?? 'POST',
    ...(type !== undefined && { headers: { 'Content-Type': type } }),
    ...(body && { body }),
  };
  const response = await simulator.fetch(new Request(`http://localhost${path}`, init));
  const text = await response.text();
  return isShown ? text : '';
}

/** How many combinations {@link runSecretCampaign} tries in one round. */
export const COMBINATIONS = SCHEMES.length * CARD_CARRIERS.length * PLACES.length + SECRET_NAMES.length * SECRET_PLACES.length * 2;

function* cardRequests(sent: SentSecrets, random: Random, share: number): Generator<HttpRequest> {
  for (const [n, scheme] of SCHEMES.entries())
    for (const [c, carry] of CARD_CARRIERS.entries())
      for (const [p, place] of PLACES.entries()) {
        if (random.fraction() >= share) continue;
        const card = makeCard(scheme, random);
        sent.addCard(card, `scheme ${n}, carrier ${c} (${carry(card)}), place ${p}`);
        yield place(carry(card));
      }
}

function* wordRequests(sent: SentSecrets, random: Random, share: number): Generator<HttpRequest> {
  let words = 0;
  for (const name of SECRET_NAMES)
    for (const [p, place] of SECRET_PLACES.entries()) {
      if (random.fraction() < share) yield place(name, CVV);
      if (random.fraction() >= share) continue;
      const word = makeWord(++words);
      sent.addWord(word, `${name}, place ${p}`);
      yield place(name, word);
    }
}

/** Secrets under names that do not tell it. With `showUnknown` these are shown, as the setting says. */
function* doubtfulRequests(sent: SentSecrets): Generator<HttpRequest> {
  for (const [n, name] of DOUBTFUL_NAMES.entries()) {
    const word = `zQd00${n}7x`;
    sent.addWord(word, name);
    yield question({ [name]: CVV, order_id: CVV });
    yield question({ [name]: word });
  }
}

/** The requests of the chosen combinations, whose secrets are added to `sent`. */
function* requestsWith(sent: SentSecrets, random: Random, share: number, showUnknown: boolean): Generator<HttpRequest> {
  yield* cardRequests(sent, random, share);
  if (!showUnknown) yield* doubtfulRequests(sent);
  yield* wordRequests(sent, random, share);
}

/** How many requests are sent at once: their transactions are committed together. */
const AT_ONCE = 25;

function* batchesOf(requests: Iterable<HttpRequest>): Generator<HttpRequest[]> {
  let batch: HttpRequest[] = [];
  for (const request of requests) {
    batch.push(request);
    if (batch.length < AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

/**
 * Sends secrets of every kind in every carrier to every place of a simulator on a file, and searches for them in everything that it stores,
 * shows and prints.
 *
 * @param share the part of the combinations that is tried, from 0 to 1
 * @param showUnknown the setting of the journal
 * @returns the number of combinations, of searched texts, and a line for each secret that was found
 */
export async function runSecretCampaign(random: Random, share: number, showUnknown: boolean) {
  const folder = await tempFolder();
  const lines: string[] = [];
  const simulator = createSimulator({
    clock: NOON,
    db: join(folder, 'state.db'),
    journal: { showUnknown },
    onExchange: (...exchange) => lines.push(exchangeLine(...exchange), exchangeJson(...exchange)),
  });
  simulator.clock.set(NOON, true);
  const sent = new SentSecrets();
  const leaks: string[] = [];
  let combinations = 0;
  for (const batch of batchesOf(requestsWith(sent, random, share, showUnknown))) {
    combinations += batch.length;
    const responses = await Promise.all(batch.map((request) => send(simulator, request)));
    for (const [n, text] of responses.entries()) leaks.push(...sent.leaksIn(`response to ${batch[n]?.path.slice(0, 40)}`, text));
    // Every question is compared with the rules, so many of them would slow the campaign down.
    await send(simulator, control('DELETE', 'rules'));
  }
  const snapshot = JSON.parse(await textOf(simulator, 'snapshot')) as { content: { journal: Record<string, unknown>[] } };
  leaks.push(...(await restoredLeaks(snapshot, random, showUnknown)));
  const shown = [...(await everythingShown(simulator)), ...bytesOf(folder), ['printed', lines.join('\n')] as [string, string]];
  await simulator.close();
  shown.push(...bytesOf(folder));
  for (const [source, text] of shown) leaks.push(...sent.leaksIn(source, text));
  return { combinations, texts: shown.length + combinations, leaks };
}

/** Restores a snapshot whose entries were edited to contain secrets, and returns where they are shown. */
async function restoredLeaks(
  snapshot: { content: { journal: Record<string, unknown>[] } },
  random: Random,
  showUnknown: boolean,
): Promise<string[]> {
  const sent = new SentSecrets();
  const [template = {}] = snapshot.content.journal;
  const journal = SCHEMES.flatMap((scheme, n) =>
    CARD_CARRIERS.map((carry, c) => {
      const card = makeCard(scheme, random);
      const text = carry(card);
      sent.addCard(card, `restored scheme ${n}, carrier ${c} (${text})`);
      const request = [
        ['REFERENCE', text],
        ['PORTEUR', text],
        ['note', text],
        ['CVV', CVV],
        ['cardCvv', CVV],
        [text, 'x'],
      ];
      const findings = [{ rule: 'unknown-variable', severity: 'info', message: `See ${text}.`, remedy: text }];
      return {
        ...template,
        seq: n * CARD_CARRIERS.length + c + 1,
        REFERENCE: text,
        account: text,
        request,
        reply: { COMMENTAIRE: text },
        findings,
      };
    }),
  );
  const folder = await tempFolder();
  const simulator = createSimulator({ clock: NOON, db: join(folder, 'state.db'), journal: { showUnknown } });
  const body = JSON.stringify({ ...snapshot, content: { ...snapshot.content, journal } });
  const response = await simulator.fetch(new Request('http://localhost/_sim/snapshot', { method: 'PUT', body }));
  if (response.status !== 204) throw new Error(`The snapshot was not restored: ${await response.text()}`);
  const shown = [...(await everythingShown(simulator)), ...bytesOf(folder)];
  await simulator.close();
  return shown.flatMap(([source, text]) => sent.leaksIn(`restored ${source}`, text));
}
