import type { JournalEntry } from '../../simulator/index.js';

type Shown = Pick<JournalEntry, 'request' | 'reply'>;

/** Exchanges whose values are hard to tell from what stands between them. */
export const EXCHANGES: readonly Shown[] = [
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

/** What was written where it is shown otherwise: a reply held what was not sent like that. */
const WRITTEN: Readonly<Record<number, Shown['reply']>> = { 3: { REFABONNE: 'a\u0000\u001f\n<&b' } };

/** SQL that writes them for the gateway of number 1, as versions of the schema before the third had them. */
export function insertExchanges(): string {
  const text = (value: unknown): string => `'${JSON.stringify(value).replaceAll("'", "''")}'`;
  const rows = EXCHANGES.map(
    ({ request, reply }, n) =>
      `(1, ${n + 1}, 1800000000000, '', '', '', '', '00000', '', '', ${text(request)}, ${text(WRITTEN[n] ?? reply)}, '[]')`,
  );
  return `INSERT INTO journal (gateway, seq, at, account, TYPE, operation, REFERENCE, CODEREPONSE, payment, origin, request, reply, findings)
    VALUES ${rows.join(', ')};`;
}
