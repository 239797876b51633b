/**
 * A second implementation of the rules for payments, written from the protocol sheet. It uses no code of the simulator.
 * Times are minutes of Paris local time since midnight of the first day of a history. No history includes a change to or from summer time.
 * See docs/protocol.md#section-3.
 */

/** What a transaction does to its payment. */
export type ModelKind = 'authorize' | 'pay' | 'force' | 'credit' | 'refused' | 'capture' | 'changeAmount' | 'cancel' | 'refund';

/** A transaction that the gateway accepted or the issuer refused. */
export interface ModelTransaction {
  readonly kind: ModelKind;
  readonly amount: number;
  readonly at: number;
  readonly differe: number;
  readonly payment: ModelPayment;
}

/** The cards of the subscriber, by name. */
export type ModelCard = 'published' | 'other';

/** A payment with its transactions in their order. */
export interface ModelPayment {
  readonly reference: string;
  readonly onSubscriber: boolean;
  readonly transactions: ModelTransaction[];
}

/** An operation that starts a payment. */
export interface ModelOrder {
  readonly kind: 'authorize' | 'pay' | 'force' | 'credit' | 'refused';
  readonly amount: number;
  readonly differe: number;
  readonly reference: string;
  readonly onSubscriber: boolean;
  /** PORTEUR of an order on the subscriber: the token of their card, padded or not, the card number, or the token of another card. */
  readonly porteur: 'token' | 'padded token' | 'card number' | 'token of another card';
}

const DAY = 24 * 60;
const REMITTANCE = 3 * 60 + 30;
const AUTHORIZATION_DAYS = 7;

/** The numbers that a transaction has in common with the first transaction of its payment. The others are new. */
const KEPT: Partial<Record<ModelKind, readonly ('NUMTRANS' | 'NUMAPPEL')[]>> = {
  capture: ['NUMTRANS', 'NUMAPPEL'],
  refund: ['NUMAPPEL'],
};

const sumOf = (transactions: readonly ModelTransaction[]): number => transactions.reduce((sum, { amount }) => sum + amount, 0);

/** The payments and the one subscriber of an account. */
export class PaymentModel {
  now = 12 * 60;
  /** The card of the subscriber. Undefined: not registered. */
  card: ModelCard | undefined;
  /** Every transaction, in the order in which they were made. */
  readonly transactions: ModelTransaction[] = [];

  /** The time of the next nightly remittance. */
  nextNight(after = this.now): number {
    const tonight = Math.floor(after / DAY) * DAY + REMITTANCE;
    return after < tonight ? tonight : tonight + DAY;
  }

  isRemitted({ at, differe }: ModelTransaction): boolean {
    return this.nextNight(at) + differe * DAY <= this.now;
  }

  /** The transaction that debits or credits the card. Undefined before a capture. */
  settlement({ transactions }: ModelPayment): ModelTransaction | undefined {
    return transactions.find(({ kind }) => kind === 'capture' || kind === 'pay' || kind === 'force' || kind === 'credit');
  }

