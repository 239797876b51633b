import type { OPERATIONS } from '../contracts/index.js';
import type { Activity, Card, TokenCard } from './card.js';
import type { Money } from './money.js';
import type { NumAppel, NumTrans } from './numbers.js';

/** An operation of the table, with its literal types. */
export type AnyOperation = (typeof OPERATIONS)[number];

/** The parameters that stand for one variable of the wire each. */
interface PlainParameters {
  /** The merchant's order reference. */
  reference: { variable: 'REFERENCE'; value: string };
  /** The subscriber's reference. */
  subscriber: { variable: 'REFABONNE'; value: string };
  activity: { variable: 'ACTIVITE'; value: Activity };
  /** Archiving reference for disputes. */
  archiving: { variable: 'ARCHIVAGE'; value: string };
  /** Days to postpone the remittance. */
  deferral: { variable: 'DIFFERE'; value: number };
  /** Authorization obtained by telephone. */
  authorization: { variable: 'AUTORISATION'; value: string };
}

/** The numbers of an earlier transaction, member by member. */
interface NumberMembers {
  numtrans: { variable: 'NUMTRANS'; value: NumTrans };
  numappel: { variable: 'NUMAPPEL'; value: NumAppel };
}

interface CardMembers {
  number: { variable: 'PORTEUR'; value: Card['number'] };
  expiry: { variable: 'DATEVAL'; value: Card['expiry'] };
  cvv: { variable: 'CVV'; value: string };
}

interface TokenMembers {
  token: { variable: 'PORTEUR'; value: TokenCard['token'] };
  expiry: { variable: 'DATEVAL'; value: TokenCard['expiry'] };
  cvv: { variable: 'CVV'; value: string };
}

interface Member {
  readonly variable: string;
  readonly value: unknown;
}

type Takes<O extends AnyOperation> = O['takes'][number];
type May<O extends AnyOperation> = O['optional'][number];

/** Members whose variables are mandatory, required; those whose variables are optional, optional. */
type Members<M, Needed extends string, Allowed extends string> = {
  readonly [K in keyof M as M[K] extends Member ? (M[K]['variable'] extends Needed ? K : never) : never]: M[K] extends Member
    ? M[K]['value']
    : never;
} & {
  readonly [K in keyof M as M[K] extends Member ? (M[K]['variable'] extends Allowed ? K : never) : never]?: M[K] extends Member
    ? M[K]['value'] | undefined
    : never;
};

type Flat<T> = { [K in keyof T]: T[K] };

type Variable<M> = M[keyof M] extends { variable: infer V } ? V : never;

/** A parameter made of members: required where one of them is; where all are optional, left out or whole. */
type Group<Name extends string, M, O extends AnyOperation> = [Extract<Variable<M>, Takes<O>>] extends [never]
  ? [Extract<Variable<M>, May<O>>] extends [never]
    ? unknown
    : { readonly [K in Name]?: Flat<Members<M, May<O>, never>> | undefined }
  : { readonly [K in Name]: Flat<Members<M, Takes<O>, May<O>>> };

type Amount<O extends AnyOperation> =
  'MONTANT' extends Takes<O> ? { readonly amount: Money } : 'MONTANT' extends May<O> ? { readonly amount?: Money | undefined } : unknown;

type Parameters<O extends AnyOperation> = Flat<
  Amount<O> &
    Members<PlainParameters, Takes<O>, May<O>> &
    Group<'card', O['porteur'] extends 'token' ? TokenMembers : CardMembers, O> &
    Group<'transaction', NumberMembers, O>
>;

type InsteadOfCard<P> = (P & { readonly transaction?: never }) | Flat<Omit<P, 'card'> & EarlierTransaction>;

interface EarlierTransaction {
  readonly transaction: { readonly numtrans: NumTrans; readonly numappel: NumAppel };
  readonly card?: never;
}

/**
 * What a method takes, computed from the operations table: a variable the operation cannot miss is a required parameter,
 * one that may be left out an optional one, any other does not compile.
 */
export type ParametersOf<O extends AnyOperation> = O extends { insteadOfCard: readonly string[] }
  ? InsteadOfCard<Parameters<O>>
  : Parameters<O>;
