import { encodeForm, OPERATIONS, percentEncode, TEST_ACCOUNTS, TEST_CARDS, VARIABLES, withCredentials } from '../../contracts/index.js';
import { CARD, HEAD } from '../support/question.js';
import type { Random } from './random.js';

type Pair = readonly [name: string, value: string];

const NAMES = VARIABLES.map(({ name }) => name);
const KEY = '0123456789ABCDEF'.repeat(8);

/** Values that are likely to reveal errors. */
const DIFFICULT_VALUES: readonly string[] = [
  ...[
    '',
    ' ',
    '0',
    '00000',
    '-1',
    '+1',
    '1.5',
    '1e9',
    '0x1F',
    'NaN',
    'null',
    'undefined',
    'true',
    '[]',
    '{}',
    '\0',
    '\r\n',
    '%',
    '%zz',
    '%00',
  ],
  ...['9'.repeat(10), '9'.repeat(19), '9'.repeat(400), '2147483647', '2147483648', '9007199254740993', '0'.repeat(300)],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'SHA1', 'sha512', 'RIPEMD160', 'MD5'],
  ...['é', 'été & co', 'Ÿ', '漢字', '😀', '\uD800', 'a\u0300', '٣', '\u2028', '<script>', "' OR 1=1 --", 'a&b=c', 'a=b', '=', '&'],
  ...['31122026', '29022027', '00000000', '99999999999999', '10062026126060', '1299', '0026', '1326', '9900105', '9900003', '00097'],
];

const TYPES = OPERATIONS.map(({ TYPE }) => TYPE);

function randomValue(random: Random): string {
  switch (random.below(6)) {
    case 0:
      return String(random.below(2 ** 31));
    case 1:
      return random.pick(TEST_CARDS).PORTEUR;
    case 2:
      return String.fromCodePoint(...Array.from({ length: random.below(20) }, () => random.below(0xd7ff)));
    case 3:
      return 'x'.repeat(random.below(600));
    default:
      return random.pick(DIFFICULT_VALUES);
  }
}

/** Returns a valid question for a random operation. Its NUMTRANS and NUMAPPEL are near the first ones that a gateway gives. */
function validQuestion(random: Random): Pair[] {
  const { TYPE, takes } = random.pick(OPERATIONS);
  const n = 1 + random.below(2000);
  const values: Readonly<Record<string, string>> = {
    ...CARD,
    MONTANT: String(random.pick([1, 100, 1000, 1000, 9900105])),
    DEVISE: random.pick(['978', '978', '840']),
    REFERENCE: `order-${random.below(300)}`,
    REFABONNE: `subscriber-${random.below(300)}`,
    NUMTRANS: String(1_000_000 + n),
    NUMAPPEL: String(50_000_000 + n),
  };
  const { CLE = '', ...head } = HEAD;
  const extra = random.onceIn(3)
    ? [random.pick(['DIFFERE', 'ACTIVITE', 'CVV', 'SHA-1', 'PAYS', 'URL_ENCODE', 'ERRORCODETEST', 'ID3D', '3DSTATUS'])]
    : [];
  const account = random.onceIn(20) ? random.pick(TEST_ACCOUNTS) : undefined;
  const pairs: Pair[] = [
    ...Object.entries({
      ...head,
      ...(account && { SITE: account.SITE, RANG: account.RANG }),
      TYPE,
      NUMQUESTION: String(random.below(2 ** 31)),
    }),
    ...takes.map((name): Pair => [name, values[name] ?? '']),
    ...extra.map((name): Pair => [name, random.pick(['', '0', '1', '2', '024', 'O', '00105', 'Y', '123'])]),
  ];
  return [...withCredentials(pairs, random.onceIn(50) ? { hmacKey: KEY } : { cle: CLE })];
}

type PairMutation = (pairs: Pair[], random: Random) => void;

const randomIndex = (pairs: readonly Pair[], random: Random): number => random.below(Math.max(1, pairs.length));

