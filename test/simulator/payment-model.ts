/**
 * What the protocol sheet says of payments, once more and from nothing: no code of the simulator is used here.
 * Times are minutes of the Paris wall clock since the midnight the histories begin with; none of them lasts until
 * a daylight-saving change.
 */

/** What a transaction is to its payment. */
export type Kind = 'authorize' | 'pay' | 'force' | 'credit' | 'refused' | 'capture' | 'changeAmount' | 'cancel' | 'refund';

/** A transaction the gateway accepted, or the issuer refused. */
export interface ModelTransaction {
  readonly kind: Kind;
  readonly amount: number;
  readonly at: number;
  readonly differe: number;
  readonly payment: ModelPayment;
}

/** A payment, its transactions in their order. */
export interface ModelPayment {
  readonly reference: string;
  readonly onSubscriber: boolean;
  readonly transactions: ModelTransaction[];
}

/** An order: what begins a payment. */
export interface ModelOrder {
  readonly kind: 'authorize' | 'pay' | 'force' | 'credit' | 'refused';
  readonly amount: number;
  readonly differe: number;
  readonly reference: string;
  readonly onSubscriber: boolean;
}

const DAY = 24 * 60;
const REMITTANCE = 3 * 60 + 30;
const AUTHORIZATION_DAYS = 7;

const sumOf = (transactions: readonly ModelTransaction[]): number => transactions.reduce((sum, { amount }) => sum + amount, 0);

/** The payments of one account, its one subscriber, and what may happen to them. */
export class PaymentModel {
  now = 12 * 60;
  isRegistered = false;
  /** Every transaction that got numbers, in the order of the numbers. */
  readonly transactions: ModelTransaction[] = [];

  /** The next nightly remittance. */
  nextNight(after = this.now): number {
    const tonight = Math.floor(after / DAY) * DAY + REMITTANCE;
    return after < tonight ? tonight : tonight + DAY;
  }

  isRemitted({ at, differe }: ModelTransaction): boolean {
    return this.nextNight(at) + differe * DAY <= this.now;
  }

  /** The transaction that takes or gives the money; undefined before a capture. */
  taking({ transactions }: ModelPayment): ModelTransaction | undefined {
    return transactions.find(({ kind }) => kind === 'capture' || kind === 'pay' || kind === 'force' || kind === 'credit');
  }

