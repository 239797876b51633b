import { cardSha1, type Operation, tenDigits } from '../../contracts/index.js';
import type { Admitted } from './admit.js';
import { parisDay } from './calendar.js';
import type { Numbers, Payment } from './payment.js';
import { isZeros, type Question } from './question.js';
import type { Subscriber } from './subscriber.js';

/** What a question asks the store for. */
export interface Lookup {
  /** `SITE/RANG`. */
  readonly account: string;
  /** Day in Paris of the question, `YYYY-MM-DD`. */
  readonly day: string;
  /** NUMQUESTION without leading zeros; undefined where the account does not count them. */
  readonly questionNumber?: string | undefined;
  /** A NUMTRANS that somebody wants to use, ten digits. */
  readonly wanted?: string | undefined;
  /** Ten digits each; without NUMAPPEL any call number will do. */
  readonly numbers?: { readonly NUMTRANS: string; readonly NUMAPPEL?: string } | undefined;
  /** Payments opened with this REFERENCE. */
  readonly REFERENCE?: string | undefined;
  /** Whether one of them shall be found that was not refused: of this amount and currency. */
  readonly existing?: { readonly MONTANT: number; readonly DEVISE: string } | undefined;
  readonly REFABONNE?: string | undefined;
  /** Whether to look if the card, or the subscriber's, was taken today. */
  readonly cardOnce?: boolean;
  /** SHA-1 of the question's card, where it is looked for; undefined: it carries none. */
  readonly cardSha1?: string | undefined;
}

/** What the store found. */
export interface LookupResult {
  /** The numbers the operation will get if it commits. */
  readonly next: Numbers;
  /** TYPEs that already used the question number today. */
  readonly questionTypes: readonly string[];
  /** The payment, of whatever account, that has the NUMTRANS somebody wants. */
  readonly taken?: Payment | undefined;
  /** The payment that has a transaction of these numbers. */
  readonly payment?: Payment | undefined;
  /** Where there is none: the payment that has a transaction of these numbers exchanged. */
  readonly swapped?: Payment | undefined;
  /** Where there is none: the payment that has the NUMTRANS, with another NUMAPPEL. */
  readonly mixed?: Payment | undefined;
  /** Payments of the same REFERENCE, newest first, at most {@link SAME_REFERENCE_LIMIT}. */
  readonly sameReference: readonly Payment[];
  /** The newest payment of the REFERENCE that is of the amount and currency asked for and was not refused. */
  readonly existing?: Payment | undefined;
  readonly subscriber?: Subscriber | undefined;
  /** Whether the card was taken today. */
  readonly cardSeen: boolean;
}

/** How many payments of one REFERENCE are looked at. */
export const SAME_REFERENCE_LIMIT = 20;

/** Whether an operation that may name an earlier payment in place of a card does so. Protocol sheet, section 3 (00054). */
export function goesByNumbers(operation: Operation, question: Question): boolean {
  const isNamed = operation.insteadOfCard?.every((name) => question.get(name) !== '') ?? false;
  return isNamed && isZeros(question.get('PORTEUR'));
}

// Numbers longer than the gateway's name nothing; they are looked up as they are and not found.
function numbersOf(question: Question): Lookup['numbers'] {
  const numappel = question.get('NUMAPPEL');
  return { NUMTRANS: tenDigits(question.get('NUMTRANS')), ...(numappel !== '' && { NUMAPPEL: tenDigits(numappel) }) };
}

/** What must be looked up to decide a question. */
export function lookupOf({ question, operation, account, questionNumber, amount }: Admitted, now: number): Lookup {
  const { finds } = operation;
  const cardOnce = account.oneCardADay && finds === 'nothing';
  const byNumbers = finds === 'payment' || finds === 'transaction' || goesByNumbers(operation, question);
  return {
    account: account.id,
    day: parisDay(now),
    questionNumber: account.questionNumbers === 'off' ? undefined : questionNumber,
    numbers: byNumbers ? numbersOf(question) : undefined,
    REFERENCE: finds === 'reference' || finds === 'nothing' ? question.get('REFERENCE') || undefined : undefined,
    existing: finds === 'reference' ? { MONTANT: amount, DEVISE: question.get('DEVISE') } : undefined,
    REFABONNE: operation.subscriber === 'none' ? undefined : question.get('REFABONNE'),
    cardOnce,
    cardSha1: cardOnce && operation.porteur === 'card' ? cardSha1(question.get('PORTEUR')) : undefined,
  };
}
