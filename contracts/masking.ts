import { cardsIn, cardsInDigits } from './card-numbers.js';
import { REPLY_ORDER } from './frame/reply.js';
import { PBX_VARIABLE_BY_NAME } from './hosted-page.js';
import { isLuhn } from './luhn.js';
import { VARIABLE_BY_NAME, VARIABLE_INDEX_BY_NAME, VARIABLES } from './variables.js';

/** Whether a text has the shape of a card number: 13 to 19 digits and nothing else. The Luhn digit is not checked. */
export const isCardShaped = (text: string): boolean => /^\d{13,19}$/.test(text);

// Ten visible digits would be too many of a shorter number.
const SHORTEST_SHOWN = 13;
const [SHOWN_FIRST, SHOWN_LAST] = [6, 4] as const;

/**
 * Masks a card number so that it may be stored and shown: `111122******4444`.
 * A value of fewer than 13 characters is masked completely, because ten visible digits would be too many of it.
 */
export function maskCard(porteur: string): string {
  return porteur.length < SHORTEST_SHOWN
    ? '*'.repeat(porteur.length)
    : `${porteur.slice(0, SHOWN_FIRST)}${'*'.repeat(porteur.length - SHOWN_FIRST - SHOWN_LAST)}${porteur.slice(-SHOWN_LAST)}`;
}

/**
 * Masks every card number in a text: 12 to 19 digits with the first digits and a length of a card scheme and a valid Luhn digit, in groups
 * and beside other digits too. `42 4012 0010 3714 1112` becomes `42 4012 00** **** 1112`. Of 12 digits only the last four are shown. IBANs,
 * UUIDs and timestamps are left unchanged.
 */
export function maskCardsIn(text: string): string {
  const cards = cardsIn(text);
  if (cards.length === 0) return text;
  const units = text.split('');
  for (const digits of cards) for (const at of digits.slice(digits.length < SHORTEST_SHOWN ? 0 : SHOWN_FIRST, -SHOWN_LAST)) units[at] = '*';
  return units.join('');
}

/** What replaces a value that is never stored or shown, such as the CVV. */
export const HIDDEN_VALUE = '***';

/** Variables whose value is never stored or shown, not even in part. */
export const SECRET_WORDS = ['CVV', 'CVC', 'CCV', 'CSC', 'CRYPTOGRAMME', 'SECURITYCODE', 'CLE'] as const;

// Matches the words within a name, so that `CVVCode`, `cardCvv` and `data[CVV]` are secrets too. CLE must stand alone: `ARTICLE` is no secret.
const VERIFICATION_VALUE = 'CVV|CVC|CCV|CSC|CRYPTOGRAMM?E?|SECURITY[\\W_]?CODE';
const KEY = 'HMAC[\\W_]?KEY|(?<![A-Z0-9])CLE(?![A-Z0-9])';
const LABEL = `(?:${VERIFICATION_VALUE}|${KEY})(?:2(?!\\d))?(?:[\\W_]?CODE)?`;

/** Names of secrets. In free text some of these words are ordinary ones. */
const SECRET_NAME = new RegExp(`${VERIFICATION_VALUE}|${KEY}|CRYPTO|CVN|KEY|SECRET|PASSW|PASSPHRASE|PWD`, 'i');
const CARD_NAME = /(?<![A-Z0-9])PORTEUR(?![A-Z0-9])/i;

/** Whether the value of a variable with this name is never stored or shown. */
export const isSecretName = (name: string): boolean => SECRET_NAME.test(name);

/**
 * Replaces a value wherever a text repeats it. Digits that are no card number are replaced only where they are the whole number: in a
 * longer one they may occur by chance.
 */
export function replaceRepeated(text: string, value: string, replacement: string): string {
  if (value === '' || text.length < value.length || !text.includes(value)) return text;
  if (!/^\d+$/.test(value) || cardsInDigits(value).length > 0) return text.replaceAll(value, replacement);
  return text.replace(new RegExp(`(?<!\\d)${value}(?!\\d)`, 'g'), replacement);
}

