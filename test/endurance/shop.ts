import { setTimeout as wait } from 'node:timers/promises';
import { decodeReply, encodeForm } from '../../contracts/index.js';
import { CARD, HEAD, numbersOf, type Variables } from '../support/question.js';

/** A question with its reply. */
export interface Acknowledged {
  /** `main`, or the name of a session. */
  readonly gateway: string;
  readonly question: Variables;
  readonly reply: Variables;
}

const MONEY: Variables = { MONTANT: '1000', DEVISE: '978' };

/** The gateway answered 00003: the customer gives up the order and continues with the next one. */
class NotProcessed extends Error {}

/** The reply was lost: the customer gives up the order and continues with the next one. */
class LostReply extends Error {}

/** Customers who send questions to the gateways of a server, each customer one after the other, until the server does not answer. */
export class Shop {
  readonly acknowledged: Acknowledged[] = [];
  /** How many questions got no reply. */
  lost = 0;
  readonly #url: string | (() => string);
  readonly #firstQuestion: number;
  readonly #onReply: (count: number) => void;
  #questions = 0;
  #isOpen = true;

  /**
   * @param url the server; a function that is called before each question: the customers do not end when a reply is lost
   * @param firstQuestion NUMQUESTION of the first question; the numbers of two shops on one file must not overlap
   * @param onReply called after each reply with the number of replies so far
   */
  constructor(url: string | (() => string), firstQuestion: number, onReply: (count: number) => void) {
    this.#url = url;
    this.#firstQuestion = firstQuestion;
    this.#onReply = onReply;
  }

  /** Starts a number of customers. Resolves when none of them gets an answer, or when the shop is closed. */
  async serve(customers: number): Promise<void> {
    await Promise.allSettled(Array.from({ length: customers }, (_, customer) => this.#shop(customer)));
  }

  /** Stops the customers after their current questions. */
  close(): void {
    this.#isOpen = false;
  }

  async #shop(customer: number): Promise<never> {
    const gateway = customer % 4 === 3 ? 'side' : 'main';
    for (let order = 0; ; order++) {
      const name = `${this.#firstQuestion}-${customer}-${order}`;
      const shopping = order % 3 === 2 ? this.#subscribe(gateway, name) : this.#buy(gateway, name);
      await shopping.catch((error: unknown) => {
        if (!(error instanceof NotProcessed || error instanceof LostReply)) throw error;
      });
    }
  }

  async #buy(gateway: string, REFERENCE: string): Promise<void> {
    const authorization = await this.#ask(gateway, { ...CARD, TYPE: '00001', REFERENCE });
    const capture = await this.#ask(gateway, { TYPE: '00002', ...numbersOf(authorization) });
    await this.#ask(gateway, { TYPE: '00014', MONTANT: '400', ...numbersOf(capture) });
    await this.#ask(gateway, { TYPE: '00017', ...numbersOf(capture) });
    await this.#ask(gateway, { TYPE: '00014', MONTANT: '601', ...numbersOf(capture) });
    const payment = await this.#ask(gateway, { ...CARD, TYPE: '00003', REFERENCE });
    await this.#ask(gateway, { TYPE: '00005', ...numbersOf(payment) });
  }

  async #subscribe(gateway: string, REFABONNE: string): Promise<void> {
    const { PORTEUR = '' } = await this.#ask(gateway, { ...CARD, TYPE: '00056', REFABONNE });
    await this.#ask(gateway, { TYPE: '00053', REFERENCE: REFABONNE, REFABONNE, PORTEUR, DATEVAL: '0000' });
    await this.#ask(gateway, { TYPE: '00058', REFABONNE });
    await this.#ask(gateway, { ...CARD, TYPE: '00056', REFABONNE });
  }

  async #ask(gateway: string, variables: Variables): Promise<Variables> {
    if (!this.#isOpen) throw new Error('The shop is closed.');
    const question = { ...HEAD, ...MONEY, ...variables, NUMQUESTION: String(this.#firstQuestion + this.#questions++) };
    const path = gateway === 'main' ? '/PPPS.php' : `/s/${gateway}/PPPS.php`;
    const reply = await this.#send(path, question);
    this.acknowledged.push({ gateway, question, reply });
    this.#onReply(this.acknowledged.length);
    if (reply.CODEREPONSE === '00003') throw new NotProcessed();
    return reply;
  }

  async #send(path: string, question: Variables): Promise<Variables> {
    const url = typeof this.#url === 'string' ? this.#url : this.#url();
    try {
      const response = await fetch(url + path, { method: 'POST', body: encodeForm(Object.entries(question)) });
      return Object.fromEntries(decodeReply(new Uint8Array(await response.arrayBuffer())));
    } catch (cause) {
      if (typeof this.#url === 'string') throw cause;
      this.lost++;
      // Connections to a server that starts again are refused at once.
      await wait(10);
      throw new LostReply('lost', { cause });
    }
  }
}
