import { cardSha1 } from '../../contracts/index.js';
import type { Admitted } from './admit.js';
import { parisDay } from './calendar.js';
import type { Lookup } from './found.js';

// Numbers longer than the gateway's name nothing; they are looked up as they are and not found.
const tenDigits = (value: string): string => value.padStart(10, '0');

/** What must be looked up to decide a question. */
export function lookupOf({ question, operation, account, questionNumber }: Admitted, now: number): Lookup {
  const numtrans = question.get('NUMTRANS');
  const numappel = question.get('NUMAPPEL');
  const byNumbers = operation.finds === 'payment' || operation.finds === 'transaction';
  return {
    account: account.id,
    day: parisDay(now),
    questionNumber: account.questionNumbers === 'off' ? undefined : questionNumber,
    numbers: byNumbers ? { NUMTRANS: tenDigits(numtrans), ...(numappel !== '' && { NUMAPPEL: tenDigits(numappel) }) } : undefined,
    REFERENCE: operation.finds === 'reference' || operation.finds === 'nothing' ? question.get('REFERENCE') || undefined : undefined,
    REFABONNE: operation.subscriber === 'none' ? undefined : question.get('REFABONNE'),
    cardSha1: account.oneCardADay && operation.porteur === 'card' ? cardSha1(question.get('PORTEUR')) : undefined,
  };
}