const SHORTEST_ASSIGNMENT = 'CLE=x'.length;

const SMALL = 0x20;
const [COLON, EQUALS_SIGN, GREATER, PERCENT, C] = [0x3a, 0x3d, 0x3e, 0x25, 0x63];

// A loop, because it runs for every value of a question, and few of them assign anything. Names of a CVV or a key have a C; other names of
// secrets count only before an operator.
function mayAssign(text: string): boolean {
  if (text.length < SHORTEST_ASSIGNMENT) return false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === EQUALS_SIGN || unit === COLON || unit === GREATER || unit === PERCENT || (unit | SMALL) === C) return HAS_NAME.test(text);
  }
  return false;
}

/** A part of every name of a secret. */
const HAS_NAME = /CV[VCN]|CCV|CSC|CRYPT|ECURITY|CLE|KEY|SECRET|PASS|PWD/i;

const BEFORE_OPERATOR = '(?:[\\w[\\]){}]|%5[BD]){0,16}[\\\\"\']{0,4}\\s{0,4}(?:(?:value|content)\\s{0,2})?';
const OPENING = '[\\s\\\\"\'(]{0,16}(?:<!\\[CDATA\\[)?';
const EQUALS = '(?:=>|->|:=|={1,8}|\uff1d|>|%(?:25){0,4}3[AD]|&#(?:61|58|x3[ad]);|&(?:equals|colon|gt);)';
/** The rest of a tag, after its name: `<cvv type="x">`. */
const ATTRIBUTES = '(?:\\s{1,4}[\\w:.-]{1,32}=\\\\{0,2}["\'][^"\'<>]{0,64}["\']){1,4}\\s{0,4}>';
const QUOTED = '[:\uff1a]\\s{0,4}[\\\\"\'(]{1,8}';
// After a colon and a space there may be a sentence about the variable (`CVV: its values are not stored`), so the value must have a digit.
const ASSIGNMENT = `(?:${EQUALS}|${ATTRIBUTES})${OPENING}|${QUOTED}|[:\uff1a](?=\\S)|:\\s{1,4}(?=[^\\s&"'<>,;\\\\]{0,64}\\d)`;
/** Words that are names of secrets only if something is clearly assigned to them. */
const ASSIGNED_NAME = 'KEY|SECRET|PASSW(?:OR)?D|PASSPHRASE|PWD|CVN';
const ASSIGNED_VALUE = '(?![*=>])[^\\s&"\'<>,;\\\\]+';
const ASSIGNED_LABEL = `${LABEL}${BEFORE_OPERATOR}(?:${ASSIGNMENT})`;
const ASSIGNED = new RegExp(
  `((?:${ASSIGNED_LABEL}|(?:${ASSIGNED_NAME})[\\])}"'\\\\]{0,4}\\s{0,4}(?:(?:=>|:=|={1,8}|%(?:25){0,4}3D)${OPENING}|${QUOTED})))${ASSIGNED_VALUE}`,
  'gi',
);
/** What is assigned to the name of a CVV or of a key of the gateway, and to no other secret. */
const ASSIGNED_CARD_DATA = new RegExp(`(${ASSIGNED_LABEL})${ASSIGNED_VALUE}`, 'gi');

const BETWEEN = '(?:["\'][,;]\\s?["\']|[\\s#_|/.~"\'()[\\]{}:=>-]){0,6}';
const WORD_BETWEEN = '(?:is|was|est|of|value|valeur|visuel|code|number|numero|num|no|nr)';
const THREE_OR_FOUR_DIGITS = '[\\d\uff10-\uff19\u0660-\u0669]{3,4}';
/**
 * Three or four digits after the name of a CVV: `cvv 739`, `CVV is 739`, `cvv-739`. An order may be `CSC-1234` or `CVV-2026-17`.
 */
