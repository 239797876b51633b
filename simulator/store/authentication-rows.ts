import type { Authentication, AuthenticationUse } from '../engine/authentication.js';
import { isConfirmation, isID3D, isOutcome, isResultFaults, isResultOrder, isWrongCodes } from './authentication-values.js';
import { damagedRow, isInstant, isIntegerUpTo, isText, readJson, rowCheck, type ValueCheck } from './row-checks.js';

/** A row of `authentications`. */
export interface AuthenticationRow {
  readonly ID3D: number;
  readonly account: string;
  readonly IdSession: string;
  /** All other properties, as JSON. */
  readonly data: string;
}

/** The columns of `authentications` except `gateway`, in the order of {@link authenticationValues}. */
export const AUTHENTICATION_COLUMNS = ['ID3D', 'account', 'IdSession', 'data'] as const satisfies readonly (keyof AuthenticationRow)[];

type Data = Omit<Authentication, 'ID3D' | 'account' | 'IdSession'>;

/** Returns the column values of an authentication. */
export function authenticationValues({ ID3D, account, IdSession, ...data }: Authentication): unknown[] {
  return [Number(ID3D), account, IdSession, JSON.stringify(data)];
}

const checkAuthentication = rowCheck('authentications', {
  ID3D: (value) => typeof value === 'number' && isID3D(String(value)),
  account: isText,
  IdSession: isText,
  data: isText,
});

const isObjectOf =
  (members: Readonly<Record<string, ValueCheck>>): ValueCheck =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(members).every(([name, isValid]) => isValid((value as Readonly<Record<string, unknown>>)[name]));

const isUse = isObjectOf({ payment: isText, at: isInstant } satisfies Record<keyof AuthenticationUse, ValueCheck>);

const DATA_CHECKS: Readonly<Record<keyof Data, ValueCheck>> = {
  MONTANT: isIntegerUpTo(9_999_999_999),
  DEVISE: isText,
  card: isObjectOf({ mask: isText, sha1: isText, TYPECARTE: isText, PAYS: isText } satisfies Record<keyof Data['card'], ValueCheck>),
  version: (value) => value === 1 || value === 2,
  URLHttpDirect: isText,
  URLRetour: isText,
  startedAt: isInstant,
  expiresAt: isInstant,
  outcome: isOutcome,
  endedAt: isInstant,
  confirmed: isConfirmation,
  wrongCodes: isWrongCodes,
  order: isResultOrder,
  faults: isResultFaults,
  usedBy: (value) => Array.isArray(value) && value.every(isUse),
};
const DATA_NAMES = Object.keys(DATA_CHECKS) as (keyof Data)[];
const isData = isObjectOf(DATA_CHECKS);

/** Reads an authentication from its row. Data of later versions are left out. */
export function readAuthentication(row: AuthenticationRow): Authentication {
  checkAuthentication(row);
  const data = readJson<Data>('authentications', 'data', row.data);
  if (!isData(data)) throw damagedRow('authentications', 'data');
  const known = Object.fromEntries(DATA_NAMES.map((name) => [name, data[name]])) as unknown as Data;
  return { ID3D: String(row.ID3D), account: row.account, IdSession: row.IdSession, ...known };
}
