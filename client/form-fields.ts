import type { BrowserField } from './browser-form.js';
import { MisuseError } from './errors/client-error.js';

/** Parameters or members of one, before they are checked. */
export type UnknownRecord = Readonly<Record<string, unknown>>;

/** Returns what a value must be, or undefined if it is valid. */
export type Check = (value: unknown) => string | undefined;

/** The limits of a variable, as the tables of the contracts have them. */
export interface VariableLimits {
  readonly name: string;
  readonly format: 'digits' | 'text';
  /** Minimum and maximum length in characters. */
  readonly length: readonly [min: number, max: number];
}

/** Which parameter a variable of a form is written from, and what its value must be beside the limits of the variable. */
export interface FieldSource {
  /** The parameter and, if it has members, the member and those below it. */
  readonly path: readonly [parameter: string, ...members: string[]];
  /** Default: {@link textProblem}. */
  readonly check?: Check;
  /** Returns the value of the variable; undefined: it is not sent. Default: the value as it is. */
  readonly write?: (value: never, parameters: UnknownRecord) => string | undefined;
  /** The parameter can be left out. */
  readonly isOptional?: true;
}

/** Whether a value has members. */
export const isRecord = (value: unknown): value is UnknownRecord => typeof value === 'object' && value !== null;

/** The value is a text without control characters. A browser changes line ends, and a header or a log must not get any. */
const textProblem: Check = (value) => {
  if (typeof value !== 'string') return 'must be a string';
  return /\p{Cc}/u.test(value) ? 'must not contain control characters' : undefined;
};

/** The value is the address of a web page. */
export const urlProblem: Check = (value) =>
  typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value)
    ? textProblem(value)
    : 'must be an address that starts with https:// or http://';

/** The value is an e-mail address. */
export const emailProblem: Check = (value) =>
  typeof value === 'string' && /^[^\s@]+@[^\s@]+$/.test(value) ? textProblem(value) : 'must be an e-mail address';

/** The value is a country, ISO 3166 numeric. */
export const countryProblem: Check = (value) =>
  typeof value === 'string' && /^(?!000)\d{3}$/.test(value) ? undefined : 'must be the code of ISO 3166 of three digits: 250 for France';

/** The value is true or false. */
export const booleanProblem: Check = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');

/** Makes the check of one of a few texts. */
export const choiceProblem =
  (choices: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && choices.includes(value) ? undefined : `must be one of ${choices.join(', ')}`;

/** Makes the check of a whole number. */
export const integerProblem =
  (min: number, max: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max
      ? undefined
      : `must be an integer from ${min} to ${max}`;

/** What was validated before. */
export const noProblem: Check = () => undefined;

const lengthText = ([min, max]: VariableLimits['length']): string => (min === max ? String(min) : `${min} to ${max}`);

/** Returns what the value of a variable must be, or undefined if it is within the limits. */
function limitProblem({ format, length }: VariableLimits, text: string): string | undefined {
  const [min, max] = length;
  const size = [...text].length;
  const isValid = size >= min && size <= max && (format === 'text' || /^\d+$/.test(text));
  return isValid ? undefined : `must have ${lengthText(length)} ${format === 'text' ? 'characters' : 'digits'}`;
}

const valueAt = (parameters: UnknownRecord, path: FieldSource['path']): unknown =>
  path.reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), parameters);

/** Which parameters a method accepts, and the members of those that are objects. */
export interface AcceptedNames {
  readonly parameters: readonly string[];
  readonly members: Readonly<Record<string, readonly string[]>>;
}

/**
 * Returns the names that a table of sources accepts.
 *
 * @param own parameters that the client adds itself
 * @param objects parameters that are objects of the caller's own making
 */
export function acceptedNames(
  sources: Readonly<Record<string, FieldSource>>,
  { own, objects }: { readonly own: readonly string[]; readonly objects: readonly string[] },
): AcceptedNames {
  const paths = Object.values(sources).map(({ path }) => path);
  const membersOf = (parameter: string): string[] => [
    ...new Set(paths.flatMap(([name, member]) => (name === parameter && member !== undefined ? [member] : []))),
  ];
  return {
    parameters: [...new Set(paths.map(([parameter]) => parameter))].filter((parameter) => !own.includes(parameter)),
    members: Object.fromEntries(objects.map((parameter) => [parameter, membersOf(parameter)] as const)),
  };
}

/** Checks and writes the parameters of one method of the client. Its errors name the parameter that is not valid, and never show its value. */
export class FormWriter {
  readonly #method: string;

  /** @param method the name of the method, for errors */
  constructor(method: string) {
    this.#method = method;
  }

  /** Makes the error of a parameter. */
  misuse(problem: string): MisuseError {
    return new MisuseError(`${this.#method}: ${problem}.`);
  }

  /**
   * Checks the IDENTIFIANT of the account, which is optional for other methods.
   *
   * @throws MisuseError if it is missing or not one to nine digits
   */
  checkIdentifiant(identifiant: string | undefined): void {
    if (identifiant === undefined || !/^\d{1,9}$/.test(identifiant))
      throw this.misuse('needs the IDENTIFIANT of the account, one to nine digits; set identifiant in the options of createClient');
  }

  /**
   * Checks that a record has no other members than the known ones. A member that is undefined counts as left out.
   *
   * @param where the parameter and a space; empty: the parameters themselves
   * @throws MisuseError naming the first other member
   */
  checkMembers(where: string, given: UnknownRecord, known: readonly string[]): void {
    const unknown = Object.keys(given).find((name) => given[name] !== undefined && !known.includes(name));
    if (unknown !== undefined) throw this.misuse(`${where}does not accept ${unknown}; it accepts ${known.join(', ')}`);
  }

  /**
   * Checks that the parameters have no other names than the accepted ones, and that those with members are objects.
   *
   * @throws MisuseError naming the first that is not valid
   */
  checkNames(given: UnknownRecord, { parameters, members }: AcceptedNames): void {
    this.checkMembers('', given, parameters);
    for (const [parameter, known] of Object.entries(members)) {
      const value = given[parameter];
      if (value === undefined) continue;
      if (!isRecord(value)) throw this.misuse(`${parameter} must be an object`);
      this.checkMembers(`${parameter} `, value, known);
    }
  }

  /**
   * Checks a parameter and writes the variable that is made from it.
   *
   * @returns an empty array if the variable is not sent
   * @throws MisuseError if the parameter is missing or not valid
   */
  write(variable: VariableLimits, source: FieldSource, parameters: UnknownRecord): BrowserField[] {
    const value = valueAt(parameters, source.path);
    const path = source.path.join('.');
    if (value === undefined && source.isOptional) return [];
    if (value === undefined) throw this.misuse(`${path} is missing (${variable.name})`);
    const wrong = (source.check ?? textProblem)(value);
    const text = wrong === undefined ? (source.write ?? String)(value as never, parameters) : '';
    if (text === undefined) return [];
    const problem = wrong ?? limitProblem(variable, text);
    if (problem !== undefined) throw this.misuse(`${path} ${problem} (${variable.name})`);
    return [[variable.name, text]];
  }
}
