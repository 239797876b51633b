import { currencyNumber, type Operation, VARIABLE_BY_NAME } from '../contracts/index.js';
import { ACTIVITY_CODES, type Activity } from './card.js';
import { MisuseError } from './errors/client-error.js';
import { moneyProblem } from './money.js';
import { isId3d, isNumber } from './numbers.js';

type UnknownRecord = Readonly<Record<string, unknown>>;

/** Which parameter a variable is written from, and how. */
interface ParameterSource {
  /** The parameter and, if it has members, the member. */
  readonly path: readonly [parameter: string, member?: string];
  /** Returns what the value must be, or undefined if it is valid. */
  readonly problem: (value: unknown) => string | undefined;
  /** Default: the value is a string and is sent unchanged. */
  readonly write?: (value: never) => string;
}

const numberProblem = (value: unknown): string | undefined =>
  isNumber(value) ? undefined : 'must be a string of one to ten digits, as in the reply';

// A wrong card number or expiry is the customer's mistake, not the program's: the gateway refuses it (00004, 00008).
const textProblem = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? undefined : 'must be a non-empty string';

const lengthProblem =
  (variable: string) =>
  (value: unknown): string | undefined => {
    const max = VARIABLE_BY_NAME.get(variable)?.length[1] ?? 0;
    return textProblem(value) ?? ((value as string).length > max ? `must be at most ${max} characters long` : undefined);
  };

const id3dProblem = (value: unknown): string | undefined =>
  isId3d(value) ? undefined : 'must be a string of one to twenty digits, as readAuthentication returns it';

const daysProblem = (value: unknown): string | undefined =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 999 ? undefined : 'must be an integer from 0 to 999 (days)';

const activityProblem = (value: unknown): string | undefined =>
  typeof value === 'string' && Object.hasOwn(ACTIVITY_CODES, value)
    ? undefined
    : `must be one of ${Object.keys(ACTIVITY_CODES).join(', ')}`;

// checkAmount has validated the amount as a whole.
const noProblem = (): undefined => undefined;

const SOURCES: Readonly<Record<string, ParameterSource>> = {
  MONTANT: { path: ['amount', 'value'], problem: noProblem, write: (value: number) => String(value) },
  DEVISE: { path: ['amount', 'devise'], problem: noProblem },
  NUMTRANS: { path: ['transaction', 'numtrans'], problem: numberProblem },
  NUMAPPEL: { path: ['transaction', 'numappel'], problem: numberProblem },
  DATEVAL: { path: ['card', 'expiry'], problem: textProblem },
  CVV: { path: ['card', 'cvv'], problem: textProblem },
  REFERENCE: { path: ['reference'], problem: lengthProblem('REFERENCE') },
  REFABONNE: { path: ['subscriber'], problem: lengthProblem('REFABONNE') },
  ACTIVITE: { path: ['activity'], problem: activityProblem, write: (value: Activity) => ACTIVITY_CODES[value] },
  ARCHIVAGE: { path: ['archiving'], problem: lengthProblem('ARCHIVAGE') },
  DIFFERE: { path: ['deferral'], problem: daysProblem, write: (value: number) => String(value).padStart(3, '0') },
  AUTORISATION: { path: ['authorization'], problem: lengthProblem('AUTORISATION') },
  ID3D: { path: ['id3d'], problem: id3dProblem },
};

const CARD_SOURCE: ParameterSource = { path: ['card', 'number'], problem: textProblem };
const TOKEN_SOURCE: ParameterSource = { path: ['card', 'token'], problem: textProblem };

function sourceOf(operation: Operation, variable: string): ParameterSource {
  if (variable === 'PORTEUR') return operation.porteur === 'token' ? TOKEN_SOURCE : CARD_SOURCE;
  const source = SOURCES[variable];
  if (!source) throw new Error(`No parameter is defined for the variable ${variable}.`);
  return source;
}

const isRecord = (value: unknown): value is UnknownRecord => typeof value === 'object' && value !== null;

