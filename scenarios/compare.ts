import type { Evidence } from '../contracts/index.js';
import type { RecordedCase, RecordedExchange, Recording } from './recording.js';

/** A difference between the replies of two endpoints. */
export interface Difference {
  readonly case: string;
  readonly section?: string | undefined;
  readonly weight?: Evidence | undefined;
  /** Number of the step, from 1. */
  readonly step: number;
  /** A variable of the reply, `(status)`, `(content type)`, `(order)` or `(steps)`. */
  readonly what: string;
  readonly a: string;
  readonly b: string;
}

/** The result of comparing two recordings. */
export interface Comparison {
  readonly differences: readonly Difference[];
  /** Number of cases that both recordings contain. */
  readonly compared: number;
  /** Names of cases that only one recording contains. */
  readonly onlyInA: readonly string[];
  readonly onlyInB: readonly string[];
}

const digitForm = (value: string): string =>
  /^0+$/.test(value) ? `${value.length} zeros` : /^\d+$/.test(value) ? `${value.length} digits` : value;
const letterForm = (value: string): string => (/^[A-Za-z]+$/.test(value) ? `${value.length} letters` : value);

/** Descriptions of values that are new in each run. Only the form of such a value is compared. */
const FORMS: Readonly<Record<string, (value: string) => string>> = {
  NUMTRANS: digitForm,
  NUMAPPEL: digitForm,
  REMISE: digitForm,
  AUTORISATION: (value) => (value === '000000' ? value : digitForm(value)),
  PORTEUR: letterForm,
};

/** Variables that repeat the request. Only whether they do is compared. */
const ECHOED: ReadonlySet<string> = new Set(['NUMQUESTION', 'SITE', 'RANG', 'REFABONNE']);

function comparableForm(exchange: RecordedExchange, name: string): string {
  const value = exchange.reply.find(([known]) => known === name)?.[1];
  if (value === undefined) return '(absent)';
  if (ECHOED.has(name)) return value === (exchange.request.find(([known]) => known === name)?.[1] ?? '') ? '(as sent)' : value;
  return FORMS[name]?.(value) ?? value;
}

const namesOf = ({ reply }: RecordedExchange): string[] => reply.map(([name]) => name);

function compareExchange(a: RecordedExchange, b: RecordedExchange): Pick<Difference, 'step' | 'what' | 'a' | 'b'>[] {
  const names = [...new Set([...namesOf(a), ...namesOf(b)])];
  const common = (exchange: RecordedExchange): string =>
    namesOf(exchange)
      .filter((name) => namesOf(a).includes(name) && namesOf(b).includes(name))
      .join(' ');
  const parts: (readonly [what: string, a: string, b: string])[] = [
    ['(status)', String(a.status), String(b.status)],
    ['(content type)', a.contentType, b.contentType],
    ['(order)', common(a), common(b)],
    ...names.map((name) => [name, comparableForm(a, name), comparableForm(b, name)] as const),
  ];
  return parts.filter(([, left, right]) => left !== right).map(([what, left, right]) => ({ step: a.step, what, a: left, b: right }));
}

function compareCase(name: string, a: RecordedCase, b: RecordedCase): Difference[] {
  const { section, weight } = a;
  const found = a.exchanges.flatMap((exchange, index) => {
    const other = b.exchanges[index];
    return other ? compareExchange(exchange, other) : [];
  });
  // A case ends at its first failure, so one recording may contain more steps than the other.
  const steps =
    a.exchanges.length === b.exchanges.length
      ? []
      : [
          {
            step: Math.min(a.exchanges.length, b.exchanges.length) + 1,
            what: '(steps)',
            a: String(a.exchanges.length),
            b: String(b.exchanges.length),
          },
        ];
  return [...found, ...steps].map((difference) => ({ case: name, section, weight, ...difference }));
}

/** Compares two recordings of the same scenarios. Values that are new in each run are compared by their form. */
export function compareRecordings(a: Recording, b: Recording): Comparison {
  const names = Object.keys(a.cases);
  const both = names.filter((name) => Object.hasOwn(b.cases, name));
  const differences = both.flatMap((name) => compareCase(name, a.cases[name] as RecordedCase, b.cases[name] as RecordedCase));
  return {
    differences,
    compared: both.length,
    onlyInA: names.filter((name) => !Object.hasOwn(b.cases, name)),
    onlyInB: Object.keys(b.cases).filter((name) => !Object.hasOwn(a.cases, name)),
  };
}
