import type { Faker } from '@faker-js/faker';
import { encodeForm, ISSUER_CODES, magicCard, SUCCESS, TEST_CARDS, withCredentials } from '../../contracts/index.js';
import type { Account } from '../engine/account.js';
import { questionDay } from '../engine/calendar.js';
import { mapInSlices } from '../store/time-slice.js';
import { credentialsOf } from './account-credentials.js';
import { Clock } from './clock.js';
import type { Gateway } from './gateway.js';

/** What to generate. */
export interface SeedOptions {
  /** How many payments. Default: 100. */
  readonly payments?: number;
  /** The same seed generates the same payments. Default: 42. */
  readonly seed?: number;
  /** Over how many past days. Default: 30. */
  readonly days?: number;
}

/** What was generated. */
export interface SeedResult {
  readonly payments: number;
  readonly questions: number;
  readonly refused: number;
}

type Variables = Readonly<Record<string, string>>;

/** A question to send at a time, built from the reply to the payment's first question. */
interface TimedQuestion {
  readonly at: number;
  readonly make: (numbers: Variables) => Variables;
}

/** The questions of one payment: the first one, and those that follow if it succeeds. */
interface PaymentHistory {
  readonly questions: readonly [TimedQuestion, ...TimedQuestion[]];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** First question number: above those of clients that count from 1. The size of the journal is added, so that two seeds do not collide. */
const FIRST_QUESTION = 1_000_000_000;

const ACCEPTED_CARDS = TEST_CARDS.filter(({ outcome, enrolled }) => outcome === 'accepted' && !enrolled);
const ISSUER_REFUSALS = ISSUER_CODES.map(({ code }) => `001${code}`).filter((code) =>
  ['00105', '00151', '00154', '00157', '00159', '00161'].includes(code),
);

/** Generates payment histories. All random values come from faker, so that a seed repeats. */
class PaymentHistories {
  readonly #faker: Faker;
  #orders = 0;

  constructor(faker: Faker) {
    this.#faker = faker;
  }

