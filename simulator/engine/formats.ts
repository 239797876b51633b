import { ACTIVITIES, isCurrency, NUMQUESTION_MAX, type Operation } from '../../contracts/index.js';
import { isDate } from './calendar.js';
import type { Question } from './question.js';
import { quoted, type Refusal, refuse, withReason } from './refusal.js';

interface Format {
  readonly name: string;
  readonly code: string;
  readonly isGood: (value: string, operation: Operation) => boolean;
  /** How it is to be written. */
  readonly says: string;
}

function isQuestionDate(value: string): boolean {
  const isWritten = /^\d{8}(?:([01]\d|2[0-3])[0-5]\d[0-5]\d)?$/.test(value);
  return isWritten && isDate(Number(value.slice(4, 8)), Number(value.slice(2, 4)), Number(value.slice(0, 2)));
}

const isText = (value: string): boolean => value.length <= 250;

/** The formats in the order the gateway looks at them. Protocol sheet, section 3, step 4. */
const FORMATS: readonly Format[] = [
  {
    name: 'NUMQUESTION',
    code: '00005',
    isGood: (value) => /^\d{1,10}$/.test(value) && Number(value) <= NUMQUESTION_MAX,
    says: `1 to 10 digits, at most ${NUMQUESTION_MAX}`,
  },
  { name: 'DATEQ', code: '00007', isGood: isQuestionDate, says: 'DDMMYYYY or DDMMYYYYHHMMSS' },
  { name: 'DEVISE', code: '00010', isGood: isCurrency, says: 'the numeric code of an ISO 4217 currency, 978 for the euro' },
  {
    name: 'MONTANT',
    code: '00011',
    isGood: (value, operation) => /^\d{1,10}$/.test(value) && (operation.zeroAmount || Number(value) > 0),
    says: '1 to 10 digits above zero, in minor units: 1000 for 10.00 EUR',
  },
  { name: 'REFERENCE', code: '00012', isGood: isText, says: 'at most 250 characters' },
  { name: 'REFABONNE', code: '00012', isGood: isText, says: 'at most 250 characters' },
  { name: 'ACTIVITE', code: '00026', isGood: (value) => ACTIVITIES.has(value), says: `one of ${[...ACTIVITIES].join(', ')}` },
];

/** Step 4 of the refusals: a variable that is there and not written as it should be. */
export function checkFormats(question: Question, operation: Operation): Refusal | undefined {
  // An inquiry may carry a MONTANT, which nothing depends on.
  const asked = (name: string): boolean => name !== 'MONTANT' || operation.takes.includes('MONTANT');
  const wrong = FORMATS.find(({ name, isGood }) => {
    const value = question.get(name);
    return value !== '' && asked(name) && !isGood(value, operation);
  });
  return (
    wrong &&
    withReason(refuse(wrong.code), 'variable-malformed', `${wrong.name} is ${quoted(question.get(wrong.name))}; it must be ${wrong.says}.`)
  );
}
