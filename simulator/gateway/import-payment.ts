import { isCurrency, isResponseCode, maskText, SUCCESS, tenDigits } from '../../contracts/index.js';
import type { Accounts } from '../engine/account.js';
import type { LookupResult } from '../engine/lookup.js';
import { authorizationEnd, type Numbers, type Payment, type Transaction, type TransactionKind } from '../engine/payment.js';
import { isCallGiven } from '../store/find.js';
import { contentFacts, EMPTY_CONTENT, type Store } from '../store/store.js';
import { accountOf, type CardInput, cardOf, checkTexts, ImportError, timeOf } from './import-values.js';

/** A payment that Paybox System's hosted page took, as the shop's back end knows it. An instalment is a payment of its own. */
export interface PaymentInput extends CardInput {
  readonly SITE: string;
  readonly RANG: string;
  /** From the hosted page's return, padded or not. */
  readonly NUMTRANS: string;
  readonly NUMAPPEL: string;
  /** Minor units. */
  readonly MONTANT: number;
  /** ISO 4217 numeric. */
  readonly DEVISE: string;
  readonly REFERENCE: string;
  readonly status: 'authorized' | 'captured' | 'cancelled' | 'refused';
  /** What was captured of an authorization, in minor units, if the status is `captured`. Default: the payment was captured at once. */
  readonly captured?: number;
  /** The code of the refusal if the status is `refused`. Default: 00105. */
  readonly CODEREPONSE?: string;
  /** When it was taken, ISO 8601. Default: now. */
  readonly at?: string;
  readonly AUTORISATION?: string;
  /** Days the remittance is postponed. */
  readonly DIFFERE?: number;
}

const DEFAULT_REFUSAL = '00105';

function number(name: string, value: string): string {
  if (!/^\d{1,10}$/.test(value) || Number(value) === 0)
    throw new ImportError(`${name}: ${value} is not a number of 1 to 10 digits above zero.`);
  return tenDigits(value);
}

function checkState({ status, captured, CODEREPONSE, MONTANT }: PaymentInput): void {
  if (captured !== undefined && status !== 'captured') throw new ImportError('captured: only a payment with the status captured has it.');
  if (captured !== undefined && captured > MONTANT) throw new ImportError(`captured: ${captured} is more than MONTANT, ${MONTANT}.`);
  if (CODEREPONSE === undefined) return;
  if (status !== 'refused') throw new ImportError('CODEREPONSE: only a payment with the status refused has it.');
  if (!isResponseCode(CODEREPONSE) || CODEREPONSE === SUCCESS)
    throw new ImportError(`CODEREPONSE: ${CODEREPONSE} is not the code of a refusal; \`paybox-sim codes\` lists those of the gateway.`);
}

type Step = readonly [kind: TransactionKind, TYPE: string];

/** What happened to a payment, by its state. */
const CHAINS: Readonly<Record<PaymentInput['status'] | 'captured-later', readonly [Step, ...Step[]]>> = {
  authorized: [['authorization', '00001']],
  captured: [['payment', '00003']],
  'captured-later': [
    ['authorization', '00001'],
    ['capture', '00002'],
  ],
  cancelled: [
    ['payment', '00003'],
    ['cancel', '00005'],
  ],
  refused: [['refusal', '00003']],
};

function paymentOf(input: PaymentInput, accounts: Accounts, now: number): Payment {
  const account = accountOf(input, accounts);
  if (!isCurrency(input.DEVISE)) throw new ImportError(`DEVISE: ${input.DEVISE} is not an ISO 4217 numeric code (978 is the euro).`);
  checkTexts(input, ['REFERENCE', 'AUTORISATION', 'TYPECARTE']);
  checkState(input);
  const { status, captured, MONTANT, DEVISE, RANG, CODEREPONSE = DEFAULT_REFUSAL, DIFFERE = 0 } = input;
  const at = timeOf(input.at, now);
  const NUMTRANS = number('NUMTRANS', input.NUMTRANS);
  const NUMAPPEL = number('NUMAPPEL', input.NUMAPPEL);
  const isRefused = status === 'refused';
  // The later transactions have the numbers of the first: those of their own are not known here.
  const transactionOf = ([kind, TYPE]: Step): Transaction => ({
    NUMTRANS,
    NUMAPPEL,
    TYPE,
    kind,
    MONTANT: kind === 'capture' ? (captured ?? MONTANT) : MONTANT,
    DEVISE,
    at,
    AUTORISATION: input.AUTORISATION ?? (isRefused ? '' : 'XXXXXX'),
    NUMQUESTION: '',
    RANG,
    DIFFERE,
    CODEREPONSE: isRefused ? CODEREPONSE : SUCCESS,
  });
  const [first, ...later] = CHAINS[captured === undefined ? status : 'captured-later'];
  return {
    id: NUMTRANS,
    account: account.id,
    REFERENCE: maskText(input.REFERENCE),
    REFABONNE: '',
    origin: 'system',
    card: cardOf(input),
    expiresAt: first[0] === 'authorization' ? authorizationEnd(at, account.authorizationDays) : 0,
    transactions: [transactionOf(first), ...later.map(transactionOf)],
  };
}

/** Returns why a payment cannot have these numbers; undefined if it can. */
function problemOf({ NUMTRANS, NUMAPPEL }: Numbers, { taken, takenCall, next }: LookupResult): string | undefined {
  if (taken) return `NUMTRANS: ${NUMTRANS} is taken by a payment with REFERENCE ${taken.REFERENCE}.`;
  if (takenCall) return `NUMAPPEL: ${NUMAPPEL} is taken by a payment with REFERENCE ${takenCall.REFERENCE}.`;
  return isCallGiven(NUMAPPEL, next) ? `NUMAPPEL: ${NUMAPPEL} was given to a question already.` : undefined;
}

/**
 * Imports a payment that was taken elsewhere. Every operation then works on it as on the gateway's own payments.
 *
 * @param now milliseconds since the epoch
 * @throws ImportError when its account or currency is unknown, a text cannot be stored, its state is impossible, or one of its numbers is
 *   taken
 */
export async function importPayment(input: PaymentInput, accounts: Accounts, store: Store, now: number): Promise<Payment> {
  const payment = paymentOf(input, accounts, now);
  const { account, transactions } = payment;
  const [wanted] = transactions;
  const problem = await store.transact({ account, day: '', wanted }, (found) => {
    const taken = problemOf(wanted, found);
    return { facts: taken === undefined ? [...contentFacts({ ...EMPTY_CONTENT, payments: [payment] })] : [], result: taken };
  });
  if (problem !== undefined) throw new ImportError(problem);
  return payment;
}
