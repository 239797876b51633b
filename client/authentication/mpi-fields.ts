import { currencyNumber, MPI_VARIABLES, type MpiVariable } from '../../contracts/index.js';
import type { Card } from '../card.js';
import { MisuseError } from '../errors/client-error.js';
import { type Money, moneyProblem } from '../money.js';

/** Who pays, as 3-D Secure 2 asks for it. See docs/protocol.md#section-7. */
export interface Customer {
  /** E-mail address, 6 to 120 characters. */
  readonly email: string;
  /** At most 45 characters. */
  readonly firstName: string;
  /** At most 45 characters. */
  readonly lastName: string;
  /** Street and number, at most 50 characters. */
  readonly address: string;
  /** Postal code, at most 16 characters. */
  readonly zipCode: string;
  /** At most 50 characters. */
  readonly city: string;
  /** ISO 3166, three digits: `250` for France. */
  readonly country: string;
  /** Number of articles ordered, 1 to 99. */
  readonly quantity: number;
}

/** The parameters of `client.authentication`. */
export interface AuthenticationParameters {
  /** The amount of the payment that follows. */
  readonly amount: Money;
  /** The card, with its security code. */
  readonly card: Card & { readonly cvv: string };
  /**
   * Your own number of this authentication, unique, at most 250 characters of ISO-8859-1 without `&`. The result repeats it. Do not use
   * it again for a second attempt.
   */
  readonly session: string;
  /** Where the result goes. Default: the addresses of the account. */
  readonly urls?:
    | {
        /** URLHttpDirect: the gateway calls it with the result. At most 1024 characters. */
        readonly server?: string | undefined;
        /** URLRetour: the customer's browser posts the result to it. At most 1024 characters. */
        readonly browser?: string | undefined;
      }
    | undefined;
  /** The variables of 3-D Secure 2. Without them the authentication is one of version 1. */
  readonly customer?: Customer | undefined;
}

/** A field of the form that starts an authentication. */
export type MpiField = readonly [name: string, value: string];

type UnknownRecord = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => string | undefined;

/** Which parameter a variable is written from, and what its value must be beside the limits of {@link MPI_VARIABLES}. */
interface FieldSource {
  /** The parameter and, if it has members, the member. */
  readonly path: readonly [parameter: string, member?: string];
  /** Returns what the value must be, or undefined if it is valid. Default: text without control characters. */
  readonly check?: Check;
  /** The parameter can be left out. */
  readonly isOptional?: true;
}

const textProblem: Check = (value) => {
  if (typeof value !== 'string') return 'must be a string';
  return /\p{Cc}/u.test(value) ? 'must not contain control characters' : undefined;
};

// The result comes back in ISO-8859-1, and what it signs is not clear if a value contains the separator.
const sessionProblem: Check = (value) => {
  if (typeof value !== 'string') return 'must be a string';
  return /^[\x20-\x25\x27-\x7e\xa0-\xff]*$/.test(value) ? undefined : 'must be printable characters of ISO-8859-1 without &';
};

const urlProblem: Check = (value) =>
  typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value)
    ? textProblem(value)
    : 'must be an address that starts with https:// or http://';

const emailProblem: Check = (value) =>
  typeof value === 'string' && /^[^\s@]+@[^\s@]+$/.test(value) ? textProblem(value) : 'must be an e-mail address';

const countryProblem: Check = (value) =>
  typeof value === 'string' && /^(?!000)\d{3}$/.test(value) ? undefined : 'must be the code of ISO 3166 of three digits: 250 for France';

const quantityProblem: Check = (value) =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 99 ? undefined : 'must be an integer from 1 to 99';

// checkAmount has validated the amount as a whole.
const noProblem: Check = () => undefined;

