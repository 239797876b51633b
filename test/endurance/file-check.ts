import Database from 'better-sqlite3';
import { readReplyText } from '../../contracts/index.js';
import { FIRST_NAME } from '../../simulator/store/sqlite/retired-names.js';

const readReply = (text: string): Record<string, string> => Object.fromEntries(readReplyText(text));

/** Replies of the journal, by gateway, TYPE and NUMQUESTION. */
type Replies = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** The content of a file that passed {@link checkFile}. */
export interface CheckedFile {
  readonly transactions: number;
  readonly entries: number;
  readonly replies: Replies;
}

interface GatewayCounters {
  readonly id: number;
  readonly name: string;
  readonly sequence: number;
  readonly entries: number;
}

interface TransactionRow {
  readonly payment: number;
  readonly position: number;
  readonly NUMTRANS: number;
  readonly NUMAPPEL: number;
  readonly TYPE: string;
  readonly kind: string;
  readonly MONTANT: number;
  readonly NUMQUESTION: string;
  readonly CODEREPONSE: string;
  readonly REFABONNE: string | null;
  readonly origin: string | null;
  readonly ID3D: string | null;
}

interface AuthenticationRow {
  readonly ID3D: number;
  readonly data: string;
}

interface CheckoutRow {
  readonly id: number;
  readonly data: string;
}

const FIRST_ID3D = 2_000_000_000_000;

const numberIn = (id3d: number): number => id3d - FIRST_ID3D;

interface EntryRow {
  readonly seq: number;
  readonly TYPE: string;
  readonly CODEREPONSE: string;
  readonly payment: string;
  readonly reply: string;
}

const ZEROS = '0000000000';
/** Operations that make no transaction. */
const INQUIRIES: ReadonlySet<string> = new Set(['00011', '00017']);

function differences(what: string, actual: readonly unknown[], expected: readonly unknown[]): string[] {
  const [a, b] = [actual, expected].map((list) => new Set(list.map((item) => JSON.stringify(item)))) as [Set<string>, Set<string>];
  const missing = [...b].filter((item) => !a.has(item));
  const surplus = [...a].filter((item) => !b.has(item));
  if (missing.length === 0 && surplus.length === 0 && actual.length === expected.length) return [];
  return [`${what}: missing ${missing.slice(0, 3)}, too many ${surplus.slice(0, 3)}, ${actual.length} instead of ${expected.length}`];
}

const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

const duplicates = (what: string, values: readonly unknown[]): string[] =>
  new Set(values).size === values.length ? [] : [`${what} used more than once`];

/** An authentication uses the number that is in its ID3D. The payments that used it exist. */
function authenticationFaults(authentications: readonly AuthenticationRow[], transactions: readonly TransactionRow[]): string[] {
  const payments = new Set(transactions.map(({ payment }) => payment));
  const numbers = new Set(transactions.map(({ NUMTRANS }) => NUMTRANS));
  const ids = new Set(authentications.map(({ ID3D }) => String(ID3D)));
  return [
    ...authentications.flatMap(({ ID3D, data }) => [
      ...(numbers.has(numberIn(ID3D)) ? [`the number of ID3D ${ID3D} is that of a transaction too`] : []),
      ...(JSON.parse(data) as { readonly usedBy: readonly { readonly payment: string }[] }).usedBy.flatMap(({ payment }) =>
        payments.has(Number(payment)) ? [] : [`ID3D ${ID3D} was used by payment ${payment}, which does not exist`],
      ),
    ]),
    ...transactions.flatMap(({ payment, ID3D }) =>
      ID3D === null || ids.has(ID3D) ? [] : [`payment ${payment} was made with ID3D ${ID3D}, which does not exist`],
    ),
  ];
}