const BARE_CVV = new RegExp(
  `((?:${VERIFICATION_VALUE})(?:2(?!\\d))?[a-z_\\])}]{0,12}${BETWEEN}(?:${WORD_BETWEEN}[\\s:=#]{1,4})?)(?<!C(?:SC|CV)[-_]?)(?:(?<=-)${THREE_OR_FOUR_DIGITS}(?!-)|(?<!-)${THREE_OR_FOUR_DIGITS})(?![\\da-z])`,
  'gi',
);
/** A word of a key's length and with a digit after the name of a key: `CLE s3cr3tkey`. */
const BARE_KEY = new RegExp(`((?:${KEY})\\s{1,4}(?:(?:is|est)\\s{1,4})?)(?=[a-z]{0,128}\\d)[a-z\\d]{8,128}(?![a-z\\d])`, 'gi');

/**
 * Masks free text, such as a message or a body: every card number ({@link maskCardsIn}), what is assigned to the name of a CVV or a key
 * (`cvv=123`, `"CLE": "…"`), and digits that can be a CVV after its name (`cvv 123`).
 */
export function maskText(text: string): string {
  const masked = maskCardsIn(text);
  if (!mayAssign(masked)) return masked;
  return [ASSIGNED, BARE_CVV, BARE_KEY].reduce((left, pattern) => left.replace(pattern, `$1${HIDDEN_VALUE}`), masked);
}

/** An identifier in hexadecimal digits with letters: some of its digits may look like a card number. */
const HEX_IDENTIFIER = /^(?=.*[a-f])[\da-f-]{16,}$/i;

/**
 * Masks card data in a text that must otherwise stay as it is, such as an address that a shop is called at: card numbers, a CVV and the keys of
 * the gateway. Secrets of the shop's own (`key=wc_order_1`) stay, and so do identifiers in hexadecimal digits.
 */
export function maskCardData(text: string): string {
  if (HEX_IDENTIFIER.test(text)) return text;
  const masked = maskCardsIn(text);
  if (!mayAssign(masked)) return masked;
  return [ASSIGNED_CARD_DATA, BARE_CVV].reduce((left, pattern) => left.replace(pattern, `$1${HIDDEN_VALUE}`), masked);
}

const NAMES = [...VARIABLE_BY_NAME.keys()].sort((a, b) => b.length - a.length).join('|');
const NAME_IN_BODY = new RegExp(`(${LABEL})|(?<![A-Z0-9_-])(?:${NAMES})(?![A-Z0-9_-])`, 'gi');
/** Names of variables that markup and headers use too, around a value. */
const OF_MARKUP = /^(?:TYPE|VERSION|HASH)$/i;
const LONG_NUMBER = /\d(?:[ -]?\d){11,}/g;

