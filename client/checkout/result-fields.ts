import { RENEWAL, type ReturnField, type ReturnLetter, readReturnFields } from '../../contracts/index.js';

/** The fields of a result if none are given, as PBX_RETOUR has them. See docs/protocol.md#section-9. */
export const DEFAULT_RESULT_FIELDS =
  'amount:M;reference:R;call:T;transaction:S;authorization:A;subscription:B;cardType:C;expiry:D;code:E;authentication:F;guarantee:G;bin:N;last:J;token:U;date:W;time:Q;sign:K';

/** Without these the client cannot tell what a result says, or whether it is authentic. */
const REQUIRED: readonly ReturnLetter[] = ['M', 'R', 'E', 'K'];

const isRepeated = (texts: readonly string[]): boolean => new Set(texts).size < texts.length;

function problemOf(fields: readonly ReturnField[]): string | undefined {
  const [names, letters] = [fields.map(({ name }) => name), fields.map(({ letter }) => letter)];
  const absent = REQUIRED.find((letter) => !letters.includes(letter));
  if (absent !== undefined) return `must have a field with the letter ${absent}`;
  if (letters.at(-1) !== 'K') return 'must have the signature, K, last';
  if (isRepeated(names) || isRepeated(letters)) return 'must have each name and each letter once';
  // The gateway writes this name itself. Other characters are encoded by some programs and not by others.
  const wrong = names.find((name) => name === RENEWAL.name || !/^[\w.-]+$/.test(name));
  return wrong === undefined ? undefined : `must have names of letters, digits, _ . - other than ${RENEWAL.name}`;
}

/**
 * Reads the fields of a result and checks that the client can use them.
 *
 * @param text as PBX_RETOUR has them: `amount:M;reference:R;code:E;sign:K`
 * @returns the fields, or what they must be
 */
export function readResultFields(text: unknown): readonly ReturnField[] | { readonly problem: string } {
  const fields = typeof text === 'string' ? readReturnFields(text) : { wrong: '' };
  if ('wrong' in fields) return { problem: 'must be name:letter;name:letter with letters of PBX_RETOUR' };
  const problem = problemOf(fields);
  return problem === undefined ? fields : { problem };
}
