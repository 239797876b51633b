import { JOURNAL_STEPS, SUCCESS } from '../../contracts/index.js';
import type { FindingRule } from '../engine/finding.js';
import type { JournalFilter } from '../journal/entry.js';
import { REFUSED_STEP } from '../journal/search.js';
import { NO_FINDINGS } from './journal-rows.js';
import { joinFragments, journalWordConditions, paymentWordConditions, type SqlFragment } from './search-conditions.js';
import type { AuthenticationFilter, PaymentFilter } from './store.js';

const condition = (sql: string, value: string | number | undefined): SqlFragment[] =>
  value === undefined ? [] : [{ sql, values: [value] }];

const allOf = (conditions: readonly SqlFragment[]): SqlFragment => joinFragments(conditions, ' AND ');

const limitTo = (limit: number): SqlFragment =>
  Number.isFinite(limit) ? { sql: 'LIMIT ?', values: [Math.trunc(limit)] } : { sql: '', values: [] };

const text = (sql: string): SqlFragment => ({ sql, values: [] });

const nthOf = (column: string, position: number): SqlFragment => ({
  sql: `ORDER BY ${column} DESC LIMIT 1 OFFSET ?`,
  values: [Math.trunc(position)],
});

/** The number of the last item of the page before; undefined: none. PostgreSQL takes only integers, and none above 2^63. */
const numberOf = (before: string | undefined): number | undefined =>
  before === undefined ? undefined : Math.ceil(Math.min(Math.max(Number(before) || 0, 0), Number.MAX_SAFE_INTEGER));

/** A list of so many rows is read at once, if each row that is read is in it. */
const SHORT_LIST = 100;

/** Whether payments should be examined in slices: there is no index for the conditions, or the list is long. */
export const isLongPaymentList = ({ REFERENCE, account, words = [], limit }: PaymentFilter): boolean =>
  limit > SHORT_LIST || words.length > 0 || (REFERENCE === undefined) !== (account === undefined);

/** Whether journal entries should be examined in slices. */
export const isLongJournalList = ({ before, after, limit, ...conditions }: JournalFilter): boolean =>
  limit > SHORT_LIST || Object.values(conditions).some((value) => value !== undefined);

/** Whether authentications should be examined in slices: there is no index for the conditions, or the list is long. */
export const isLongAuthenticationList = ({ IdSession, account, limit }: AuthenticationFilter): boolean =>
  limit > SHORT_LIST || (IdSession === undefined) !== (account === undefined);

/** Selects the id of the payment at a position among those that a filter allows by `before`, highest first. */
export function selectPaymentAt(gateway: number, before: number | undefined, position: number): SqlFragment {
  const page = [...condition('gateway = ?', gateway), text('position = 0'), ...condition('payment < ?', before)];
  return joinFragments([text('SELECT payment FROM transactions WHERE'), allOf(page), nthOf('payment', position)], ' ');
}

/** Selects the number of the journal entry at a position among those that a filter allows by `before` and `after`, newest first. */
export function selectSeqAt(gateway: number, { before, after }: JournalFilter, position: number): SqlFragment {
  const page = [...condition('gateway = ?', gateway), ...condition('seq < ?', before), ...condition('seq > ?', after)];
  return joinFragments([text('SELECT seq FROM journal WHERE'), allOf(page), nthOf('seq', position)], ' ');
}

/** Selects the ID3D of the authentication at a position among those that a filter allows by `before`, highest first. */
export function selectID3DAt(gateway: number, { before }: AuthenticationFilter, position: number): SqlFragment {
  const page = [...condition('gateway = ?', gateway), ...condition('ID3D < ?', numberOf(before))];
  return joinFragments([text('SELECT ID3D FROM authentications WHERE'), allOf(page), nthOf('ID3D', position)], ' ');
}

