import type { Bilingual, Evidence } from './annotations.js';
import { cardSha1 } from './hash.js';
import { type AuthenticationOutcome, authenticationCard, mayPayAfter, type ResultFields } from './three-d-secure.js';

/** What an outcome means on the wire and for the payment. */
export interface OutcomeEntry {
  readonly outcome: AuthenticationOutcome;
  readonly meaning: Bilingual;
  /** Whether a payment with the ID3D is accepted. If not, it is refused with 00040. */
  readonly mayPay: boolean;
  readonly fields: Required<Pick<ResultFields, 'StatusPBX' | '3DSTATUS' | '3DSIGNVAL' | '3DENROLLED' | '3DERROR'>>;
  /** 3DECI of a Visa card and of a Mastercard. Undefined: 3DECI, 3DCAVV and 3DCAVVALGO are absent. */
  readonly eci?: readonly [visa: string, mastercard: string];
  /** Whether the issuer gives a proof (3DCAVV). If not, 3DCAVV is empty. */
  readonly hasProof: boolean;
  readonly evidence: Evidence;
}

const TO_AUTHORIZE = 'Autorisation à faire';
const NOT_TO_AUTHORIZE = 'Autorisation à ne pas faire';

const fieldsOf = (StatusPBX: string, status: string, signature: string, enrolled: string, error = '0'): OutcomeEntry['fields'] => ({
  StatusPBX,
  '3DSTATUS': status,
  '3DSIGNVAL': signature,
  '3DENROLLED': enrolled,
  '3DERROR': error,
});

const OUTCOMES: readonly Omit<OutcomeEntry, 'mayPay'>[] = [
  {
    outcome: 'authenticated',
    meaning: { en: 'the bank authenticated the cardholder', fr: 'la banque a authentifié le porteur' },
    fields: fieldsOf(TO_AUTHORIZE, 'Y', 'Y', 'Y'),
    eci: ['05', '02'],
    hasProof: true,
    evidence: 'O',
  },
  {
    outcome: 'attempted',
    meaning: {
      en: 'the bank could not authenticate the cardholder and confirms the attempt',
      fr: 'la banque n’a pas pu authentifier le porteur et atteste de la tentative',
    },
    fields: fieldsOf(TO_AUTHORIZE, 'A', 'Y', 'Y'),
    eci: ['06', '01'],
    hasProof: true,
    evidence: 'I',
  },
  {
    outcome: 'not-enrolled',
    meaning: { en: 'the card is not enrolled', fr: 'la carte n’est pas enrôlée' },
    fields: fieldsOf(TO_AUTHORIZE, '', '', 'N'),
    eci: ['06', '01'],
    hasProof: false,
    evidence: 'I',
  },
  {
    outcome: 'unavailable',
    meaning: {
      en: 'the authentication service of the bank is not available',
      fr: 'le service d’authentification de la banque est indisponible',
    },
    fields: fieldsOf(TO_AUTHORIZE, 'U', '', 'U'),
    eci: ['07', '00'],
    hasProof: false,
    evidence: 'I',
  },
  {
    outcome: 'declined',
    meaning: { en: 'the cardholder was not authenticated', fr: 'le porteur n’a pas été authentifié' },
    fields: fieldsOf(NOT_TO_AUTHORIZE, 'N', 'Y', 'Y'),
    eci: ['07', '00'],
    hasProof: false,
    evidence: 'I',
  },
  {
    outcome: 'rejected',
    meaning: { en: 'the bank rejects the authentication', fr: 'la banque rejette l’authentification' },
    fields: fieldsOf(NOT_TO_AUTHORIZE, 'R', 'Y', 'Y'),
    eci: ['07', '00'],
    hasProof: false,
    evidence: 'I',
  },
  {
    outcome: 'timeout',
    meaning: { en: 'the cardholder did not answer in time', fr: 'le porteur n’a pas répondu à temps' },
    fields: fieldsOf('Timeout', 'N', 'Y', 'Y'),
    hasProof: false,
    evidence: 'O',
  },
  {
    outcome: 'error',
    meaning: { en: 'technical error of the authentication', fr: 'erreur technique de l’authentification' },
    fields: fieldsOf(NOT_TO_AUTHORIZE, 'U', '', 'U', '100099'),
    eci: ['07', '00'],
    hasProof: false,
    evidence: 'I',
  },
];

