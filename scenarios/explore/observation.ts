import { SUCCESS } from '../../contracts/index.js';

/** A finding on a question, as the journal of a gateway has it. */
interface ObservedFinding {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
}

/** A question that a gateway received, as its journal has it: masked. */
export interface ObservedQuestion {
  /** TYPE, five digits. Empty for a request that is not a question. */
  readonly TYPE: string;
  readonly operation: string;
  readonly CODEREPONSE: string;
  /** Id of the payment that the question created or named; empty: it concerns no payment. */
  readonly payment: string;
  readonly request: readonly (readonly [name: string, value: string])[];
  readonly findings: readonly ObservedFinding[];
  /** What the client received instead of the whole reply. `again`: the gateway processed the question before it once more. */
  readonly clientReceived?: string;
}

/** A payment in the books of a gateway. Amounts in minor units. */
export interface ObservedPayment {
  /** NUMTRANS of the first transaction. */
  readonly id: string;
  readonly standing: string;
  readonly authorized: number;
  readonly captured: number;
  readonly refunded: number;
  readonly transactions: readonly { readonly kind: string; readonly MONTANT: number }[];
}

/** What a gateway has received and what is in its books. */
export interface Observation {
  /** In the order of their arrival. */
  readonly questions: readonly ObservedQuestion[];
  /** The questions and the steps on pages of the gateway, in the order in which they happened. Default: the questions. */
  readonly entries?: readonly ObservedQuestion[];
  readonly payments: readonly ObservedPayment[];
}

/** The totals over all payments of an order. Amounts in minor units. */
export interface Totals {
  /** How many payments were captured, including those refunded since. */
  readonly payments: number;
  readonly captured: number;
  readonly refunded: number;
  /** Sent to a card without a link to a payment. */
  readonly credited: number;
  /** Authorized, and not captured, cancelled or expired. */
  readonly open: number;
  /** Authorized at some time, whether or not it was captured or has expired since. */
  readonly everAuthorized: number;
}

const AUTHORIZED: ReadonlySet<string> = new Set(['authorized', 'expired', 'captured', 'refunded']);

const isAgain = ({ clientReceived }: ObservedQuestion): boolean => clientReceived === 'again';

/** What the gateway refunded of a payment when it processed a refund a second time. */
function refundedAgain({ questions }: Observation, payment: string): number {
  const again = questions.filter(
    (question) => isAgain(question) && question.operation === 'refund' && question.CODEREPONSE === SUCCESS && question.payment === payment,
  );
  return again.reduce((sum, { request }) => sum + Number(request.find(([name]) => name === 'MONTANT')?.[1] ?? 0), 0);
}

/** Two payments that the gateway made of one question, because it processed the question twice. */
type Twins = readonly [first: string, second: string];

function twinsOf({ questions }: Observation): Twins[] {
  const seen = new Set<string>();
  return questions.flatMap((question, index): Twins[] => {
    const { payment } = question;
    const isNew = payment !== '' && !seen.has(payment);
    seen.add(payment);
    const first = questions[index - 1]?.payment ?? '';
    return isNew && isAgain(question) && first !== '' ? [[first, payment]] : [];
  });
}

/**
 * Returns the payments that the shop made. Of two that the gateway made of one question, the one that the shop went on with counts: it asked
 * once, and cannot tell them apart.
 */
export function ownPayments(observation: Observation): readonly ObservedPayment[] {
  if (!observation.questions.some(isAgain)) return observation.payments;
  const twins = twinsOf(observation);
  const operations = (id: string): number => observation.payments.find((payment) => payment.id === id)?.transactions.length ?? 0;
  const others = new Set(twins.map(([first, second]) => (operations(second) > operations(first) ? first : second)));
  return observation.payments
    .filter(({ id }) => !others.has(id))
    .map((payment) => ({ ...payment, refunded: payment.refunded - refundedAgain(observation, payment.id) }));
}

const creditOf = ({ transactions: [first] }: ObservedPayment): number => (first?.kind === 'credit' ? first.MONTANT : 0);

/** Adds up the payments that the shop made. */
export function totalsOf(observation: Observation): Totals {
  const totals = { payments: 0, captured: 0, refunded: 0, credited: 0, open: 0, everAuthorized: 0 };
  for (const payment of ownPayments(observation)) {
    totals.payments += payment.captured > 0 ? 1 : 0;
    totals.captured += payment.captured;
    totals.refunded += payment.refunded;
    totals.credited += creditOf(payment);
    totals.everAuthorized += AUTHORIZED.has(payment.standing) ? payment.authorized : 0;
    totals.open += payment.standing === 'authorized' ? payment.authorized : 0;
  }
  return totals;
}
