import { decodeReply, encodeForm } from '../../../contracts/index.js';
import type { Shop, ShopStep } from '../../../scenarios/explore/code-flow.js';

/** Mistakes of real integrations. Without one, the shop follows the protocol. */
export const MISTAKES = [
  'no echo check',
  'NUMQUESTION unchecked',
  'SITE unchecked',
  'RANG unchecked',
  'sends again after a lost reply',
  'goes to the backup host after a lost reply',
  'goes to the backup host after a refusal',
  'pays without looking the order up',
  'says refused after a lost reply',
  'says paid after a lost reply',
  'never looks again',
  'takes a failed inquiry for a refusal',
  'takes a missing code for success',
  'takes a missing code for a refusal',
  'crashes on an unknown code',
  'refunds again after a lost reply',
  'captures again after a lost reply',
  'prints the card',
  'reads the reply as UTF-8',
  'uses a question number twice',
  'tries again under another reference',
  'cancels after a lost reply and says refused',
] as const;

/** A mistake of a shop. */
export type Mistake = (typeof MISTAKES)[number];

type Fields = Readonly<Record<string, string>>;

class Lost extends Error {}
class NeverOpened extends Error {}

const FAILOVER = ['00001', '00003', '00097', '00098'];
const KNOWN = [...FAILOVER, '00000', '00005', '00011', '00015', '00018', '00039', '00099', '00105', '00151', '001A1'];
const NOTHING_TAKEN = ['Refusé', 'Annulé'];
const LOOKS = 3;

const pairsOf = (text: string): Map<string, string> =>
  new Map(text.split('&').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));

/** A question that changes something, and how the shop looks for its result. */
interface Sent {
  readonly TYPE: string;
  readonly fields: Fields;
  readonly word: string;
  readonly leaves: string;
  readonly was?: string;
  readonly look: () => Promise<Map<string, string>>;
}

/** What a mistaken shop does after a lost reply. */
interface Reaction {
  readonly does: 'send' | 'refuse' | 'paid' | 'print' | 'cancel';
  /** The TYPE after which it does it. Default: any. */
  readonly only?: string;
}

const AFTER_A_LOSS: readonly (readonly [Mistake, Reaction])[] = [
  ['sends again after a lost reply', { does: 'send', only: '00003' }],
  ['refunds again after a lost reply', { does: 'send', only: '00014' }],
  ['captures again after a lost reply', { does: 'send', only: '00002' }],
  ['says refused after a lost reply', { does: 'refuse' }],
  ['says paid after a lost reply', { does: 'paid' }],
  ['prints the card', { does: 'print' }],
  ['cancels after a lost reply and says refused', { does: 'cancel' }],
];

/** Numbers of questions that one shop has for itself. */
const NUMBERS_EACH = 50;

let shops = 0;

/** A small shop that talks to the gateway itself, as in scenarios/examples. */
class SmallShop {
  readonly #shop: Shop;
  readonly #makes: (mistake: Mistake) => boolean;
  readonly #number = 1 + NUMBERS_EACH * shops++;
  #asked = 0;

  constructor(shop: Shop, mistake: Mistake | undefined) {
    this.#shop = shop;
    this.#makes = (one) => one === mistake;
  }