/** The number of a checkout is its own. The payments of its attempts exist. */
function checkoutFaults(checkouts: readonly CheckoutRow[], transactions: readonly TransactionRow[]): string[] {
  const payments = new Set(transactions.map(({ payment }) => payment));
  const numbers = new Set(transactions.map(({ NUMTRANS }) => NUMTRANS));
  return checkouts.flatMap(({ id, data }) => [
    ...(numbers.has(id) ? [`the number of checkout ${id} is that of a transaction too`] : []),
    ...(JSON.parse(data) as { readonly attempts: readonly { readonly payment: string }[] }).attempts.flatMap(({ payment }) =>
      payment === '' || payments.has(Number(payment)) ? [] : [`checkout ${id} was paid by payment ${payment}, which does not exist`],
    ),
  ]);
}

/** A capture repeats the numbers of its authorization, a refund only NUMAPPEL. See docs/protocol.md#section-3. */
const repeatsNumbers = ({ kind }: TransactionRow): boolean => kind === 'capture';
const repeatsNumappel = (row: TransactionRow): boolean => repeatsNumbers(row) || row.kind === 'refund';

function numberFaults(name: string, rows: readonly TransactionRow[]): string[] {
  const [first] = rows;
  const isRepeated = (row: TransactionRow): boolean =>
    (row.NUMTRANS === first?.NUMTRANS || !repeatsNumbers(row)) && row.NUMAPPEL === first?.NUMAPPEL;
  return rows.filter(repeatsNumappel).every(isRepeated) ? [] : [`${name} has a capture or a refund with other numbers`];
}

function chainFaults(rows: readonly TransactionRow[]): string[] {
  const [first] = rows;
  const name = `payment ${first?.payment}`;
  const sums = { authorized: 0, captured: 0, refunded: 0 };
  for (const { kind, MONTANT } of rows) {
    if (kind === 'authorization' || kind === 'amount-change' || kind === 'payment') sums.authorized = MONTANT;
    if (kind === 'capture' || kind === 'payment') sums.captured += MONTANT;
    if (kind === 'refund') sums.refunded += MONTANT;
  }
  return [
    ...(first?.position === 0 && first.payment === first.NUMTRANS && first.origin !== null
      ? []
      : [`${name} has no valid first transaction`]),
    ...(rows.every(({ position }, n) => position === n) ? [] : [`${name} has a gap in its chain`]),
    ...numberFaults(name, rows),
    ...(rows.slice(1).every(({ origin }) => origin === null) ? [] : [`${name} has two first transactions`]),
    ...(sums.captured <= sums.authorized && sums.refunded <= sums.captured ? [] : [`${name} adds up to ${JSON.stringify(sums)}`]),
  ];
}

function chainsOf(transactions: readonly TransactionRow[]): TransactionRow[][] {
  const chains = new Map<number, TransactionRow[]>();
  for (const row of transactions) {
    const chain = chains.get(row.payment);
    if (chain) chain.push(row);
    else chains.set(row.payment, [row]);
  }
  return [...chains.values()];
}

/** Returns the subscribers that result from the journal. */
function subscribersFromJournal(entries: readonly EntryRow[]): string[][] {
  const tokens = new Map<string, string>();
  for (const { TYPE, CODEREPONSE, reply } of entries) {
    if (CODEREPONSE !== '00000') continue;
    const { REFABONNE = '', PORTEUR = '' } = readReply(reply);
    if (TYPE === '00056') tokens.set(REFABONNE, PORTEUR);
    if (TYPE === '00058') tokens.delete(REFABONNE);
  }
  return [...tokens];
}

