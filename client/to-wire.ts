import { type Operation, VARIABLE_BY_NAME } from '../contracts/index.js';
import { ACTIVITY_CODES, type Activity } from './card.js';
import { MisuseError } from './errors/misuse-error.js';
import { problemOfMoney } from './money.js';
import { isNumber } from './numbers.js';
import type { WireVariables } from './wire-variables.js';

type Values = Readonly<Record<string, unknown>>;

/** Where a variable of the wire comes from, and how it is written. */
interface Source {
  /** The parameter, and the member of it. */
  readonly path: readonly [parameter: string, member?: string];
  /** What a value should be; undefined where it is. */
  readonly problem: (value: unknown) => string | undefined;
  readonly write?: (value: never) => string;
}

const number = (value: unknown): string | undefined =>
  isNumber(value) ? undefined : 'is a string of one to ten digits, as a reply gave it';

// A customer's typing error is the gateway's to refuse (00004, 00008), not a mistake of the program.
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? undefined : 'is a text that is not empty';

const upTo =
  (variable: string) =>
  (value: unknown): string | undefined => {
    const max = VARIABLE_BY_NAME.get(variable)?.length[1] ?? 0;
    return text(value) ?? ((value as string).length > max ? `is at most ${max} characters long` : undefined);
  };

const days = (value: unknown): string | undefined =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 999 ? undefined : 'is a whole number of days from 0 to 999';

const activity = (value: unknown): string | undefined =>
  typeof value === 'string' && Object.hasOwn(ACTIVITY_CODES, value) ? undefined : `is one of ${Object.keys(ACTIVITY_CODES).join(', ')}`;

// The amount is checked as a whole, before.
const checkedBefore = (): undefined => undefined;

const SOURCES: Readonly<Record<string, Source>> = {
  MONTANT: { path: ['amount', 'value'], problem: checkedBefore, write: (value: number) => String(value) },
  DEVISE: { path: ['amount', 'devise'], problem: checkedBefore },
  NUMTRANS: { path: ['transaction', 'numtrans'], problem: number },
  NUMAPPEL: { path: ['transaction', 'numappel'], problem: number },
  DATEVAL: { path: ['card', 'expiry'], problem: text },
  CVV: { path: ['card', 'cvv'], problem: text },
  REFERENCE: { path: ['reference'], problem: upTo('REFERENCE') },
  REFABONNE: { path: ['subscriber'], problem: upTo('REFABONNE') },
  ACTIVITE: { path: ['activity'], problem: activity, write: (value: Activity) => ACTIVITY_CODES[value] },
  ARCHIVAGE: { path: ['archiving'], problem: upTo('ARCHIVAGE') },
  DIFFERE: { path: ['deferral'], problem: days, write: (value: number) => String(value).padStart(3, '0') },
  AUTORISATION: { path: ['authorization'], problem: upTo('AUTORISATION') },
};

const CARD_SOURCE: Source = { path: ['card', 'number'], problem: text };
const TOKEN_SOURCE: Source = { path: ['card', 'token'], problem: text };

function sourceOf(operation: Operation, variable: string): Source {
  if (variable === 'PORTEUR') return operation.porteur === 'token' ? TOKEN_SOURCE : CARD_SOURCE;
  const source = SOURCES[variable];
  if (!source) throw new Error(`No parameter stands for ${variable}.`);
  return source;
}

const isObject = (value: unknown): value is Values => typeof value === 'object' && value !== null;

function valueAt(parameters: Values, [parameter, member]: Source['path']): unknown {
  const value = parameters[parameter];
  if (member === undefined || value === undefined) return value;
  return isObject(value) ? value[member] : undefined;
}

interface Use {
  readonly variable: string;
  readonly source: Source;
  readonly isNeeded: boolean;
  /** Whether the parameter itself may be there without this member of it. */
  readonly mayMiss: boolean;
}

/** The variables the operation may carry and where they come from, in the order they are sent. */
function usesOf(operation: Operation, parameters: Values): Use[] {
  const { takes, optional, insteadOfCard = [] } = operation;
  const byTransaction = insteadOfCard.length > 0 && parameters.transaction !== undefined;
  const card = byTransaction ? ['PORTEUR', 'DATEVAL', 'CVV'] : [];
  const needed = [...takes, ...(byTransaction ? insteadOfCard : [])].filter((variable) => !card.includes(variable));
  const allowed = optional.filter((variable) => !card.includes(variable));
  const neededParameters = needed.map((variable) => sourceOf(operation, variable).path[0]);
  const use = (isNeeded: boolean) => (variable: string) => {
    const source = sourceOf(operation, variable);
    return { variable, source, isNeeded, mayMiss: !isNeeded && neededParameters.includes(source.path[0]) };
  };
  return [...needed.map(use(true)), ...allowed.map(use(false))];
}

function rejectStrangers(name: string, parameters: Values, uses: readonly Use[]): void {
  const known = [...new Set(uses.map(({ source }) => source.path[0]))];
  const stranger = Object.keys(parameters).find((key) => parameters[key] !== undefined && !known.includes(key));
  if (stranger !== undefined) throw new MisuseError(`${name}: takes no ${stranger}; it takes ${known.join(', ')}.`);
}

function checkAmount({ name, zeroAmount }: Operation, amount: unknown): void {
  if (amount === undefined) return;
  const problem = problemOfMoney(amount);
  if (problem !== undefined) throw new MisuseError(`${name}: amount: ${problem}.`);
  if (!zeroAmount && (amount as { value: number }).value === 0) throw new MisuseError(`${name}: amount: zero is no amount to ${name}.`);
}

function writeVariable(name: string, { variable, source, isNeeded, mayMiss }: Use, parameters: Values): string | undefined {
  const value = valueAt(parameters, source.path);
  const path = source.path.join('.');
  if (value === undefined) {
    if (mayMiss || (!isNeeded && parameters[source.path[0]] === undefined)) return undefined;
    throw new MisuseError(`${name}: ${path} is missing (${variable}).`);
  }
  const problem = source.problem(value);
  if (problem !== undefined) throw new MisuseError(`${name}: ${path} ${problem} (${variable}).`);
  return source.write ? source.write(value as never) : (value as string);
}

/**
 * The variables of the wire that a method's parameters stand for, in the order of the operations table.
 *
 * @param devise looks up the DEVISE of a currency's three letters
 * @throws MisuseError where a parameter is missing, of no use to the operation, or not what it should be
 */
export function toWire(operation: Operation, given: unknown, devise: (currency: string) => string | undefined): WireVariables {
  const { name } = operation;
  if (!isObject(given)) throw new MisuseError(`${name}: takes an object of parameters.`);
  const uses = usesOf(operation, given);
  rejectStrangers(name, given, uses);
  checkAmount(operation, given.amount);
  const amount = isObject(given.amount) ? { ...given.amount, devise: devise(String(given.amount.currency)) } : undefined;
  const parameters = { ...given, amount };
  const variables: Record<string, string> = {};
  for (const use of uses) {
    const value = writeVariable(name, use, parameters);
    if (value !== undefined) variables[use.variable] = value;
  }
  return variables;
}
