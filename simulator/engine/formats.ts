import { ACTIVITIES, isCurrency, NUMQUESTION_MAX, type Operation } from '../../contracts/index.js';
import type { Account } from './account.js';
import { isDate } from './calendar.js';
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

const isText = (value: string): boolean => value.length <= 250;

/** The formats in the order in which the gateway checks them. See docs/protocol.md#refusal-5. */
const FORMATS: readonly Format[] = [
  {
    name: 'NUMQUESTION',
    code: '00005',
    isValid: (value) => /^\d{1,10}$/.test(value) && Number(value) >= 1 && Number(value) <= NUMQUESTION_MAX,
    expected: `1 to 10 digits, from 1 to ${NUMQUESTION_MAX}`,
  },
  {
    name: 'DATEQ',
    code: '00007',
    isValid: (value, _, { variants }) => (variants.dateq === 'calendar' ? isCalendarDate(value) : /^\d{8}(\d{6})?$/.test(value)),
    expected: 'DDMMYYYY or DDMMYYYYHHMMSS, a date of the calendar if the account has the variant dateq: calendar',
  },
  { name: 'DEVISE', code: '00010', isValid: isCurrency, expected: 'the numeric code of an ISO 4217 currency, 978 for the euro' },
  {
    name: 'MONTANT',
    code: '00011',
    isValid: (value, operation) => /^\d{1,10}$/.test(value) && (operation.zeroAmount || Number(value) > 0),
    expected: '1 to 10 digits above zero, in minor units: 1000 for 10.00 EUR',
  },
  { name: 'REFERENCE', code: '00012', isValid: isText, expected: 'at most 250 characters' },
  { name: 'REFABONNE', code: '00012', isValid: isText, expected: 'at most 250 characters' },
  { name: 'ACTIVITE', code: '00026', isValid: (value) => ACTIVITIES.has(value), expected: `one of ${[...ACTIVITIES].join(', ')}` },
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
  const value = question.get(wrong.name);
  // Some languages give the number of a currency as an integer.
  const hint = wrong.name === 'DEVISE' && /^\d{1,2}$/.test(value) ? `, three digits: ${value.padStart(3, '0')}` : '';
  const message = `${wrong.name} is ${quoteForMessage(value)}; it must be ${wrong.expected}${hint}.`;
  return withReason(makeRefusal(wrong.code), 'variable-malformed', message);
}
