import type { Bilingual, Evidence } from './annotations.js';

/** What the gateway must find before it can carry out an operation. */
type Finds =
  /** Nothing: the operation starts a payment or concerns a subscriber only. */
  | 'nothing'
  /** The payment with this NUMAPPEL and NUMTRANS. */
  | 'payment'
  /** The transaction with this NUMTRANS. NUMAPPEL is optional. */
  | 'transaction'
  /** The transaction with this REFERENCE, MONTANT and DEVISE. */
  | 'reference';

/** What an operation does if it is not refused. */
export type Does =
  | 'authorize'
  | 'capture'
  | 'pay'
  | 'credit'
  | 'cancel'
  | 'find'
  | 'force'
  | 'changeAmount'
  | 'refund'
  | 'inquire'
  | 'register'
  | 'modify'
  | 'unsubscribe';

/** An operation of the gateway. See docs/protocol.md#section-3. */
export interface Operation {
  /** Five digits, as on the wire. */
  readonly TYPE: string;
  /** The name in code: the client's method, the operation of a scenario step. */
  readonly name: string;
  readonly title: Bilingual;
  /** Mandatory variables, in addition to those of every question. */
  readonly takes: readonly string[];
  /** Variables that this operation uses if they are present. */
  readonly optional: readonly string[];
  /** If all of these are present, PORTEUR and DATEVAL may be missing. */
  readonly insteadOfCard?: readonly string[];
  readonly finds: Finds;
  readonly does: Does;
  /** The subscriber of the operation: none, one that must exist, or one that must not exist yet. */
  readonly subscriber: 'none' | 'known' | 'new';
  /** What PORTEUR contains. */
  readonly porteur: 'card' | 'token' | 'none';
  /** Whether MONTANT may be 0. */
  readonly zeroAmount: boolean;
  readonly evidence: Evidence;
}

const CARD = ['MONTANT', 'DEVISE', 'REFERENCE', 'PORTEUR', 'DATEVAL'] as const;
const EARLIER = ['MONTANT', 'DEVISE', 'NUMAPPEL', 'NUMTRANS'] as const;
const TOKEN = ['MONTANT', 'DEVISE', 'REFERENCE', 'REFABONNE', 'PORTEUR', 'DATEVAL'] as const;
const ON_CARD = ['CVV', 'ACTIVITE', 'ARCHIVAGE', 'DIFFERE'] as const;
const AUTHENTICATED = [...ON_CARD, 'ID3D'] as const;

const base = { optional: [], finds: 'nothing', subscriber: 'none', porteur: 'none', zeroAmount: false, evidence: 'D' } as const;
const onCard = { ...base, takes: CARD, optional: ON_CARD, porteur: 'card' } as const;
const onEarlier = { ...base, takes: EARLIER, optional: ['REFERENCE'], finds: 'payment' } as const;
const onToken = { ...base, takes: TOKEN, optional: ON_CARD, porteur: 'token', subscriber: 'known' } as const;

/**
 * Every operation of the gateway: the variables it takes, what it must find, what it does.
 * All code that depends on a TYPE reads this table.
 */
