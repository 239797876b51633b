import { accountId, cardTraits, isCardShaped, maskCard, maskText } from '../../contracts/index.js';
import type { Account, Accounts } from '../engine/account.js';
import { readParisTime } from '../engine/calendar.js';
import { isTime, TIME_RANGE } from '../engine/clock-range.js';
import { NO_CARD, storedCardOf } from '../engine/new-payment.js';
import type { StoredCard } from '../engine/payment.js';
import { isStorable } from '../store/row-checks.js';

/** A payment or a subscriber cannot be imported. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

/** The card of what is imported. */
export interface CardInput {
  /** A test card's number (stored masked) or a mask. Type and country are derived from it unless they are given. */
  readonly PORTEUR?: string;
  readonly TYPECARTE?: string;
  readonly PAYS?: string;
}

/** The stored form of a card. */
export function cardOf({ PORTEUR = '', TYPECARTE, PAYS }: CardInput): StoredCard {
  const traits = cardTraits(PORTEUR);
  const known = isCardShaped(PORTEUR)
    ? storedCardOf(PORTEUR)
    : { ...NO_CARD, mask: maskCard(PORTEUR), TYPECARTE: traits.TYPECARTE, PAYS: traits.PAYS };
  return { ...known, TYPECARTE: TYPECARTE === undefined ? known.TYPECARTE : maskText(TYPECARTE), PAYS: PAYS ?? known.PAYS };
}

function instantAt(at: string): number {
  try {
    return readParisTime(at);
  } catch {
    throw new ImportError(`at: ${at} is not an ISO 8601 time (2026-03-28T12:00, in Paris, or with an offset).`);
  }
}

/**
 * Returns the instant of a time.
 *
 * @param at undefined: now
 * @throws ImportError when it is not a time that a gateway knows
 */
export function timeOf(at: string | undefined, now: number): number {
  if (at === undefined) return now;
  const instant = instantAt(at);
  if (!isTime(instant)) throw new ImportError(`at: ${at} is too far away. ${TIME_RANGE}.`);
  return instant;
}

/** @throws ImportError when there is no such account */
export function accountOf({ SITE, RANG }: { readonly SITE: string; readonly RANG: string }, accounts: Accounts): Account {
  const account = accounts.get(accountId(SITE, RANG));
  if (!account) throw new ImportError(`SITE, RANG: there is no account ${SITE}/${RANG}; \`paybox-sim accounts\` lists the test accounts.`);
  return account;
}

/** @throws ImportError when one of the texts cannot be stored */
export function checkTexts<Name extends string>(input: Readonly<Partial<Record<Name, unknown>>>, names: readonly Name[]): void {
  for (const name of names)
    if (!isStorable(String(input[name] ?? ''))) throw new ImportError(`${name}: half of a surrogate pair cannot be stored.`);
}