function valueAt(parameters: UnknownRecord, [parameter, member]: ParameterSource['path']): unknown {
  const value = parameters[parameter];
  if (member === undefined || value === undefined) return value;
  return isRecord(value) ? value[member] : undefined;
}

/** A variable the operation may carry. */
interface VariableUse {
  readonly variable: string;
  readonly source: ParameterSource;
  readonly isRequired: boolean;
  /** Whether this member can be missing while the parameter itself is given. */
  readonly isOptionalMember: boolean;
}

/** Returns the variables the operation may carry, in the order they are sent. */
function variableUsesOf(operation: Operation, parameters: UnknownRecord): VariableUse[] {
  const { takes, optional, insteadOfCard = [] } = operation;
  const isByTransaction = insteadOfCard.length > 0 && parameters.transaction !== undefined;
  const replaced = isByTransaction ? ['PORTEUR', 'DATEVAL', 'CVV'] : [];
  const required = [...takes, ...(isByTransaction ? insteadOfCard : [])].filter((variable) => !replaced.includes(variable));
  const allowed = optional.filter((variable) => !replaced.includes(variable));
  const requiredParameters = required.map((variable) => sourceOf(operation, variable).path[0]);
  const use = (isRequired: boolean) => (variable: string) => {
    const source = sourceOf(operation, variable);
    return { variable, source, isRequired, isOptionalMember: !isRequired && requiredParameters.includes(source.path[0]) };
  };
  return [...required.map(use(true)), ...allowed.map(use(false))];
}

function rejectUnknownParameters(name: string, parameters: UnknownRecord, uses: readonly VariableUse[]): void {
  const known = [...new Set(uses.map(({ source }) => source.path[0]))];
  const unknown = Object.keys(parameters).find((key) => parameters[key] !== undefined && !known.includes(key));
  if (unknown !== undefined) throw new MisuseError(`${name}: does not accept ${unknown}; it accepts ${known.join(', ')}.`);
}

function checkAmount({ name, zeroAmount }: Operation, amount: unknown): void {
  if (amount === undefined) return;
  const problem = moneyProblem(amount);
  if (problem !== undefined) throw new MisuseError(`${name}: amount: ${problem}.`);
  if (!zeroAmount && (amount as { value: number }).value === 0) throw new MisuseError(`${name}: amount: must be greater than zero.`);
}

function writeVariable(name: string, use: VariableUse, parameters: UnknownRecord): string | undefined {
  const { variable, source, isRequired, isOptionalMember } = use;
  const value = valueAt(parameters, source.path);
  const path = source.path.join('.');
  if (value === undefined) {
    if (isOptionalMember || (!isRequired && parameters[source.path[0]] === undefined)) return undefined;
    throw new MisuseError(`${name}: ${path} is missing (${variable}).`);
  }
  const problem = source.problem(value);
  if (problem !== undefined) throw new MisuseError(`${name}: ${path} ${problem} (${variable}).`);
  return source.write ? source.write(value as never) : (value as string);
}

/**
 * Converts the parameters of a method to variables of the wire, in the order of the operations table.
 *
 * @throws MisuseError if a parameter is missing, not accepted by the operation, or not valid
 */
export function toWire(operation: Operation, given: unknown): Readonly<Record<string, string>> {
  const { name } = operation;
  if (!isRecord(given)) throw new MisuseError(`${name}: the parameters must be an object.`);
  const uses = variableUsesOf(operation, given);
  rejectUnknownParameters(name, given, uses);
  checkAmount(operation, given.amount);
  const amount = isRecord(given.amount) ? { ...given.amount, devise: currencyNumber(String(given.amount.currency)) } : undefined;
  const parameters = { ...given, amount };
  const variables: Record<string, string> = {};
  for (const use of uses) {
    const value = writeVariable(name, use, parameters);
    if (value !== undefined) variables[use.variable] = value;
  }
  return variables;
}