export const OPERATIONS = [
  {
    ...onCard,
    TYPE: '00001',
    name: 'authorize',
    does: 'authorize',
    title: { en: 'authorization only', fr: 'autorisation seule' },
    optional: AUTHENTICATED,
  },
  {
    ...onEarlier,
    TYPE: '00002',
    evidence: 'O',
    name: 'capture',
    does: 'capture',
    title: { en: 'debit (capture)', fr: 'débit (capture)' },
    optional: ['REFERENCE', 'DIFFERE', 'ID3D'],
  },
  {
    ...onCard,
    TYPE: '00003',
    name: 'pay',
    does: 'pay',
    title: { en: 'authorization + capture', fr: 'autorisation + capture' },
    optional: AUTHENTICATED,
  },
  { ...onCard, TYPE: '00004', name: 'credit', does: 'credit', title: { en: 'credit', fr: 'crédit' } },
  {
    ...onEarlier,
    TYPE: '00005',
    evidence: 'O',
    name: 'cancel',
    does: 'cancel',
    title: { en: 'cancel', fr: 'annulation' },
    optional: ['REFERENCE', 'PORTEUR', 'DATEVAL'],
  },
  {
    ...base,
    TYPE: '00011',
    evidence: 'O',
    name: 'exists',
    does: 'find',
    finds: 'reference',
    takes: ['MONTANT', 'DEVISE', 'REFERENCE'],
    title: { en: 'check that a transaction exists', fr: 'vérification de l’existence d’une transaction' },
  },
  {
    ...onCard,
    TYPE: '00012',
    name: 'force',
    does: 'force',
    title: { en: 'transaction without authorization', fr: 'transaction sans demande d’autorisation' },
    optional: [...ON_CARD, 'AUTORISATION'],
  },
  {
    ...onEarlier,
    TYPE: '00013',
    evidence: 'O',
    name: 'changeAmount',
    does: 'changeAmount',
    title: { en: 'change the amount', fr: 'modification du montant' },
  },
  { ...onEarlier, TYPE: '00014', evidence: 'O', name: 'refund', does: 'refund', title: { en: 'refund', fr: 'remboursement' } },
  {
    ...base,
    TYPE: '00017',
    evidence: 'O',
    name: 'inquire',
    does: 'inquire',
    finds: 'transaction',
    takes: ['NUMTRANS'],
    optional: ['NUMAPPEL', 'MONTANT'],
    title: { en: 'inquiry', fr: 'consultation' },
  },
  {
    ...onToken,
    TYPE: '00051',
    name: 'subscribers.authorize',
    does: 'authorize',
    title: { en: 'authorization on a subscriber', fr: 'autorisation seule sur un abonné' },
    optional: AUTHENTICATED,
  },
  {
    ...onEarlier,
    TYPE: '00052',
    evidence: 'O',
    name: 'subscribers.capture',
    does: 'capture',
    subscriber: 'known',
    takes: [...EARLIER, 'REFABONNE'],
    optional: ['REFERENCE', 'DIFFERE'],
    title: { en: "debit of a subscriber's authorization", fr: 'débit sur un abonné' },
  },
  {
    ...onToken,
    TYPE: '00053',
    name: 'subscribers.pay',
    does: 'pay',
    title: { en: 'authorization + capture on a subscriber', fr: 'autorisation + capture sur un abonné' },
    optional: AUTHENTICATED,
  },
  {
    ...onToken,
    TYPE: '00054',
    name: 'subscribers.credit',
    does: 'credit',
    insteadOfCard: ['NUMAPPEL', 'NUMTRANS'],
    title: { en: 'credit to a subscriber', fr: 'crédit sur un abonné' },
  },
  {
    ...onEarlier,
    TYPE: '00055',
    evidence: 'O',
    name: 'subscribers.cancel',
    does: 'cancel',
    subscriber: 'known',
    porteur: 'token',
    takes: [...EARLIER, 'REFABONNE'],
    optional: ['REFERENCE', 'PORTEUR', 'DATEVAL'],
    title: { en: "cancel a subscriber's operation", fr: 'annulation d’une opération sur un abonné' },
  },
  {
    ...onCard,
    TYPE: '00056',
    evidence: 'O',
    name: 'subscribers.register',
    does: 'register',
    subscriber: 'new',
    zeroAmount: true,
    takes: ['MONTANT', 'DEVISE', 'REFABONNE', 'PORTEUR', 'DATEVAL'],
    optional: ['REFERENCE', ...AUTHENTICATED],
    title: { en: 'register a subscriber', fr: 'inscription d’un abonné' },
  },
  {
    ...onCard,
    TYPE: '00057',
    evidence: 'O',
    name: 'subscribers.modify',
    does: 'modify',
    subscriber: 'known',
    zeroAmount: true,
    takes: ['MONTANT', 'DEVISE', 'REFABONNE', 'PORTEUR', 'DATEVAL'],
    optional: ['REFERENCE', ...ON_CARD],
    title: { en: 'modify a subscriber', fr: 'modification d’un abonné' },
  },
  {
    ...base,
    TYPE: '00058',
    evidence: 'O',
    name: 'subscribers.unsubscribe',
    does: 'unsubscribe',
    subscriber: 'known',
    takes: ['REFABONNE'],
    title: { en: 'delete a subscriber', fr: 'suppression d’un abonné' },
  },
  {
    ...onToken,
    TYPE: '00061',
    name: 'subscribers.force',
    does: 'force',
    title: { en: 'transaction without authorization on a subscriber', fr: 'transaction sans demande d’autorisation sur un abonné' },
    optional: [...ON_CARD, 'AUTORISATION'],
  },
] as const satisfies readonly Operation[];