const hideWords = (text: string): string =>
  text.replace(/[^\s"'&<>,;=:()[\]{}\\]+/g, (word) => (/[A-Za-z0-9\u0080-\uffff]/.test(word) ? HIDDEN_VALUE : word));

/**
 * Masks a text of unknown structure: every number of 12 or more digits, every card number, and all words between the name of a CVV or a
 * key and the next name of a variable. So the value is hidden whatever the carrier writes around it: headers of a multipart part,
 * attributes, lengths.
 */
export function maskBody(text: string): string {
  const masked = maskCardsIn(text.replace(LONG_NUMBER, (run) => maskCard(run.replace(/\D/g, ''))));
  let shown = '';
  let from = 0;
  let isSecret = false;
  for (const { 0: name, 1: secret, index } of masked.matchAll(NAME_IN_BODY)) {
    const between = masked.slice(from, index);
    shown += (isSecret ? hideWords(between) : between) + name;
    from = index + name.length;
    if (!OF_MARKUP.test(name)) isSecret = secret !== undefined;
  }
  const rest = masked.slice(from);
  return shown + (isSecret ? hideWords(rest) : rest);
}

const characters = (length: number): string => `${length} ${length === 1 ? 'character' : 'characters'}`;

const MEDIA_TYPE = /^[a-z]{1,16}\/[a-z.+-]{1,40}(?=$|[\s;])/i;

/** The media type of a Content-Type, without its parameters; empty if it is not a usual one: it may then contain anything. */
export const mediaTypeOf = (contentType: string): string => MEDIA_TYPE.exec(contentType)?.[0] ?? '';

/**
 * Describes a body that could not be read as variables by what is harmless in it: its length, its media type and the names of the
 * gateway's variables that it contains. `57 characters of application/json with TYPE, PORTEUR, CVV`
 */
export function describeBody(text: string, contentType = ''): string {
  const names = new Set(Array.from(text.matchAll(NAME_IN_BODY), ([name]) => name.replace(/[^A-Za-z0-9_-]/g, ' ')));
  const type = mediaTypeOf(contentType);
  return `${characters(text.length)}${type && ` of ${type}`}${names.size > 0 ? ` with ${[...names].join(', ')}` : ''}`;
}

/** What {@link maskCard} returns, so that a masked value can be masked again. */
const IS_MASK = /^[^*]{6}\*{3,}[^*]{4}$/;

// Zeros mean that there is no card, and a token has letters only.
const hasNoCard = (value: string): boolean => !/\p{Nd}/u.test(value) || /^0*$/.test(value);

const isWhole = (digits: string): boolean => {
  const [card] = cardsInDigits(digits);
  return card === undefined || (card[0] === 0 && card[1] === digits.length);
};

/**
 * Masks PORTEUR. The first six and the last four digits are shown of what has the shape of a card number. Anything else that has digits may
 * be a card number with its CVV, and is masked completely.
 */
function maskPorteur(value: string): string {
  if (isCardShaped(value) && isLuhn(value)) return hasNoCard(value) ? value : maskCard(value);
  if (hasNoCard(value) || IS_MASK.test(value)) return value;
  if (/^[\d*]{13,19}$/.test(value)) return isWhole(value.replace(/\D/g, '')) ? maskCard(value) : '*'.repeat(value.length);
  const digits = value.replace(/[\s-]/g, '');
  return isCardShaped(digits) && isLuhn(digits) && isWhole(digits) ? maskCard(value) : '*'.repeat(value.length);
}

type Mask = (value: string) => string;

const hide: Mask = (value) => (value === '' ? '' : HIDDEN_VALUE);

/** Matches what {@link hideUnknown} returns, so that a masked value can be masked again. */
const LENGTH_ONLY = /^\(\d+ characters?\)$/;
const hideUnknown: Mask = (value) => (value === '' || LENGTH_ONLY.test(value) ? value : `(${characters(value.length)})`);

/** Of an order's variable three or four digits alone are hidden too: they may be a CVV under a wrong name. */
const maskOrder: Mask = (value) => (/^[\W_]*\d{3,4}[\W_]*$/.test(value) ? hideUnknown(value) : maskText(value));

// The digits of a signature may look like a card number, and it must stay unchanged to be verified.
const showSignature: Mask = (value) => (/^[0-9a-f]{40,128}$/i.test(value) ? value : maskText(value));

const MASK_BY_NAME: Readonly<Record<string, Mask>> = {
  CVV: hide,
  CLE: hide,
  PORTEUR: maskPorteur,
  CCNUMBER: maskPorteur,
  HMAC: showSignature,
  PBX_HMAC: showSignature,
  // The cardholder's e-mail address and postal address.
  PBX_PORTEUR: hideUnknown,
  PBX_BILLING: hideUnknown,
  PBX_TOKEN: maskPorteur,
};

const maskOfKnown = (name: string): Mask => MASK_BY_NAME[name] ?? maskText;

/** The mask of each variable, in the order of `VARIABLES`. */
const MASKS: readonly Mask[] = VARIABLES.map(({ name }) => maskOfKnown(name));

const REPLY_NAMES: ReadonlySet<string> = new Set(REPLY_ORDER);

/** The variables of RemoteMPI, of its results and of ResAbon.cgi that are shown. The others are the card, its CVV, and who the cardholder is. */
const SHOWN_NAMES: ReadonlySet<string> = new Set([
  ...['IdMerchant', 'IdSession', 'Amount', 'Currency', 'CCExpDate', 'URLHttpDirect', 'URLRetour', 'CountryCode', 'TotalQuantity'],
  ...['StatusPBX', 'Check', 'action'],
  // Those of ResAbon.cgi.
  ...['MACH', 'ABONNEMENT', 'ACQ', 'ERREUR'],
]);

/**
 * Words in the names of variables whose values are harmless: orders and their tracking. At least one of the first kind. CARTNUM and the like are
 * not: they may name a card (French: carte).
 */
const HARMLESS =
  'ORDER|COMMANDE|CMD|CART(?=REF)|SHOPPINGCART|PANIER|SHOP|BOUTIQUE|REF|REFERENCE|TRACKING|SUIVI|COLIS|PARCEL|INVOICE|FACTURE|AMOUNT|CURRENCY';
const CONNECTING = 'ID|NO|NUM|NUMBER|NUMERO|NAME|DATE|DE';
const HARMLESS_NAME = new RegExp(`^(?:${CONNECTING})*(?:${HARMLESS})(?:${HARMLESS}|${CONNECTING})*$`);
const MAX_HARMLESS_NAME = 40;

const isHarmless = (name: string): boolean =>
  name.length <= MAX_HARMLESS_NAME && HARMLESS_NAME.test(name.replace(/[^A-Za-z0-9]/g, '').toUpperCase());

/** What is shown of variables that nothing is known about. */
export interface MaskOptions {
  /** Show the values of unknown variables, without card numbers and secrets. Default: false, only their length. */
  readonly showUnknown?: boolean | undefined;
}

/** Names that the journal makes, for what has no name. */
const PSEUDO_NAME = /^(?:\((?:body|request|more|page|address|answer|checkout)\)|HTTP)$/;

function maskOf(name: string, { showUnknown = false }: MaskOptions): Mask {
  const plain = name.trim().toUpperCase();
  if (plain in MASK_BY_NAME) return maskOfKnown(plain);
  if (isSecretName(name)) return hide;
  if (CARD_NAME.test(name)) return maskPorteur;
  if (VARIABLE_BY_NAME.has(plain) || REPLY_NAMES.has(plain) || SHOWN_NAMES.has(name) || PBX_VARIABLE_BY_NAME.has(name)) return maskText;
  if (isHarmless(name)) return maskOrder;
  if (PSEUDO_NAME.test(name)) return maskBody;
  return showUnknown ? maskBody : hideUnknown;
}

/**
 * Masks the value of a variable so that it may be stored and shown: card numbers are masked, CVV and account key are replaced by `***`.
 * A variable that the gateway does not know may contain anything: only its length is shown, unless its name is that of something harmless,
 * such as an order.
 *
 * @param index the variable's index in `VARIABLES`, if the caller knows it
 */
export function maskField(name: string, value: string, index = VARIABLE_INDEX_BY_NAME.get(name), options: MaskOptions = {}): string {
  return ((index === undefined ? undefined : MASKS[index]) ?? maskOf(name, options))(value);
}

// A digit that follows letters may be a version; three of them may be a CVV.
const PLAIN_NAME = /^[A-Z_][A-Z0-9_.[\]() -]{0,63}$/i;

/**
 * Masks the name of a variable: one that does not look like a name may contain anything, and only its length is shown.
 *
 * @param value a name with digits and without a value is more likely a value without a name
 */
export function maskName(name: string, value: string): string {
  const trimmed = name.trim();
  if (VARIABLE_BY_NAME.has(trimmed) || REPLY_NAMES.has(trimmed) || PBX_VARIABLE_BY_NAME.has(trimmed)) return name;
  if (LENGTH_ONLY.test(name) || PSEUDO_NAME.test(name)) return name;
  const isName = PLAIN_NAME.test(trimmed) && !(value === '' ? /\d/ : /\d{3}/).test(trimmed);
  return isName ? name : `(${characters(name.length)})`;
}
