import { maskField, maskText, operationNamed, readMagicCard } from '../../contracts/index.js';
import type { Accounts } from '../engine/account.js';
import type { Fact } from '../engine/fact.js';
import type { Subscriber } from '../engine/subscriber.js';
import type { Store } from '../store/store.js';
import { accountOf, type CardInput, cardOf, checkTexts, ImportError, timeOf } from './import-values.js';

/** A subscriber of Direct Plus that was registered elsewhere, such as by PBX_REFABONNE on the hosted page. */
export interface SubscriberInput extends CardInput {
  readonly SITE: string;
  readonly RANG: string;
  readonly REFABONNE: string;
  /** The token of the card, which questions send as PORTEUR. */
  readonly token: string;
  /** Expiry date of the card, MMYY. */
  readonly DATEVAL: string;
  /** When it was registered, ISO 8601. Default: now. */
  readonly at?: string;
}

const REGISTRATION = operationNamed('subscribers.register')?.TYPE;

const TOKEN = /^[A-Za-z0-9._-]{1,19}$/;

/** The code that the card requests for a later operation. */
function forcedOf({ PORTEUR = '' }: SubscriberInput): Pick<Subscriber, 'forced'> {
  const magic = readMagicCard(PORTEUR);
  return magic?.TYPE !== undefined && magic.TYPE !== REGISTRATION ? { forced: magic } : {};
}

function subscriberOf(input: SubscriberInput, accounts: Accounts, now: number): Subscriber {
  const account = accountOf(input, accounts);
  checkTexts(input, ['REFABONNE', 'TYPECARTE']);
  const { REFABONNE, token, DATEVAL } = input;
  if (!TOKEN.test(token)) throw new ImportError('token: it must have 1 to 19 letters, digits, dots, underscores or hyphens.');
  // Stored and shown as it is: a masked one would be another.
  if (maskField('PORTEUR', token) !== token)
    throw new ImportError('token: it is stored and shown, so it must not look like a card number.');
  if (!/^\d{4}$/.test(DATEVAL)) throw new ImportError(`DATEVAL: ${DATEVAL} is not an expiry date, MMYY.`);
  return {
    account: account.id,
    REFABONNE: maskText(REFABONNE),
    PORTEUR: token,
    card: cardOf(input),
    DATEVAL,
    registeredAt: timeOf(input.at, now),
    ...forcedOf(input),
  };
}

/**
 * Imports a subscriber that was registered elsewhere. Every operation then works on it as on those that a question registered. Its token
 * becomes that of its card, unless the account has one for it.
 *
 * @param now milliseconds since the epoch
 * @returns undefined when the account has a subscriber with this REFABONNE
 * @throws ImportError when its account is unknown, a text cannot be stored, or its token is none
 */
export async function addSubscriber(
  input: SubscriberInput,
  accounts: Accounts,
  store: Store,
  now: number,
): Promise<Subscriber | undefined> {
  const subscriber = subscriberOf(input, accounts, now);
  const { account, REFABONNE, PORTEUR: token, card } = subscriber;
  const tokenSha1 = card.sha1 || undefined;
  return store.transact({ account, day: '', REFABONNE, tokenSha1 }, (found) => {
    if (found.subscriber) return { facts: [], result: undefined };
    const facts: Fact[] = [{ fact: 'subscriber', subscriber }];
    if (tokenSha1 !== undefined && found.token === undefined) facts.push({ fact: 'token', account, sha1: tokenSha1, token });
    return { facts, result: subscriber };
  });
}

/**
 * Imports a subscriber as {@link addSubscriber} does.
 *
 * @throws ImportError also when the account has a subscriber with this REFABONNE
 */
export async function importSubscriber(input: SubscriberInput, accounts: Accounts, store: Store, now: number): Promise<Subscriber> {
  const subscriber = await addSubscriber(input, accounts, store, now);
  if (!subscriber) throw new ImportError(`REFABONNE: the account has a subscriber ${maskText(input.REFABONNE)} already.`);
  return subscriber;
}
