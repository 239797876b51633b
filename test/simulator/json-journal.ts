import type { JournalEntry } from '../../simulator/index.js';

type Exchange = Pick<JournalEntry, 'request' | 'reply'>;

/** Exchanges with values that contain separators and escapes. */
export const EXCHANGES: readonly Exchange[] = [
  { request: [], reply: { CODEREPONSE: '00014', COMMENTAIRE: 'PAYBOX : Numéro' } },
  { request: [['VERSION', '00103']], reply: { NUMTRANS: '0001000001', REFABONNE: '', PORTEUR: '' } },
  {
    request: [
      ['REFERENCE', 'a&b=c%41 + "q" \\ \\n\n\r\t\b\f\u0001\u001f é € 😀'],
      ['A', ','],
      ['B', '],['],
      ['C', ''],
      ['', '"],["'],
      ['D', '","'],
      ['E', '\\'],
      ['F', '\\"'],
      ['G', '"'],
      ['H', "it's"],
      ['(body)', '{"a":[["b","c"]]}'],
    ],
    reply: { NUMQUESTION: ',', SITE: ':', RANG: '"', REFABONNE: '\\n \\" ","', PORTEUR: '%41' },
  },
  { request: [['REFABONNE', 'a\u0000b']], reply: { REFABONNE: 'a     b' } },
];

/** Replies, by index, that were stored with characters that a reply cannot carry. They are read as in {@link EXCHANGES}. */
const STORED_REPLIES: Readonly<Record<number, Exchange['reply']>> = { 3: { REFABONNE: 'a\u0000\u001f\n<&b' } };

/** Returns SQL that inserts {@link EXCHANGES} for the gateway with id 1, in the format of schema versions 1 and 2. */
export function insertExchanges(): string {
  const text = (value: unknown): string => `'${JSON.stringify(value).replaceAll("'", "''")}'`;
  const rows = EXCHANGES.map(
    ({ request, reply }, n) =>
      `(1, ${n + 1}, 1800000000000, '', '', '', '', '00000', '', '', ${text(request)}, ${text(STORED_REPLIES[n] ?? reply)}, '[]')`,
  );
  return `INSERT INTO journal (gateway, seq, at, account, TYPE, operation, REFERENCE, CODEREPONSE, payment, origin, request, reply, findings)
    VALUES ${rows.join(', ')};`;
}