/** Mutations of the variables, before they are encoded. */
const PAIR_MUTATIONS: readonly PairMutation[] = [
  (pairs, random) => void pairs.splice(randomIndex(pairs, random), 1),
  (pairs, random) => void pairs.push(pairs[randomIndex(pairs, random)] ?? ['', '']),
  (pairs, random) => void pairs.splice(randomIndex(pairs, random), 1, [pairs[randomIndex(pairs, random)]?.[0] ?? '', randomValue(random)]),
  (pairs, random) => {
    const n = randomIndex(pairs, random);
    pairs[n] = [pairs[n]?.[0] ?? '', randomValue(random)];
  },
  (pairs, random) => {
    const n = randomIndex(pairs, random);
    pairs[n] = [random.pick([...NAMES, ...DIFFICULT_VALUES]), pairs[n]?.[1] ?? ''];
  },
  (pairs, random) => void pairs.splice(randomIndex(pairs, random), 0, [random.pick(NAMES), randomValue(random)]),
  (pairs, random) => {
    const [a, b] = [randomIndex(pairs, random), randomIndex(pairs, random)];
    [pairs[a], pairs[b]] = [pairs[b] ?? ['', ''], pairs[a] ?? ['', '']];
  },
  (pairs, random) => {
    const n = randomIndex(pairs, random);
    pairs[n] = [pairs[n]?.[0].toLowerCase() ?? '', pairs[n]?.[1] ?? ''];
  },
  (pairs, random) => void pairs.push(['TYPE', random.pick(TYPES)]),
  (pairs, random) => void pairs.unshift(...validQuestion(random)),
];

/** Mutations of the encoded bytes. */
const BYTE_MUTATIONS: readonly ((bytes: Uint8Array, random: Random) => Uint8Array)[] = [
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, random) => bytes.subarray(random.below(bytes.length + 1)),
  (bytes, random) => {
    const changed = Uint8Array.from(bytes);
    for (let changes = random.between(1, 8); changes > 0; changes--) changed[random.below(bytes.length)] = random.below(256);
    return changed;
  },
  (bytes, random) => {
    const cut = random.below(bytes.length + 1);
    return Uint8Array.from([...bytes.subarray(0, cut), ...random.bytes(random.below(20)), ...bytes.subarray(cut)]);
  },
  (bytes) => Uint8Array.from([...bytes, 0x0d, 0x0a]),
  (_, random) => random.bytes(random.below(300)),
];

/** Encodings of the variables: correct ones in either charset, and incorrect ones. */
const ENCODINGS: readonly ((pairs: readonly Pair[], random: Random) => Uint8Array)[] = [
  (pairs) => encodeForm(pairs),
  (pairs) => encodeForm(pairs),
  (pairs) => encodeForm(pairs, 'iso-8859-1'),
  (pairs) => new TextEncoder().encode(pairs.map(([name, value]) => `${name}=${value}`).join('&')),
  (pairs) => new TextEncoder().encode(new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString()),
  (pairs, random) =>
    new TextEncoder().encode(
      pairs
        .map(([name, value]) => `${name}${random.pick(['=', '==', '', '%3D'])}${percentEncode(value)}`)
        .join(random.pick(['&', '&&', ';', '&amp;'])),
    ),
];

/** Returns the body of a question with up to three mutations of its variables, and perhaps one of its bytes. One in four is valid. */
export function mutatedBody(random: Random): Uint8Array {
  const pairs = validQuestion(random);
  if (random.onceIn(4)) return encodeForm(pairs);
  for (let changes = random.below(4); changes > 0; changes--) random.pick(PAIR_MUTATIONS)(pairs, random);
  const bytes = random.pick(ENCODINGS)(pairs, random);
  return bytes.length > 0 && random.onceIn(3) ? random.pick(BYTE_MUTATIONS)(bytes, random) : bytes;
}
