import { accountId, cardTraits, isCardShaped, isCurrency, maskCard, maskText, SUCCESS, tenDigits } from '../../contracts/index.js';
import type { Accounts } from '../engine/account.js';
import { readParisTime } from '../engine/calendar.js';
import { isTime, TIME_RANGE } from '../engine/clock-range.js';
import type { Fact } from '../engine/fact.js';
import type { LookupResult } from '../engine/lookup.js';
import { NO_CARD, storedCardOf } from '../engine/new-payment.js';
import { authorizationEnd, type Numbers, type Payment, type StoredCard } from '../engine/payment.js';
import { isCallGiven } from '../store/find.js';
import { isStorable } from '../store/row-checks.js';
import type { Store } from '../store/store.js';

/** A payment that Paybox System's hosted page took, as the shop's back end knows it. */
export interface PaymentInput {
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
  readonly status: 'authorized' | 'captured';
  /** When it was taken, ISO 8601. Default: now. */
  readonly at?: string;
  readonly AUTORISATION?: string;
  /** Days the remittance is postponed. */
  readonly DIFFERE?: number;
  /** A test card's number (stored masked) or a mask. Type and country are derived from it unless they are given. */
  readonly PORTEUR?: string;
  readonly TYPECARTE?: string;
  readonly PAYS?: string;
}

/** A payment cannot be imported. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

function cardOf({ PORTEUR = '', TYPECARTE, PAYS }: PaymentInput): StoredCard {
  const traits = cardTraits(PORTEUR);
  const known = isCardShaped(PORTEUR)
    ? storedCardOf(PORTEUR)
    : { ...NO_CARD, mask: maskCard(PORTEUR), TYPECARTE: traits.TYPECARTE, PAYS: traits.PAYS };
  return { ...known, TYPECARTE: TYPECARTE === undefined ? known.TYPECARTE : maskText(TYPECARTE), PAYS: PAYS ?? known.PAYS };
}

function number(name: string, value: string): string {
  if (!/^\d{1,10}$/.test(value) || Number(value) === 0)
    throw new ImportError(`${name}: ${value} is not a number of 1 to 10 digits above zero.`);
  return tenDigits(value);
}

function instantAt(at: string): number {
  try {
    return readParisTime(at);
  } catch {
    throw new ImportError(`at: ${at} is not an ISO 8601 time (2026-03-28T12:00, in Paris, or with an offset).`);
  }
}

function timeOf(at: string | undefined, now: number): number {
  if (at === undefined) return now;
  const instant = instantAt(at);
  if (!isTime(instant)) throw new ImportError(`at: ${at} is too far away. ${TIME_RANGE}.`);
  return instant;
}

function checkTexts(input: PaymentInput): void {
  for (const name of ['REFERENCE', 'AUTORISATION', 'TYPECARTE'] as const)
    if (!isStorable(input[name] ?? '')) throw new ImportError(`${name}: half of a surrogate pair cannot be stored.`);
}

function factOf(input: PaymentInput, accounts: Accounts, now: number): Extract<Fact, { fact: 'payment' }> {
  const account = accounts.get(accountId(input.SITE, input.RANG));
  if (!account)
    throw new ImportError(`SITE, RANG: there is no account ${input.SITE}/${input.RANG}; \`paybox-sim accounts\` lists the test accounts.`);
  if (!isCurrency(input.DEVISE)) throw new ImportError(`DEVISE: ${input.DEVISE} is not an ISO 4217 numeric code (978 is the euro).`);
  checkTexts(input);
  const NUMTRANS = number('NUMTRANS', input.NUMTRANS);
  const at = timeOf(input.at, now);
  return {
    fact: 'payment',
    payment: {
      id: NUMTRANS,
      account: account.id,
      REFERENCE: maskText(input.REFERENCE),
      REFABONNE: '',
      origin: 'system',
      card: cardOf(input),
      expiresAt: input.status === 'authorized' ? authorizationEnd(at, account.authorizationDays) : 0,
      transactions: [
        {
          NUMTRANS,
          NUMAPPEL: number('NUMAPPEL', input.NUMAPPEL),
          TYPE: input.status === 'authorized' ? '00001' : '00003',
          kind: input.status === 'authorized' ? 'authorization' : 'payment',
          MONTANT: input.MONTANT,
          DEVISE: input.DEVISE,
          at,
          AUTORISATION: input.AUTORISATION ?? 'XXXXXX',
          NUMQUESTION: '',
          RANG: input.RANG,
          DIFFERE: input.DIFFERE ?? 0,
          CODEREPONSE: SUCCESS,
        },
      ],
    },
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
 * @throws ImportError when its account or currency is unknown, a text cannot be stored, or one of its numbers is taken
 */
export async function importPayment(input: PaymentInput, accounts: Accounts, store: Store, now: number): Promise<Payment> {
  const fact = factOf(input, accounts, now);
  const { account, transactions } = fact.payment;
  const [wanted] = transactions;
  const problem = await store.transact({ account, day: '', wanted }, (found) => {
    const taken = problemOf(wanted, found);
    return { facts: taken === undefined ? [fact] : [], result: taken };
  });
  if (problem !== undefined) throw new ImportError(problem);
  return fact.payment;
}
