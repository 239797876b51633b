import { readMagicCard } from '../../contracts/index.js';
import { addParisDays, parisParts, readParisTime } from './calendar.js';
import type { Checkout, DuePayment, EnteredCard, PaymentPlan } from './checkout.js';
import type { Subscriber } from './subscriber.js';

const LAST_YEAR = 9999;
/** Later than every instant that a clock can show. Milliseconds since the epoch. */
const AFTER_ALL_TIME = Date.UTC(LAST_YEAR, 11, 31, 23, 59, 59);

/** The renewal that follows an instant: day `day` of the month that is `months` after its own, at 03:00 in Paris; the last day of a shorter month. Milliseconds since the epoch. */
function renewalAfter(at: number, months: number, day: number): number {
  const { year, month } = parisParts(at);
  const index = year * 12 + (month - 1) + months;
  const [nextYear, nextMonth] = [Math.floor(index / 12), (index % 12) + 1];
  // No clock shows it, so it is never due.
  if (nextYear > LAST_YEAR) return AFTER_ALL_TIME;
  const lastDay = new Date(Date.UTC(nextYear, nextMonth, 0)).getUTCDate();
  const two = (value: number): string => String(value).padStart(2, '0');
  return readParisTime(`${nextYear}-${two(nextMonth)}-${two(Math.min(day, lastDay))}T03:00`);
}

/** The first renewal of the subscription of a checkout that is paid now, and the day of the month of all. Undefined: it has no subscription. */
export function firstRenewal(
  { terms, MONTANT }: Pick<Checkout, 'terms' | 'MONTANT'>,
  now: number,
): { readonly due: DuePayment; readonly day: number } | undefined {
  if (!terms) return undefined;
  const { QUAND, DELAIS, FREQ, MONT } = terms;
  const day = QUAND === 0 ? parisParts(now).day : Math.min(31, QUAND);
  const start = DELAIS > 0 ? addParisDays(now, DELAIS) : now;
  return { due: { at: renewalAfter(start, Math.max(1, FREQ), day), MONTANT: MONT || MONTANT, index: 1 }, day };
}

/**
 * The code that later payments with a card are refused with; empty: they are accepted. A magic card of 00053 pays now, and its renewals are
 * refused.
 *
 * @param subscriber the one whose token pays, if a token does
 */
function refusalOfLater({ PORTEUR }: EnteredCard, subscriber: Subscriber | undefined): string {
  const forced = readMagicCard(PORTEUR) ?? (subscriber?.PORTEUR === PORTEUR ? subscriber.forced : undefined);
  return forced?.TYPE === '00053' ? forced.code : '';
}

/** The payments that follow one that is accepted now; undefined: none. See docs/protocol.md#section-9. */
export function paymentPlan(
  checkout: Checkout,
  card: EnteredCard,
  subscriber: Subscriber | undefined,
  now: number,
): PaymentPlan | undefined {
  const common = { done: 0, endedAt: 0, refusedWith: refusalOfLater(card, subscriber) };
  const { terms, instalments } = checkout;
  const first = firstRenewal(checkout, now);
  if (terms && first) return { kind: 'subscription', terms, day: first.day, due: [first.due], ...common };
  return instalments.length === 0 ? undefined : { kind: 'instalments', due: instalments, ...common };
}

/** What follows the payment that is taken now: the rest of the instalments, or the next renewal. */
export function planAfter(plan: PaymentPlan, taken: DuePayment): PaymentPlan {
  const done = plan.done + 1;
  if (plan.kind === 'instalments' || !plan.terms) return { ...plan, done, due: plan.due.slice(1) };
  const { NBPAIE, FREQ } = plan.terms;
  const isLast = NBPAIE > 0 && done >= NBPAIE;
  const next = { ...taken, at: renewalAfter(taken.at, Math.max(1, FREQ), plan.day ?? 1), index: taken.index + 1 };
  return { ...plan, done, due: isLast ? [] : [next] };
}