/** Every outcome. See docs/protocol.md#section-7. */
export const AUTHENTICATION_OUTCOMES: readonly OutcomeEntry[] = OUTCOMES.map((entry) => ({ ...entry, mayPay: mayPayAfter(entry.outcome) }));

const BY_OUTCOME: ReadonlyMap<string, OutcomeEntry> = new Map(AUTHENTICATION_OUTCOMES.map((entry) => [entry.outcome, entry]));

/** The entry of an outcome. */
export function outcomeEntry(outcome: AuthenticationOutcome): OutcomeEntry {
  return BY_OUTCOME.get(outcome) as OutcomeEntry;
}

/** What a card asks for when it is authenticated. */
export interface AuthenticationBehaviour {
  /** Whether the bank shows its page and asks the cardholder. */
  readonly hasChallenge: boolean;
  /** How it ends without a challenge, or when the cardholder confirms. */
  readonly outcome: AuthenticationOutcome;
}

/** A test card number that only the simulator has, which decides how an authentication ends. */
export interface AuthenticationCard extends AuthenticationBehaviour {
  readonly PORTEUR: string;
  readonly meaning: Bilingual;
}

const card = (n: number, behaviour: AuthenticationBehaviour, en: string, fr: string): AuthenticationCard => ({
  PORTEUR: authenticationCard(n),
  ...behaviour,
  meaning: { en, fr },
});

const directly = (outcome: AuthenticationOutcome): AuthenticationBehaviour => ({ hasChallenge: false, outcome });
const ON_CONFIRMATION: AuthenticationBehaviour = { hasChallenge: true, outcome: 'authenticated' };

/** The cards that decide how an authentication ends. See docs/three-d-secure.md. */
export const AUTHENTICATION_CARDS: readonly AuthenticationCard[] = [
  card(0, ON_CONFIRMATION, 'challenge; the cardholder decides', 'challenge ; le porteur décide'),
  card(1, directly('authenticated'), 'authenticated without a challenge', 'authentifié sans challenge'),
  card(2, directly('declined'), 'not authenticated', 'non authentifié'),
  card(3, directly('attempted'), 'attempted', 'tentative attestée'),
  card(4, directly('unavailable'), 'bank not available', 'banque indisponible'),
  card(5, directly('rejected'), 'rejected by the bank', 'rejetée par la banque'),
  card(6, directly('timeout'), 'time-out', 'délai dépassé'),
  card(7, directly('error'), 'technical error', 'erreur technique'),
  card(8, directly('not-enrolled'), 'not enrolled', 'non enrôlée'),
  card(
    9,
    ON_CONFIRMATION,
    'challenge; a payment without an authentication is refused with 001A1',
    'challenge ; un paiement sans authentification est refusé avec 001A1',
  ),
];

const PUBLISHED: readonly (readonly [string, AuthenticationBehaviour])[] = [
  ['4012001037141112', ON_CONFIRMATION],
  ['4012001038443335', directly('not-enrolled')],
  ['4000000000001000', directly('authenticated')],
  ['4000000000001091', ON_CONFIRMATION],
];

const BEHAVIOURS: ReadonlyMap<string, AuthenticationBehaviour> = new Map([
  ...PUBLISHED,
  ...AUTHENTICATION_CARDS.map(({ PORTEUR, meaning, ...behaviour }) => [PORTEUR, behaviour] as const),
]);

/** What a card asks for when it is authenticated. Cards that are not listed are authenticated without a challenge. */
export function authenticationBehaviour(porteur: string): AuthenticationBehaviour {
  return BEHAVIOURS.get(porteur) ?? directly('authenticated');
}

/** What a card asks for when it is authenticated, by the SHA-1 of its number. */
export function authenticationBehaviourOf(sha1: string): AuthenticationBehaviour {
  for (const [porteur, behaviour] of BEHAVIOURS) if (cardSha1(porteur) === sha1) return behaviour;
  return directly('authenticated');
}
