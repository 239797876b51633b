import { RETURN_LETTERS, type ReturnField, type SubscriptionTerms, tenDigits } from '../../contracts/index.js';
import type {
  Checkout,
  CheckoutAddresses,
  CheckoutAttempt,
  CheckoutFault,
  CheckoutState,
  DuePayment,
  PaymentPlan,
} from '../engine/checkout.js';
import { ID3D_OR_EMPTY } from './authentication-values.js';
import { CHECKOUT_KEYS } from './record-keys.js';
import { recordTable } from './record-table.js';
import { faultsShape, RESULT_FAULT, RESULT_ORDER } from './result-shapes.js';
import {
  ACCOUNT,
  AMOUNT,
  CODE,
  CODE_OR_EMPTY,
  CURRENCY,
  DATEVAL_OR_EMPTY,
  EXPIRY,
  FLAG,
  integerUpTo,
  NUMBER,
  NUMBER_OR_EMPTY,
  oneOf,
  type ShapeOf,
  STORED_CARD,
  TEXT,
  TIME,
  textUpTo,
} from './shape.js';

/** PBX_CMD has 250 characters at most, and masking may add some. */
const LONGEST_REFERENCE = 500;

const STATES: Readonly<Record<CheckoutState, true>> = { open: true, paid: true, pending: true, cancelled: true, timeout: true };
const KINDS: Readonly<Record<PaymentPlan['kind'], true>> = { instalments: true, subscription: true };

const ADDRESSES: ShapeOf<CheckoutAddresses> = {
  members: { PBX_EFFECTUE: TEXT, PBX_REFUSE: TEXT, PBX_ANNULE: TEXT, PBX_ATTENTE: TEXT, PBX_REPONDRE_A: TEXT },
  optional: {},
};

const RETURN_FIELD: ShapeOf<ReturnField> = { members: { name: TEXT, letter: oneOf(Object.keys(RETURN_LETTERS)) }, optional: {} };

const ATTEMPT: ShapeOf<CheckoutAttempt> = {
  members: { code: CODE, payment: NUMBER_OR_EMPTY, at: TIME, ID3D: ID3D_OR_EMPTY },
  optional: {},
};

const COUNT = integerUpTo(9_999_999_999);

// What is due after the last instant of the clock stays due.
const DUE: ShapeOf<DuePayment> = { members: { at: EXPIRY, MONTANT: AMOUNT, index: integerUpTo(9_999_999_999, 1) }, optional: {} };

const [TWO_DIGITS, THREE_DIGITS] = [integerUpTo(99), integerUpTo(999)];

const TERMS: ShapeOf<SubscriptionTerms> = {
  members: { MONT: AMOUNT, NBPAIE: TWO_DIGITS, FREQ: TWO_DIGITS, QUAND: TWO_DIGITS, DELAIS: THREE_DIGITS },
  optional: {},
};

const PLAN: ShapeOf<PaymentPlan> = {
  members: { kind: oneOf(Object.keys(KINDS)), due: { items: DUE }, done: COUNT, endedAt: TIME, refusedWith: CODE_OR_EMPTY },
  optional: { terms: TERMS, day: integerUpTo(31, 1) },
};

const FAULT: ShapeOf<CheckoutFault> = {
  members: {},
  optional: { ...RESULT_FAULT.optional, amount: oneOf(['other']) },
};

/** What a checkout is in a row and in a snapshot. */
export const CHECKOUT: ShapeOf<Checkout> = {
  members: {
    id: NUMBER,
    account: ACCOUNT,
    REFERENCE: textUpTo(LONGEST_REFERENCE),
    MONTANT: AMOUNT,
    DEVISE: CURRENCY,
    addresses: ADDRESSES,
    returnFields: { items: RETURN_FIELD },
    isCallByPost: FLAG,
    language: TEXT,
    TYPECARTE: TEXT,
    isAuthorizationOnly: FLAG,
    DIFFERE: THREE_DIGITS,
    authenticationWish: TEXT,
    REFABONNE: TEXT,
    token: TEXT,
    DATEVAL: DATEVAL_OR_EMPTY,
    errorCodeTest: TEXT,
    instalments: { items: DUE },
    startedAt: TIME,
    expiresAt: EXPIRY,
    state: oneOf(Object.keys(STATES)),
    isPending: FLAG,
    attempts: { items: ATTEMPT },
    registeredToken: TEXT,
    ID3D: ID3D_OR_EMPTY,
    order: RESULT_ORDER,
    faults: faultsShape(FAULT),
  },
  optional: { terms: TERMS, card: STORED_CARD, plan: PLAN },
};

/** The table `checkouts`. */
export const CHECKOUTS = recordTable<Checkout>({
  table: 'checkouts',
  id: 'id',
  name: 'REFERENCE',
  isId: NUMBER.isValid,
  formatId: tenDigits,
  shape: CHECKOUT,
  keys: CHECKOUT_KEYS,
  hasDue: true,
});