  async #exchange(url: string, TYPE: string, fields: Fields): Promise<Map<string, string>> {
    const { site: SITE, rang: RANG, cle: CLE = '' } = this.#shop.account;
    const NUMQUESTION = this.#makes('uses a question number twice') ? '7' : String(this.#number + this.#asked++);
    const question = { VERSION: '00104', TYPE, SITE, RANG, NUMQUESTION, DATEQ: '10062026', CLE, ...fields };
    const body = encodeForm(Object.entries(question));
    const response = await this.#shop.fetch(url, { method: 'POST', body }).catch((cause: Error & { cause?: { code?: string } }) => {
      throw cause.cause?.code === 'ECONNREFUSED' ? new NeverOpened() : new Lost();
    });
    const bytes = await response.arrayBuffer().catch(() => {
      throw new Lost();
    });
    const reply = this.#makes('reads the reply as UTF-8') ? pairsOf(new TextDecoder().decode(bytes)) : decodeReply(new Uint8Array(bytes));
    if (!reply.has('CODEREPONSE')) return this.#withoutCode(reply);
    if (!this.#answers(question, reply)) throw new Lost();
    return reply;
  }

  #withoutCode(reply: Map<string, string>): Map<string, string> {
    if (this.#makes('takes a missing code for success')) return reply.set('CODEREPONSE', '00000');
    if (this.#makes('takes a missing code for a refusal')) return reply.set('CODEREPONSE', '00105');
    throw new Lost();
  }

  #answers(question: Fields, reply: ReadonlyMap<string, string>): boolean {
    if (this.#makes('no echo check')) return true;
    return ['SITE', 'RANG', 'NUMQUESTION'].every(
      (name) => this.#makes(`${name} unchecked` as Mistake) || Number(reply.get(name)) === Number(question[name]),
    );
  }

  /** Whether the answer of a host is the last word, so that the other host is not asked. */
  #isFinal(code: string): boolean {
    if (this.#makes('crashes on an unknown code') && !KNOWN.includes(code)) throw new TypeError(`no text for ${code}`);
    return this.#makes('goes to the backup host after a refusal') ? ['00000', '00018'].includes(code) : !FAILOVER.includes(code);
  }

  async #ask(TYPE: string, fields: Fields): Promise<Map<string, string>> {
    let last: Map<string, string> | undefined;
    for (const url of [this.#shop.url, this.#shop.backupUrl]) {
      const reply = await this.#exchange(url, TYPE, fields).catch((error: unknown) => {
        if (error instanceof NeverOpened || this.#makes('goes to the backup host after a lost reply')) return undefined;
        throw error;
      });
      last = reply ?? last;
      if (reply && this.#isFinal(reply.get('CODEREPONSE') ?? '')) return reply;
    }
    if (last) return last;
    throw new NeverOpened();
  }

  async #find(order: Fields): Promise<Map<string, string>> {
    const named = await this.#ask('00011', order);
    if (named.get('CODEREPONSE') !== '00000') return named;
    const found = await this.#ask('00017', { NUMTRANS: named.get('NUMTRANS') ?? '' });
    if (found.get('CODEREPONSE') === '00018') throw new Lost();
    return found;
  }

  #line(word: string, reply: ReadonlyMap<string, string>): string {
    const code = reply.get('CODEREPONSE') ?? '';
    if (code === '00000') return this.#stored(`${word} ${reply.get('NUMTRANS')} ${reply.get('NUMAPPEL')}`);
    return [...FAILOVER, '00099'].includes(code) ? `unavailable ${code}` : `refused ${code}`;
  }

  #stored(line: string): string {
    this.#shop.stored.set('order', line);
    return line;
  }

  async #carryOut(sent: Sent): Promise<string> {
    try {
      return this.#line(sent.word, await this.#ask(sent.TYPE, sent.fields));
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      const mistaken = AFTER_A_LOSS.find(([mistake, { only }]) => this.#makes(mistake) && (only === undefined || only === sent.TYPE));
      return mistaken ? this.#doMistaken(mistaken[1].does, sent) : this.#lookAgain(sent);
    }
  }

  async #doMistaken(does: Reaction['does'], { TYPE, fields, word }: Sent): Promise<string> {
    if (does === 'send') return this.#line(word, await this.#ask(TYPE, fields));
    if (does === 'print') return `unknown ${JSON.stringify(fields)}`;
    if (does === 'paid') return `${word} 0 0`;
    if (does === 'cancel') {
      const named = await this.#ask('00011', fields);
      await this.#ask('00005', { ...fields, NUMTRANS: named.get('NUMTRANS') ?? '', NUMAPPEL: named.get('NUMAPPEL') ?? '' }).catch(() => {});
    }
    return 'refused';
  }

  async #lookAgain({ word, leaves, look, was = '' }: Sent): Promise<string> {
    for (let n = 0; n < LOOKS; n++) {
      const seen = await look().catch((error: unknown) => {
        if (error instanceof Lost || error instanceof NeverOpened) return undefined;
        throw error;
      });
      if (!seen && this.#makes('takes a failed inquiry for a refusal')) return 'refused not-found';
      const status = seen?.get('STATUS') ?? '';
      if (seen?.get('CODEREPONSE') === '00000' && status === leaves && status !== was) return this.#line(word, seen);
    }
    return 'unknown';
  }

  #reference(): string {
    const { reference, stored } = this.#shop;
    if (!this.#makes('tries again under another reference')) return reference;
    const attempts = Number(stored.get('attempts') ?? 0) + 1;
    stored.set('attempts', String(attempts));
    return `${reference}-${attempts}`;
  }

  async take(TYPE: string, word: string, leaves: string): Promise<string> {
    const { amount, card } = this.#shop;
    const order = { MONTANT: String(amount), DEVISE: '978', REFERENCE: this.#reference() };
    if (!this.#makes('pays without looking the order up')) {
      const before = await this.#find(order);
      const status = before.get('STATUS') ?? '';
      const code = before.get('CODEREPONSE') ?? '';
      if (code === '00000' && !NOTHING_TAKEN.includes(status))
        return status === leaves && !this.#makes('never looks again') ? this.#line(word, before) : 'unknown';
      if (code !== '00000' && code !== '00018') return this.#line(word, before);
    }
    const payment = { ...order, PORTEUR: card.number, DATEVAL: card.expiry, CVV: card.cvv };
    const look = this.#makes('never looks again') ? () => Promise.reject(new Lost()) : () => this.#find(order);
    return this.#carryOut({ TYPE, fields: payment, word, leaves, look });
  }

  async follow(TYPE: string, word: string, leaves: string, amount: number): Promise<string> {
    const [, NUMTRANS = '', NUMAPPEL = ''] = (this.#shop.stored.get('order') ?? '').split(' ');
    const look = () => this.#ask('00017', { NUMTRANS, NUMAPPEL });
    const was = await look().then(
      (seen) => seen.get('STATUS') ?? leaves,
      () => leaves,
    );
    return this.#carryOut({ TYPE, fields: { MONTANT: String(amount), DEVISE: '978', NUMTRANS, NUMAPPEL }, word, leaves, look, was });
  }
}

const guarded = async (work: Promise<string>): Promise<string> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof NeverOpened) return 'unavailable connection';
    if (error instanceof Lost) return 'unknown';
    throw error;
  }
};

/** Returns the steps of a shop that makes a mistake, or none. */
export function shopSteps(mistake?: Mistake): Readonly<Record<'pay' | 'authorize' | 'capture' | 'refund', ShopStep>> {
  return {
    pay: (shop) => guarded(new SmallShop(shop, mistake).take('00003', 'paid', 'Capturé')),
    authorize: (shop) => guarded(new SmallShop(shop, mistake).take('00001', 'authorized', 'Autorisé')),
    capture: (shop) => guarded(new SmallShop(shop, mistake).follow('00002', 'captured', 'Capturé', shop.amount)),
    refund: (shop) => guarded(new SmallShop(shop, mistake).follow('00014', 'refunded', 'Remboursé', shop.amount / 2)),
  };
}