  make(at: number): PaymentHistory {
    const history = this.#faker.helpers.weightedArrayElement([
      { weight: 50, value: this.#paid },
      { weight: 14, value: this.#capturedLater },
      { weight: 7, value: this.#authorizedOnly },
      { weight: 5, value: this.#cancelled },
      { weight: 6, value: this.#refunded },
      { weight: 4, value: this.#refundedInParts },
      { weight: 9, value: this.#refused },
      { weight: 5, value: this.#subscribed },
    ]);
    return history.call(this, at);
  }

  #amount(): number {
    return this.#faker.number.int({ min: 490, max: 24_900 });
  }

  #order(TYPE: string, amount: number, porteur = this.#faker.helpers.arrayElement(ACCEPTED_CARDS).PORTEUR): Variables {
    const reference = `${this.#faker.helpers.arrayElement(['WEB', 'APP', 'TEL'])}-${this.#faker.string.alphanumeric({ length: 6, casing: 'upper' })}-${++this.#orders}`;
    return {
      TYPE,
      MONTANT: String(amount),
      DEVISE: '978',
      REFERENCE: reference,
      PORTEUR: porteur,
      DATEVAL: '1299',
      CVV: '123',
      ACTIVITE: '024',
    };
  }

  #follow(TYPE: string, amount: number, at: number): TimedQuestion {
    return { at, make: ({ NUMTRANS = '', NUMAPPEL = '' }) => ({ TYPE, MONTANT: String(amount), DEVISE: '978', NUMTRANS, NUMAPPEL }) };
  }

  #paid(at: number): PaymentHistory {
    const order = this.#order('00003', this.#amount());
    return { questions: [{ at, make: () => order }] };
  }

  #authorizedOnly(at: number): PaymentHistory {
    const order = this.#order('00001', this.#amount());
    return { questions: [{ at, make: () => order }] };
  }

  #capturedLater(at: number): PaymentHistory {
    const amount = this.#amount();
    const order = this.#order('00001', amount);
    const shipped = this.#faker.datatype.boolean(0.8) ? amount : Math.ceil(amount * 0.7);
    return {
      questions: [{ at, make: () => order }, this.#follow('00002', shipped, at + this.#faker.number.int({ min: HOUR, max: 4 * DAY }))],
    };
  }

  #cancelled(at: number): PaymentHistory {
    const amount = this.#amount();
    const order = this.#order('00001', amount);
    return {
      questions: [{ at, make: () => order }, this.#follow('00005', amount, at + this.#faker.number.int({ min: MINUTE, max: 6 * HOUR }))],
    };
  }

  #refunded(at: number): PaymentHistory {
    const amount = this.#amount();
    const order = this.#order('00003', amount);
    return {
      questions: [{ at, make: () => order }, this.#follow('00014', amount, at + this.#faker.number.int({ min: HOUR, max: 9 * DAY }))],
    };
  }

  #refundedInParts(at: number): PaymentHistory {
    const amount = this.#amount();
    const order = this.#order('00003', amount);
    const part = Math.floor(amount / 3);
    return { questions: [{ at, make: () => order }, this.#follow('00014', part, at + DAY), this.#follow('00014', part, at + 2 * DAY)] };
  }

  #refused(at: number): PaymentHistory {
    const order = this.#order('00003', this.#amount(), magicCard(this.#faker.helpers.arrayElement(ISSUER_REFUSALS)));
    return { questions: [{ at, make: () => order }] };
  }

  #subscribed(at: number): PaymentHistory {
    const REFABONNE = `${this.#faker.internet.username().slice(0, 20)}-${++this.#orders}`;
    const registration = { ...this.#order('00056', 100), REFABONNE };
    const amount = this.#amount();
    const renewal = this.#order('00053', amount);
    return {
      questions: [
        { at, make: () => registration },
        { at: at + 5 * MINUTE, make: ({ PORTEUR = '' }) => ({ ...renewal, REFABONNE, PORTEUR, DATEVAL: '1299' }) },
      ],
    };
  }
}

/** Sends the questions of all histories in the order of their times. */
async function sendAll(
  histories: readonly PaymentHistory[],
  gateway: Gateway,
  clock: Clock,
  account: Account,
  until: number,
): Promise<Omit<SeedResult, 'payments'>> {
  const first = new Map<PaymentHistory, Variables>();
  const timed = histories.flatMap((history) => history.questions.map((question) => ({ history, question })));
  timed.sort((a, b) => a.question.at - b.question.at);
  const [latest] = await gateway.journal({ limit: 1 });
  const before = FIRST_QUESTION + (latest?.seq ?? 0);
  const past = gateway.withClock(clock);
  let sent = 0;
  let refused = 0;
  for (const { history, question } of timed) {
    const isFollowing = history.questions[0] !== question;
    const numbers = first.get(history);
    if (question.at > until || (isFollowing && !numbers)) continue;
    clock.set(question.at, true);
    const variables = question.make(numbers ?? {});
    const head = {
      VERSION: '00104',
      SITE: account.SITE,
      RANG: account.RANG,
      IDENTIFIANT: account.IDENTIFIANT,
      NUMQUESTION: String(before + ++sent),
      DATEQ: questionDay(question.at),
    };
    const { reply } = await past.answer({
      body: encodeForm(withCredentials(Object.entries({ ...head, ...variables }), credentialsOf(account))),
    });
    if (reply.CODEREPONSE !== SUCCESS) refused++;
    else if (!isFollowing) first.set(history, reply as Variables);
  }
  return { questions: sent, refused };
}

/**
 * Fills a gateway with realistic payments over past days, in every state: paid, captured later, authorized only,
 * cancelled, refunded whole and in parts, refused, and subscribers with their payments. The questions are processed
 * like any other, with a clock set to their time; the gateway's own clock does not move.
 */
export async function seed(gateway: Gateway, { payments = 100, seed: value = 42, days = 30 }: SeedOptions = {}): Promise<SeedResult> {
  const { Faker: FakerClass, fr, base } = await import('@faker-js/faker');
  const faker = new FakerClass({ locale: [fr, base], seed: value });
  const [account] = gateway.accounts;
  if (!account) throw new RangeError('The gateway has no account to pay on.');
  await gateway.ready();
  const until = gateway.clock.now();
  const times = Array.from({ length: payments }, () => until - faker.number.int({ min: MINUTE, max: days * DAY }));
  const generator = new PaymentHistories(faker);
  const histories = await mapInSlices(
    times.sort((a, b) => a - b),
    (at) => generator.make(at),
  );
  const clock = new Clock();
  return { payments, ...(await sendAll(histories, gateway, clock, account, until)) };
}
