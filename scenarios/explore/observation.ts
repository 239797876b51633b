/** A finding on a question, as the journal of a gateway has it. */
export interface ObservedFinding {
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
  /** Id of the payment that the question created or named; empty if there is none. */
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
}

// The gateway processed a question twice. The shop asked once, so what the second processing made is not its doing.
function madeByGateway({ questions }: Observation): ReadonlySet<string> {
  const seen = new Set<string>();
  const made = new Set<string>();
  for (const { payment, clientReceived } of questions) {
    if (payment === '' || seen.has(payment)) continue;
    seen.add(payment);
    if (clientReceived === 'again') made.add(payment);
  }
  return made;
}

/** Returns the payments that the shop made: those of a question that the gateway processed a second time are left out. */
export function ownPayments(observation: Observation): readonly ObservedPayment[] {
  const doubles = madeByGateway(observation);
  return doubles.size === 0 ? observation.payments : observation.payments.filter(({ id }) => !doubles.has(id));
}

const creditOf = ({ transactions: [first] }: ObservedPayment): number => (first?.kind === 'credit' ? first.MONTANT : 0);

/** Adds up the payments that the shop made. */
export function totalsOf(observation: Observation): Totals {
  const totals = { payments: 0, captured: 0, refunded: 0, credited: 0, open: 0 };
  for (const payment of ownPayments(observation)) {
    totals.payments += payment.captured > 0 ? 1 : 0;
    totals.captured += payment.captured;
    totals.refunded += payment.refunded;
    totals.credited += creditOf(payment);
    totals.open += payment.standing === 'authorized' ? payment.authorized : 0;
  }
  return totals;
}