const SOURCES: Readonly<Record<string, FieldSource>> = {
  IdMerchant: { path: ['identifiant'], check: noProblem },
  IdSession: { path: ['session'], check: sessionProblem },
  Amount: { path: ['amount', 'value'], check: noProblem },
  Currency: { path: ['amount', 'devise'], check: noProblem },
  CCNumber: { path: ['card', 'number'] },
  CCExpDate: { path: ['card', 'expiry'] },
  CVVCode: { path: ['card', 'cvv'] },
  URLHttpDirect: { path: ['urls', 'server'], check: urlProblem, isOptional: true },
  URLRetour: { path: ['urls', 'browser'], check: urlProblem, isOptional: true },
  EmailPorteur: { path: ['customer', 'email'], check: emailProblem },
  FirstName: { path: ['customer', 'firstName'] },
  LastName: { path: ['customer', 'lastName'] },
  Address1: { path: ['customer', 'address'] },
  ZipCode: { path: ['customer', 'zipCode'] },
  City: { path: ['customer', 'city'] },
  CountryCode: { path: ['customer', 'country'], check: countryProblem },
  TotalQuantity: { path: ['customer', 'quantity'], check: quantityProblem },
};

/** The parameters of the caller: those of the table without the account's identifiant. */
const PARAMETERS = [...new Set(Object.values(SOURCES).map(({ path }) => path[0]))].filter((name) => name !== 'identifiant');

const membersOf = (parameter: string): string[] =>
  Object.values(SOURCES).flatMap(({ path }) => (path[0] === parameter && path[1] !== undefined ? [path[1]] : []));

const misuse = (problem: string): MisuseError => new MisuseError(`authentication: ${problem}.`);

const isRecord = (value: unknown): value is UnknownRecord => typeof value === 'object' && value !== null;

function rejectUnknownNames(where: string, given: UnknownRecord, known: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => given[name] !== undefined && !known.includes(name));
  if (unknown !== undefined) throw misuse(`${where}does not accept ${unknown}; it accepts ${known.join(', ')}`);
}

function checkNames(given: UnknownRecord): void {
  rejectUnknownNames('', given, PARAMETERS);
  for (const parameter of ['card', 'urls', 'customer']) {
    const value = given[parameter];
    if (value === undefined) continue;
    if (!isRecord(value)) throw misuse(`${parameter} must be an object`);
    rejectUnknownNames(`${parameter} `, value, membersOf(parameter));
  }
}

const lengthText = ([min, max]: MpiVariable['length']): string => (min === max ? String(min) : `${min} to ${max}`);

function limitProblem({ format, length }: MpiVariable, text: string): string | undefined {
  const [min, max] = length;
  const size = [...text].length;
  const isValid = size >= min && size <= max && (format === 'text' || /^\d+$/.test(text));
  return isValid ? undefined : `must have ${lengthText(length)} ${format === 'text' ? 'characters' : 'digits'}`;
}

function valueAt(parameters: UnknownRecord, [parameter, member]: FieldSource['path']): unknown {
  const value = parameters[parameter];
  if (member === undefined) return value;
  return isRecord(value) ? value[member] : undefined;
}

function fieldsOf(variable: MpiVariable, parameters: UnknownRecord): MpiField[] {
  const source = SOURCES[variable.name];
  if (!source) throw new Error(`No parameter is defined for the variable ${variable.name}.`);
  if (variable.needed === 'version2' && parameters.customer === undefined) return [];
  const value = valueAt(parameters, source.path);
  const path = source.path.join('.');
  if (value === undefined && source.isOptional) return [];
  if (value === undefined) throw misuse(`${path} is missing (${variable.name})`);
  const problem = (source.check ?? textProblem)(value) ?? limitProblem(variable, String(value));
  if (problem !== undefined) throw misuse(`${path} ${problem} (${variable.name})`);
  return [[variable.name, String(value)]];
}

/**
 * Converts the parameters of an authentication to the fields of the form, in the order of {@link MPI_VARIABLES}.
 *
 * @param identifiant IDENTIFIANT of the account
 * @throws MisuseError naming the parameter that is missing, not accepted or not valid. Never shows its value
 */
export function mpiFieldsOf(given: unknown, identifiant: string | undefined): MpiField[] {
  if (!isRecord(given)) throw misuse('the parameters must be an object');
  if (identifiant === undefined || !/^\d{1,9}$/.test(identifiant))
    throw misuse('needs the IDENTIFIANT of the account, one to nine digits; set identifiant in the options of createClient');
  checkNames(given);
  const problem = moneyProblem(given.amount);
  if (problem !== undefined) throw misuse(`amount: ${problem}`);
  const { value, currency } = given.amount as Money;
  const parameters = { ...given, identifiant, amount: { value, devise: currencyNumber(currency) } };
  return MPI_VARIABLES.flatMap((variable) => fieldsOf(variable, parameters));
}