/** The operations by TYPE: with five digits, and with fewer leading zeros. */
const BY_TYPE: ReadonlyMap<string, Operation> = new Map(
  OPERATIONS.flatMap((operation) =>
    [1, 2, 3, 4, 5].map((length) => [String(Number(operation.TYPE)).padStart(length, '0'), operation] as const),
  ),
);

/**
 * The operation with this TYPE, padded (`00001`) or not (`1`).
 *
 * @returns undefined if the gateway has no such TYPE
 */
export function operationOf(type: string): Operation | undefined {
  return BY_TYPE.get(type);
}

/** The operation with this name in code (`capture`, `subscribers.pay`), or undefined if there is none. */
export function operationNamed(name: string): Operation | undefined {
  return OPERATIONS.find((operation) => operation.name === name);
}

/** The operation with this name in code or this TYPE, padded or not, or undefined if there is none. */
export function operationBy(nameOrType: string): Operation | undefined {
  return operationNamed(nameOrType) ?? operationOf(nameOrType);
}

/** The five-digit TYPE of an operation, given its name in code or its TYPE, padded or not. Any other text is returned unchanged. */
export function typeBy(nameOrType: string): string {
  return operationBy(nameOrType)?.TYPE ?? nameOrType;
}

/** What the journal calls what is not a question: the steps of an authentication and of the hosted page. */
export const JOURNAL_STEPS = ['authenticate', 'challenge', 'result', 'checkout', 'attempt', 'notification', 'unsubscribe'] as const;

const STEPS: ReadonlySet<string> = new Set(JOURNAL_STEPS);

/** Whether an entry of the journal with this operation is a question, and not a step. */
export const isQuestion = ({ operation }: { readonly operation: string }): boolean => !STEPS.has(operation);

/** Whether the operation exists in Direct Plus only (00051 to 00061) and needs VERSION 00104. */
export function needsDirectPlus(operation: Operation): boolean {
  return operation.subscriber !== 'none';
}

/**
 * The number after `Type:` in the text `Mandatory values missing`. See docs/protocol.md#refusal-4.
 *
 * @param typeIndex what is subtracted from a TYPE of Direct Plus: the value of the variant `typeIndex`
 */
export function mandatoryTypeNumber(operation: Operation, typeIndex: string): number {
  return Number(operation.TYPE) - (needsDirectPlus(operation) ? Number(typeIndex) : 1);
}

/** The values of VERSION that the gateway accepts, as numbers. See docs/protocol.md#section-2. */
export const VERSIONS = { direct: 103, directPlus: 104 } as const;

/** Pads a NUMTRANS or NUMAPPEL to ten digits, the format of the gateway. See docs/protocol.md#section-1. */
export function tenDigits(number: string | number): string {
  return String(number).padStart(10, '0');
}

/** A number without its leading zeros; any other text unchanged. Numbers are compared in this form. */
export function withoutLeadingZeros(value: string): string {
  return /^\d+$/.test(value) ? value.replace(/^0+(?=\d)/, '') : value;
}