/** Selects the ids of the payments that a filter selects, highest first. */
export function selectPaymentIds(
  gateway: number,
  { REFERENCE, account, before, words = [], scanLimit, limit }: PaymentFilter,
): SqlFragment {
  const page = [...condition('gateway = ?', gateway), text('position = 0'), ...condition('payment < ?', numberOf(before))];
  const filter = [...condition('REFERENCE = ?', REFERENCE), ...condition('account = ?', account), ...paymentWordConditions(words)];
  const source =
    scanLimit === undefined
      ? [text('SELECT payment FROM transactions first WHERE'), allOf([...page, ...filter])]
      : [
          text('SELECT payment FROM (SELECT * FROM transactions WHERE'),
          allOf(page),
          text('ORDER BY payment DESC'),
          limitTo(scanLimit),
          text(') first WHERE'),
          allOf([text('position = 0'), ...filter]),
        ];
  return joinFragments([...source, text('ORDER BY payment DESC'), limitTo(limit)], ' ');
}

// The quotes of texts inside of the JSON are escaped.
const withRule = (rule: FindingRule): string => `%"rule":"${rule}"%`;

const FORCED = withRule('outcome-forced');

/** Selects what `isRefusal` says is no refusal. */
const ACCEPTED: SqlFragment = {
  sql: `(CODEREPONSE = ? OR (operation IN (${JOURNAL_STEPS.map(() => '?').join(', ')}) AND findings NOT LIKE ?))`,
  values: [SUCCESS, ...JOURNAL_STEPS, withRule(REFUSED_STEP)],
};

const refusals = (isRefused: boolean): SqlFragment => (isRefused ? { ...ACCEPTED, sql: `NOT ${ACCEPTED.sql}` } : ACCEPTED);

/** Selects the journal entries that a filter selects, newest first. The table is named `t`. */
export function selectJournal(
  columns: string,
  gateway: number,
  {
    REFERENCE,
    TYPE,
    operation,
    CODEREPONSE,
    payment,
    since,
    until,
    before,
    after,
    isRefused,
    hasFindings,
    severity,
    isForced,
    words = [],
    limit,
  }: JournalFilter,
): SqlFragment {
  const conditions = [
    ...condition('gateway = ?', gateway),
    ...condition('REFERENCE = ?', REFERENCE),
    ...condition('TYPE = ?', TYPE),
    ...condition('operation = ?', operation),
    ...condition('CODEREPONSE = ?', CODEREPONSE),
    ...condition('payment = ?', payment),
    ...condition('at >= ?', since),
    ...condition('at < ?', until),
    ...condition('seq < ?', before),
    ...condition('seq > ?', after),
    ...(isRefused === undefined ? [] : [refusals(isRefused)]),
    ...condition('findings <> ?', hasFindings && NO_FINDINGS),
    ...condition('findings LIKE ?', severity && `%"severity":"${severity}"%`),
    ...condition(isForced ? 'findings LIKE ?' : 'findings NOT LIKE ?', isForced === undefined ? undefined : FORCED),
    ...journalWordConditions(words),
  ];
  return joinFragments([text(`SELECT ${columns} FROM journal t WHERE`), allOf(conditions), text('ORDER BY seq DESC'), limitTo(limit)], ' ');
}

/** Selects the subscribers in the order of their registration. The table is named `t`. */
export function selectSubscribers(columns: string, gateway: number): SqlFragment {
  return { sql: `SELECT ${columns} FROM subscribers t WHERE gateway = ? ORDER BY registered_at, account, REFABONNE`, values: [gateway] };
}

/**
 * Selects the authentications that a filter selects, highest ID3D first. The table is named `t`.
 *
 * @param from the lowest ID3D; undefined: any
 */
export function selectAuthentications(
  columns: string,
  gateway: number,
  { IdSession, account, before, limit }: AuthenticationFilter,
  from?: number,
): SqlFragment {
  const conditions = [
    ...condition('gateway = ?', gateway),
    ...condition('account = ?', account),
    ...condition('IdSession = ?', IdSession),
    ...condition('ID3D < ?', numberOf(before)),
    ...condition('ID3D >= ?', from),
  ];
  return joinFragments(
    [text(`SELECT ${columns} FROM authentications t WHERE`), allOf(conditions), text('ORDER BY ID3D DESC'), limitTo(limit)],
    ' ',
  );
}
