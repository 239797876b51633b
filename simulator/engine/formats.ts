import { ACTIVITIES, isCurrency, NUMQUESTION_MAX, type Operation } from '../../contracts/index.js';
import type { Account } from './account.js';
import { isDate } from './calendar.js';
import { finding } from './finding.js';
import { messageText } from './finding-messages.js';
import type { Question } from './question.js';
import { makeRefusal, quoteForMessage, type Refusal, withReason } from './refusal.js';

interface Format {
  readonly name: string;
  /** The CODEREPONSE if the value is not valid. */
  readonly code: string;
  readonly isValid: (value: string, operation: Operation, account: Account) => boolean;
  /** The expected format, for the message. */
  readonly expected: string;
}

/** Whether a DATEQ is a date of the calendar, with a time of day or without. */
export function isCalendarDate(value: string): boolean {
  const hasFormat = /^\d{8}(?:([01]\d|2[0-3])[0-5]\d[0-5]\d)?$/.test(value);
  return hasFormat && isDate(Number(value.slice(4, 8)), Number(value.slice(2, 4)), Number(value.slice(0, 2)));
}

const MAX_TEXT_LENGTH = 250;
const SHORT_TEXT = messageText('expected', 'length', { max: MAX_TEXT_LENGTH });

const isText = (value: string): boolean => value.length <= MAX_TEXT_LENGTH;

/** The formats in the order in which the gateway checks them. See docs/protocol.md#refusal-5. */
const FORMATS: readonly Format[] = [
  {
    name: 'NUMQUESTION',
    code: '00005',
    isValid: (value) => /^\d{1,10}$/.test(value) && Number(value) >= 1 && Number(value) <= NUMQUESTION_MAX,
    expected: messageText('expected', 'number', { max: NUMQUESTION_MAX }),
  },
  {
    name: 'DATEQ',
    code: '00007',
    isValid: (value, _, { variants }) => (variants.dateq === 'calendar' ? isCalendarDate(value) : /^\d{8}(\d{6})?$/.test(value)),
    expected: messageText('expected', 'date'),
  },
  { name: 'DEVISE', code: '00010', isValid: isCurrency, expected: messageText('expected', 'currency') },
  {
    name: 'MONTANT',
    code: '00011',
    isValid: (value, operation) => /^\d{1,10}$/.test(value) && (operation.zeroAmount || Number(value) > 0),
    expected: messageText('expected', 'amount'),
  },
  { name: 'REFERENCE', code: '00012', isValid: isText, expected: SHORT_TEXT },
  { name: 'REFABONNE', code: '00012', isValid: isText, expected: SHORT_TEXT },
  {
    name: 'ACTIVITE',
    code: '00026',
    isValid: (value) => ACTIVITIES.has(value),
    expected: messageText('expected', 'oneOf', { values: [...ACTIVITIES].join(', ') }),
  },
];

/** Refuses a variable that is present but malformed. See docs/protocol.md#refusal-5. */
export function checkFormats(question: Question, operation: Operation, account: Account): Refusal | undefined {
  // An inquiry may carry a MONTANT, which has no effect and is not checked.
  const isChecked = (name: string): boolean => name !== 'MONTANT' || operation.takes.includes('MONTANT');
  const wrong = FORMATS.find(({ name, isValid }) => {
    const value = question.get(name);
    return value !== '' && isChecked(name) && !isValid(value, operation, account);
  });
  if (!wrong) return undefined;
  const { name, code, expected } = wrong;
  const sent = question.get(name);
  const value = quoteForMessage(sent);
  // Some languages give the number of a currency as an integer.
  const reason =
    name === 'DEVISE' && /^\d{1,2}$/.test(sent)
      ? finding('variable-malformed', 'currency', { value, expected, padded: sent.padStart(3, '0') })
      : finding('variable-malformed', 'format', { name, value, expected });
  return withReason(makeRefusal(code), reason);
}