function gatewayFaults(
  file: Database.Database,
  { id, name, sequence, entries: entryCount }: GatewayCounters,
  replies: Map<string, Record<string, string>>,
) {
  const all = <Row>(sql: string): Row[] => file.prepare(sql).all(id) as Row[];
  const transactions = all<TransactionRow>('SELECT * FROM transactions WHERE gateway = ? ORDER BY payment, position');
  const entries = all<EntryRow>('SELECT * FROM journal WHERE gateway = ? ORDER BY seq');
  const questions = all<{ NUMQUESTION: number; TYPE: string }>('SELECT * FROM questions WHERE gateway = ?');
  const subscribers = all<{ REFABONNE: string; PORTEUR: string }>('SELECT * FROM subscribers WHERE gateway = ?');
  const authentications = all<AuthenticationRow>('SELECT * FROM authentications WHERE gateway = ?');
  const checkouts = all<CheckoutRow>('SELECT * FROM checkouts WHERE gateway = ?');
  const journaledTransactions: unknown[] = [];
  const journaledQuestions: unknown[] = [];
  for (const { TYPE, CODEREPONSE, payment, reply } of entries) {
    const fields = readReply(reply);
    replies.set(`${name} ${TYPE} ${fields.NUMQUESTION}`, fields);
    journaledQuestions.push([Number(fields.NUMQUESTION), TYPE]);
    if (fields.NUMTRANS !== ZEROS && !INQUIRIES.has(TYPE))
      journaledTransactions.push([Number(fields.NUMTRANS), Number(fields.NUMAPPEL), Number(payment), TYPE, CODEREPONSE]);
  }
  const transactionKeys = transactions.map(({ NUMTRANS, NUMAPPEL, payment, TYPE, CODEREPONSE }) => [
    NUMTRANS,
    NUMAPPEL,
    payment,
    TYPE,
    CODEREPONSE,
  ]);
  const numbered = transactions.filter((row) => !repeatsNumbers(row));
  const used = numbered.length + authentications.length + checkouts.length;
  const usedQuestions = questions.map(({ NUMQUESTION, TYPE }) => [NUMQUESTION, TYPE]);
  const faults = [
    ...chainsOf(transactions).flatMap(chainFaults),
    ...duplicates(
      'NUMTRANS',
      numbered.map(({ NUMTRANS }) => NUMTRANS),
    ),
    ...duplicates(
      'NUMAPPEL',
      transactions.filter((row) => !repeatsNumappel(row)).map(({ NUMAPPEL }) => NUMAPPEL),
    ),
    ...differences('transactions, compared with the journal', transactionKeys, journaledTransactions),
    ...differences('question numbers, compared with the journal', usedQuestions, journaledQuestions),
    ...differences(
      'seq of the journal',
      entries.map(({ seq }) => seq),
      numbersTo(entryCount),
    ),
    ...differences(
      'subscribers',
      subscribers.map(({ REFABONNE, PORTEUR }) => [REFABONNE, PORTEUR]),
      subscribersFromJournal(entries),
    ),
    ...authenticationFaults(authentications, transactions),
    ...checkoutFaults(checkouts, transactions),
    ...(sequence === used ? [] : [`${sequence} numbers given, ${used} used`]),
  ];
  return { faults, transactions: transactions.length, entries: entries.length };
}

/**
 * Checks that a database file is consistent: each payment has its transactions, each transaction has its question number and its journal
 * entry, each journal entry has its transaction, and each number is used once, apart from those that a capture or a refund repeats. The questions of the file must be of one day, have different
 * numbers, and not have been refused before their number was recorded.
 *
 * @throws Error with the inconsistencies
 */
export function checkFile(path: string): CheckedFile {
  const file = new Database(path);
  try {
    const integrity = file.pragma('integrity_check', { simple: true }) as string;
    const replies = new Map<string, Record<string, string>>();
    const gateways = file
      .prepare(`SELECT id, name, sequence, entries FROM gateways WHERE name >= '${FIRST_NAME}'`)
      .all() as GatewayCounters[];
    const checked = file.transaction(() => gateways.map((gateway) => gatewayFaults(file, gateway, replies)))();
    const faults = [...(integrity === 'ok' ? [] : [integrity]), ...checked.flatMap((gateway) => gateway.faults)];
    if (faults.length > 0) throw new Error(`${path} is inconsistent: ${faults.slice(0, 10).join('; ')}.`);
    const sum = (of: 'transactions' | 'entries'): number => checked.reduce((total, gateway) => total + gateway[of], 0);
    return { transactions: sum('transactions'), entries: sum('entries'), replies };
  } finally {
    file.close();
  }
}
