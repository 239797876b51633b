import { cardSha1, type Operation, tenDigits } from '../../contracts/index.js';
import type { Admitted } from './admit.js';
import { parisDay } from './calendar.js';
import { isZeros } from './card-rules.js';
import type { Lookup } from './found.js';
import type { Question } from './question.js';

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