  #of({ transactions }: ModelPayment, ...kinds: ModelKind[]): ModelTransaction[] {
    return transactions.filter(({ kind }) => kinds.includes(kind));
  }

  isCancelled = (payment: ModelPayment): boolean => this.#of(payment, 'cancel').length > 0;

  /** The amounts that the control API must show for a payment. */
  sums(payment: ModelPayment): { authorized: number; captured: number; refunded: number; refundable: number; remitted: number } {
    const authorized = this.#of(payment, 'authorize', 'changeAmount', 'pay', 'force').at(-1)?.amount ?? 0;
    const captured = this.isCancelled(payment) ? 0 : sumOf(this.#of(payment, 'capture', 'pay', 'force'));
    const refunds = this.#of(payment, 'refund');
    const settlement = this.settlement(payment);
    const isSent = !this.isCancelled(payment) && settlement !== undefined && this.isRemitted(settlement);
    const sent = settlement?.kind === 'credit' ? -settlement.amount : captured - sumOf(refunds.filter((refund) => this.isRemitted(refund)));
    const refunded = sumOf(refunds);
    return { authorized, captured, refunded, refundable: captured - refunded, remitted: isSent ? sent : 0 };
  }

  /** Whether a transaction has the number of the first transaction of its payment. */
  isKept({ kind }: ModelTransaction, name: 'NUMTRANS' | 'NUMAPPEL'): boolean {
    return KEPT[kind]?.includes(name) ?? false;
  }

  /** STATUS of an inquiry about the transaction. */
  status({ kind, payment }: ModelTransaction): string {
    return kind === 'refund' ? 'Remboursé' : this.#statusOf(payment);
  }

  #statusOf(payment: ModelPayment): string {
    if (this.#of(payment, 'refused').length > 0) return 'Refusé';
    if (this.isCancelled(payment)) return 'Annulé';
    if (this.#of(payment, 'credit').length > 0) return 'Crédit';
    if (!this.settlement(payment)) return 'Autorisé';
    return this.sums(payment).refundable === 0 ? 'Remboursé' : 'Capturé';
  }

  /** Whether an inquiry about the transaction answers REMISE: a refund after its remittance, any other after that of its payment. */
  hasRemise(transaction: ModelTransaction): boolean {
    if (this.isCancelled(transaction.payment)) return false;
    const sent = transaction.kind === 'refund' ? transaction : this.settlement(transaction.payment);
    return sent !== undefined && this.isRemitted(sent);
  }

  #isOpen(payment: ModelPayment): boolean {
    const [first] = payment.transactions;
    if (first?.kind !== 'authorize' || this.settlement(payment) || this.isCancelled(payment)) return false;
    return this.now < first.at + AUTHORIZATION_DAYS * DAY;
  }

  #isTaken(payment: ModelPayment): boolean {
    const settlement = this.settlement(payment);
    return settlement !== undefined && settlement.kind !== 'credit' && !this.isCancelled(payment);
  }

  #refusal(kind: ModelKind, payment: ModelPayment, amount: number): string | undefined {
    const settlement = this.settlement(payment);
    if (kind === 'refund') return this.#refundRefusal(payment, amount);
    if (kind === 'cancel' && settlement) return this.#cancelRefusal(payment, settlement, amount);
    if (!this.#isOpen(payment)) return '00015';
    const { authorized } = this.sums(payment);
    const isGood = kind === 'cancel' ? amount === authorized : amount <= authorized;
    return isGood ? undefined : '00011';
  }

  #refundRefusal(payment: ModelPayment, amount: number): string | undefined {
    if (!this.#isTaken(payment)) return '00015';
    return amount > this.sums(payment).refundable ? '00011' : undefined;
  }

  #cancelRefusal(payment: ModelPayment, settlement: ModelTransaction, amount: number): string | undefined {
    const { captured, refunded } = this.sums(payment);
    if (!this.#isTaken(payment) || this.isRemitted(settlement) || refunded > 0) return '00015';
    return amount === captured ? undefined : '00011';
  }

  /** Only 00053, which is sent for an order to pay, takes the card number in place of the token. */
  #isAccepted(kind: ModelOrder['kind'], porteur: ModelOrder['porteur']): boolean {
    return porteur === 'card number' ? kind === 'pay' || kind === 'refused' : porteur !== 'token of another card';
  }

  /** Starts a payment. Returns the CODEREPONSE. */
  order({ kind, amount, differe, reference, onSubscriber, porteur }: ModelOrder): string {
    if (amount === 0) return '00011';
    if (onSubscriber && !this.card) return '00017';
    if (onSubscriber && !this.#isAccepted(kind, porteur)) return '00015';
    const payment: ModelPayment = { reference, onSubscriber, transactions: [] };
    this.#add({ kind, amount, differe, at: this.now, payment });
    return kind === 'refused' ? '00105' : '00000';
  }

  /**
   * Adds an operation to a payment. Returns the CODEREPONSE.
   *
   * @param earlier the transaction that is named. Undefined: the numbers are unknown.
   * @param asSubscriber whether the operation is the one for subscribers (00052, 00055)
   */
  follow(
    kind: ModelKind,
    earlier: ModelTransaction | undefined,
    amount: number,
    differe: number | undefined,
    asSubscriber: boolean,
  ): string {
    if (amount === 0) return '00011';
    if (asSubscriber && !this.card) return '00017';
    if (!earlier || (asSubscriber && !earlier.payment.onSubscriber)) return '00015';
    const { payment } = earlier;
    const refusal = this.#refusal(kind, payment, amount);
    if (refusal) return refusal;
    const inherited = kind === 'capture' ? (payment.transactions[0]?.differe ?? 0) : 0;
    this.#add({ kind, amount, differe: differe ?? inherited, at: this.now, payment });
    return '00000';
  }

  /** Registers, modifies or deletes the subscriber. The first two authorize the amount, which may be 0. Returns the CODEREPONSE. */
  subscribe(does: 'register' | 'modify' | 'unsubscribe', amount: number, card: ModelCard): string {
    const isRegistered = this.card !== undefined;
    if (isRegistered !== (does !== 'register')) return does === 'register' ? '00016' : '00017';
    this.card = does === 'unsubscribe' ? undefined : card;
    const payment: ModelPayment = { reference: '', onSubscriber: true, transactions: [] };
    if (this.card) this.#add({ kind: 'authorize', amount, differe: 0, at: this.now, payment });
    return '00000';
  }

  /** The newest order with this reference and amount that was not refused: the one that 00011 answers. */
  existing(reference: string, amount: number): ModelTransaction | undefined {
    return this.transactions.findLast(
      (transaction) =>
        transaction === transaction.payment.transactions[0] &&
        transaction.payment.reference === reference &&
        transaction.amount === amount &&
        transaction.kind !== 'refused',
    );
  }

  #add(transaction: ModelTransaction): void {
    transaction.payment.transactions.push(transaction);
    this.transactions.push(transaction);
  }
}