  #of({ transactions }: ModelPayment, ...kinds: Kind[]): ModelTransaction[] {
    return transactions.filter(({ kind }) => kinds.includes(kind));
  }

  isCancelled = (payment: ModelPayment): boolean => this.#of(payment, 'cancel').length > 0;

  /** What the control API must show of a payment. */
  sums(payment: ModelPayment): { authorized: number; captured: number; refunded: number; refundable: number; remitted: number } {
    const authorized = this.#of(payment, 'authorize', 'changeAmount', 'pay', 'force').at(-1)?.amount ?? 0;
    const captured = this.isCancelled(payment) ? 0 : sumOf(this.#of(payment, 'capture', 'pay', 'force'));
    const refunds = this.#of(payment, 'refund');
    const taking = this.taking(payment);
    const isSent = !this.isCancelled(payment) && taking !== undefined && this.isRemitted(taking);
    const sent = taking?.kind === 'credit' ? -taking.amount : captured - sumOf(refunds.filter((refund) => this.isRemitted(refund)));
    const refunded = sumOf(refunds);
    return { authorized, captured, refunded, refundable: captured - refunded, remitted: isSent ? sent : 0 };
  }

  status(payment: ModelPayment): string {
    if (this.#of(payment, 'refused').length > 0) return 'Refusé';
    if (this.isCancelled(payment)) return 'Annulé';
    if (this.#of(payment, 'credit').length > 0) return 'Crédit';
    if (!this.taking(payment)) return 'Autorisé';
    return this.sums(payment).refundable === 0 ? 'Remboursé' : 'Capturé';
  }

  /** Whether an inquiry on the transaction answers REMISE: it or, of an authorization, its capture went to the bank. */
  hasRemise(transaction: ModelTransaction): boolean {
    if (this.isCancelled(transaction.payment)) return false;
    const sent = transaction.kind === 'refund' ? transaction : this.taking(transaction.payment);
    return sent !== undefined && this.isRemitted(sent);
  }

  #isOpen(payment: ModelPayment): boolean {
    const [first] = payment.transactions;
    if (first?.kind !== 'authorize' || this.taking(payment) || this.isCancelled(payment)) return false;
    return this.now < first.at + AUTHORIZATION_DAYS * DAY;
  }

  #isTaken(payment: ModelPayment): boolean {
    const taking = this.taking(payment);
    return taking !== undefined && taking.kind !== 'credit' && !this.isCancelled(payment);
  }

  #refusal(kind: Kind, payment: ModelPayment, amount: number): string | undefined {
    const taking = this.taking(payment);
    if (kind === 'refund') return this.#refundRefusal(payment, amount);
    if (kind === 'cancel' && taking) return this.#cancelRefusal(payment, taking, amount);
    if (!this.#isOpen(payment)) return '00015';
    const { authorized } = this.sums(payment);
    const isGood = kind === 'cancel' ? amount === authorized : amount <= authorized;
    return isGood ? undefined : '00011';
  }

  #refundRefusal(payment: ModelPayment, amount: number): string | undefined {
    if (!this.#isTaken(payment)) return '00015';
    return amount > this.sums(payment).refundable ? '00011' : undefined;
  }

  #cancelRefusal(payment: ModelPayment, taking: ModelTransaction, amount: number): string | undefined {
    const { captured, refunded } = this.sums(payment);
    if (!this.#isTaken(payment) || this.isRemitted(taking) || refunded > 0) return '00015';
    return amount === captured ? undefined : '00011';
  }

  /** Begins a payment; answers the CODEREPONSE. */
  order({ kind, amount, differe, reference, onSubscriber }: ModelOrder): string {
    if (amount === 0) return '00011';
    if (onSubscriber && !this.isRegistered) return '00017';
    const payment: ModelPayment = { reference, onSubscriber, transactions: [] };
    this.#add({ kind, amount, differe, at: this.now, payment });
    return kind === 'refused' ? '00105' : '00000';
  }

  /**
   * Carries a payment on; answers the CODEREPONSE.
   *
   * @param earlier the transaction that is named; undefined: numbers nobody got
   * @param asSubscriber whether the operation is that of subscribers (52, 55)
   */
  follow(kind: Kind, earlier: ModelTransaction | undefined, amount: number, differe: number | undefined, asSubscriber: boolean): string {
    if (amount === 0) return '00011';
    if (asSubscriber && !this.isRegistered) return '00017';
    if (!earlier || (asSubscriber && !earlier.payment.onSubscriber)) return '00015';
    const { payment } = earlier;
    const refusal = this.#refusal(kind, payment, amount);
    if (refusal) return refusal;
    const inherited = kind === 'capture' ? (payment.transactions[0]?.differe ?? 0) : 0;
    this.#add({ kind, amount, differe: differe ?? inherited, at: this.now, payment });
    return '00000';
  }

  /** Registers or modifies the subscriber, which authorizes the amount, 0 allowed; or deletes it. Answers the CODEREPONSE. */
  subscribe(does: 'register' | 'modify' | 'unsubscribe', amount: number): string {
    if (this.isRegistered !== (does !== 'register')) return does === 'register' ? '00016' : '00017';
    this.isRegistered = does !== 'unsubscribe';
    const payment: ModelPayment = { reference: '', onSubscriber: true, transactions: [] };
    if (this.isRegistered) this.#add({ kind: 'authorize', amount, differe: 0, at: this.now, payment });
    return '00000';
  }

  /** The newest order of this reference and amount that was not refused: what a check of existence answers. */
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
