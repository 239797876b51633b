import type { OPERATIONS } from '../contracts/index.js';
import type { Activity, Card, TokenCard } from './card.js';
import type { Money } from './money.js';
import type { NumAppel, NumTrans } from './numbers.js';

/** An operation of the table, with its literal types. */
export type AnyOperation = (typeof OPERATIONS)[number];

/** A parameter or a member of one: the variable it is sent as, and its type. */
interface ParameterMapping {
  readonly variable: string;
  readonly value: unknown;
}

/** The parameters that are sent as one variable each. */
interface SingleParameters {
  /** The merchant's order reference. */
  reference: { variable: 'REFERENCE'; value: string };
  /** The subscriber's reference. */
  subscriber: { variable: 'REFABONNE'; value: string };
  activity: { variable: 'ACTIVITE'; value: Activity };
  /** Archiving reference for disputes. */
  archiving: { variable: 'ARCHIVAGE'; value: string };
  /** Days by which the remittance is postponed, 0 to 999. */
  deferral: { variable: 'DIFFERE'; value: number };
  /** Authorization obtained by telephone. */
  authorization: { variable: 'AUTORISATION'; value: string };
  /** The `id3d` of an authentication of the cardholder. */
  id3d: { variable: 'ID3D'; value: string };
}

interface TransactionMembers {
  numtrans: { variable: 'NUMTRANS'; value: NumTrans };
  numappel: { variable: 'NUMAPPEL'; value: NumAppel };
}

interface CardMembers {
  number: { variable: 'PORTEUR'; value: Card['number'] };
  expiry: { variable: 'DATEVAL'; value: Card['expiry'] };
  cvv: { variable: 'CVV'; value: string };
}

interface TokenCardMembers {
  token: { variable: 'PORTEUR'; value: TokenCard['token'] };
  expiry: { variable: 'DATEVAL'; value: TokenCard['expiry'] };
  cvv: { variable: 'CVV'; value: string };
}

type RequiredVariable<O extends AnyOperation> = O['takes'][number];
type OptionalVariable<O extends AnyOperation> = O['optional'][number];

/** An object type with the mappings of `M` whose variables are in `Required` or `Optional`; all others are left out. */
type ObjectOf<M, Required extends string, Optional extends string> = {
  readonly [K in keyof M as M[K] extends ParameterMapping
    ? M[K]['variable'] extends Required
      ? K
      : never
    : never]: M[K] extends ParameterMapping ? M[K]['value'] : never;
} & {
  readonly [K in keyof M as M[K] extends ParameterMapping
    ? M[K]['variable'] extends Optional
      ? K
      : never
    : never]?: M[K] extends ParameterMapping ? M[K]['value'] | undefined : never;
};

type Flatten<T> = { [K in keyof T]: T[K] };

type VariableOf<M> = M[keyof M] extends { variable: infer V } ? V : never;

/** A parameter with members: required if one of its variables is. If all are optional, it can be omitted but not incomplete. */
type ParameterGroup<Name extends string, M, O extends AnyOperation> = [Extract<VariableOf<M>, RequiredVariable<O>>] extends [never]
  ? [Extract<VariableOf<M>, OptionalVariable<O>>] extends [never]
    ? unknown
    : { readonly [K in Name]?: Flatten<ObjectOf<M, OptionalVariable<O>, never>> | undefined }
  : { readonly [K in Name]: Flatten<ObjectOf<M, RequiredVariable<O>, OptionalVariable<O>>> };

type AmountParameter<O extends AnyOperation> =
  'MONTANT' extends RequiredVariable<O>
    ? { readonly amount: Money }
    : 'MONTANT' extends OptionalVariable<O>
      ? { readonly amount?: Money | undefined }
      : unknown;

type TableParameters<O extends AnyOperation> = Flatten<
  AmountParameter<O> &
    ObjectOf<SingleParameters, RequiredVariable<O>, OptionalVariable<O>> &
    ParameterGroup<'card', O['porteur'] extends 'token' ? TokenCardMembers : CardMembers, O> &
    ParameterGroup<'transaction', TransactionMembers, O>
>;

interface TransactionInsteadOfCard {
  readonly transaction: { readonly numtrans: NumTrans; readonly numappel: NumAppel };
  readonly card?: never;
}

type CardOrTransaction<P> = (P & { readonly transaction?: never }) | Flatten<Omit<P, 'card'> & TransactionInsteadOfCard>;

/**
 * The parameters of a method, computed from the operations table. A mandatory variable of the operation is a required parameter, an
 * optional variable an optional parameter. Any other parameter does not compile.
 *
 * - `amount`: {@link Money}, made by `minorUnits`.
 * - `reference`: the merchant's order reference. `subscriber`: the subscriber's reference.
 * - `card`: a {@link Card}, or a {@link TokenCard} for operations on a subscriber's card.
 * - `transaction`: the {@link TransactionNumbers} of the payment to capture, cancel, refund or inquire about.
 * - `activity`, `archiving`, `deferral`, `authorization`: ACTIVITE, ARCHIVAGE, DIFFERE (days), AUTORISATION.
 * - `id3d`: ID3D, the authentication of the cardholder. `readAuthentication` returns it.
 */
export type ParametersOf<O extends AnyOperation> = O extends { insteadOfCard: readonly string[] }
  ? CardOrTransaction<TableParameters<O>>
  : TableParameters<O>;
