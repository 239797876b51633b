import type { Evidence } from '../contracts/index.js';
import type { RecordedCase, RecordedExchange, Recording } from './recording.js';

/** A place where two endpoints answered differently. */
export interface Difference {
  readonly case: string;
  readonly section: string;
  readonly weight: Evidence;
  /** Number of the step, from 1. */
  readonly step: number;
  /** A variable of the reply, `(status)`, `(content type)`, `(order)` or `(steps)`. */
  readonly what: string;
  readonly a: string;
  readonly b: string;
}

/** How two recordings compare. */
export interface Comparison {
  readonly differences: readonly Difference[];
  /** Cases that both have. */
  readonly compared: number;
  /** Cases that only one has. */
  readonly onlyInA: readonly string[];
  readonly onlyInB: readonly string[];
}

const digits = (value: string): string =>
  /^0+$/.test(value) ? `${value.length} zeros` : /^\d+$/.test(value) ? `${value.length} digits` : value;
const letters = (value: string): string => (/^[A-Za-z]+$/.test(value) ? `${value.length} letters` : value);

/** What remains of values that differ from one run to the next: their form. */
const FORM: Readonly<Record<string, (value: string) => string>> = {
  NUMTRANS: digits,
  NUMAPPEL: digits,
  REMISE: digits,
  AUTORISATION: (value) => (value === '000000' ? value : digits(value)),
  PORTEUR: letters,
};

const ECHOED: ReadonlySet<string> = new Set(['NUMQUESTION', 'SITE', 'RANG', 'REFABONNE']);

function formOf(exchange: RecordedExchange, name: string): string {
  const value = exchange.reply.find(([known]) => known === name)?.[1];
  if (value === undefined) return '(absent)';
  if (ECHOED.has(name)) return value === (exchange.request.find(([known]) => known === name)?.[1] ?? '') ? '(as sent)' : value;
  return FORM[name]?.(value) ?? value;
}

const namesOf = ({ reply }: RecordedExchange): string[] => reply.map(([name]) => name);

function compareExchange(a: RecordedExchange, b: RecordedExchange): Pick<Difference, 'step' | 'what' | 'a' | 'b'>[] {
  const names = [...new Set([...namesOf(a), ...namesOf(b)])];
  const common = (exchange: RecordedExchange): string =>
    namesOf(exchange)
      .filter((name) => namesOf(a).includes(name) && namesOf(b).includes(name))
      .join(' ');
  const facts: (readonly [what: string, a: string, b: string])[] = [
    ['(status)', String(a.status), String(b.status)],
    ['(content type)', a.contentType, b.contentType],
    ['(order)', common(a), common(b)],
    ...names.map((name) => [name, formOf(a, name), formOf(b, name)] as const),
  ];
  return facts.filter(([, left, right]) => left !== right).map(([what, left, right]) => ({ step: a.step, what, a: left, b: right }));
}

function compareCase(name: string, a: RecordedCase, b: RecordedCase): Difference[] {
  const { section, weight } = a;
  const found = a.exchanges.flatMap((exchange, index) => {
    const other = b.exchanges[index];
    return other ? compareExchange(exchange, other) : [];
  });
  // A case ends at its first failure, so one endpoint may have come further than the other.
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

/** Where two recordings of the same scenarios differ, values that are new in each run compared by their form. */
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
