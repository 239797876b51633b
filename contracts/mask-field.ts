import { maskCard, maskCardsIn, maskLikelyCardsIn } from './mask.js';
import { PLACE_BY_NAME, VARIABLE_BY_NAME, VARIABLES } from './variables.js';

const HIDDEN = '***';

/** Words that name what is never shown, in part or whole. */
export const SECRET_WORDS = ['CVV', 'CVC', 'CLE'] as const;

// Told by the word alone, so that `cvv`, ` CVV` and `data[CVV]` are no way round.
const WORD = SECRET_WORDS.join('|');
const SECRET_NAME = new RegExp(`(?<![A-Z0-9])(?:${WORD})(?![A-Z0-9])`, 'i');
const SECRET_IN_BODY = new RegExp(`(${WORD})(\\W{0,200}?)(?!${WORD})\\w[^\\s"'&<>,;]{2,}`, 'gi');
const CARD_NAME = /(?<![A-Z0-9])PORTEUR(?![A-Z0-9])/i;

// A token is letters and zeros stand for nothing; whatever else has the length of a card is masked, digits or not.
const maskPorteur = (value: string): string => (/\d/.test(value) && !/^0*$/.test(value) ? maskCard(value) : value);

type Mask = (value: string) => string;

const hide: Mask = (value) => (value === '' ? '' : HIDDEN);

function maskOf(name: string): Mask {
  if (SECRET_NAME.test(name)) return hide;
  if (CARD_NAME.test(name)) return maskPorteur;
  return VARIABLE_BY_NAME.has(name) ? maskLikelyCardsIn : maskCardsIn;
}

/** In the places of the variables. */
const MASKS: readonly Mask[] = VARIABLES.map(({ name }) => maskOf(name));

/**
 * The value of a variable as it may be shown and kept: card numbers masked, CVV and account key left out.
 * Names that are no variables of the gateway may hold anything, so whatever could be a card goes there.
 *
 * @param place of the variable among `VARIABLES`, where it is known
 */
export function maskField(name: string, value: string, place = PLACE_BY_NAME.get(name)): string {
  return ((place === undefined ? undefined : MASKS[place]) ?? maskOf(name))(value);
}

/** A text that is no form, as it may be shown: digits that could be a card go, and whatever follows a CVV or a key. */
export function maskBody(text: string): string {
  return text.replace(/\d(?:[ -]?\d){11,}/g, (run) => maskCard(run.replace(/\D/g, ''))).replace(SECRET_IN_BODY, `$1$2${HIDDEN}`);
}
