import type { Bilingual, Evidence } from './annotations.js';
import { luhnDigit } from './luhn.js';

/** The path of RemoteMPI, where the customer's browser starts an authentication. See docs/protocol.md#section-7. */
export const REMOTE_MPI_PATH = '/cgi/RemoteMPI.cgi';

/** A variable of a request to RemoteMPI. */
export interface MpiVariable {
  readonly name: string;
  readonly format: 'digits' | 'text';
  /** Minimum and maximum length in characters. */
  readonly length: readonly [min: number, max: number];
  /** The version of 3-D Secure that needs it: both, only version 2, or none. */
  readonly needed: 'always' | 'version2' | 'never';
  readonly meaning: Bilingual;
  readonly evidence: Evidence;
}

const v = (
  name: string,
  format: MpiVariable['format'],
  length: readonly [number, number],
  needed: MpiVariable['needed'],
  en: string,
  fr: string,
): MpiVariable => ({ name, format, length, needed, meaning: { en, fr }, evidence: 'O' });

/** The variables of RemoteMPI. Any other name is accepted and has no effect. See docs/protocol.md#section-7. */
export const MPI_VARIABLES: readonly MpiVariable[] = [
  v('IdMerchant', 'digits', [1, 9], 'always', 'IDENTIFIANT of the account', 'IDENTIFIANT du compte'),
  v(
    'IdSession',
    'text',
    [1, 250],
    'always',
    'unique number of the authentication, chosen by the shop',
    'numéro unique de l’authentification, choisi par la boutique',
  ),
  v('Amount', 'digits', [1, 10], 'always', 'amount in minor units', 'montant en plus petite unité de la devise'),
  v('Currency', 'digits', [3, 3], 'always', 'currency, ISO 4217 numeric', 'devise, code numérique ISO 4217'),
  v('CCNumber', 'digits', [12, 19], 'always', 'card number', 'numéro de carte'),
  v('CCExpDate', 'digits', [4, 4], 'always', 'card expiry MMYY', 'fin de validité de la carte MMAA'),
  v('CVVCode', 'digits', [3, 4], 'always', 'CVV', 'cryptogramme visuel'),
  v(
    'URLHttpDirect',
    'text',
    [1, 1024],
    'never',
    'address that the gateway calls with the result',
    'adresse que la passerelle appelle avec le résultat',
  ),
  v(
    'URLRetour',
    'text',
    [1, 1024],
    'never',
    'address to which the browser posts the result',
    'adresse vers laquelle le navigateur envoie le résultat',
  ),
  v('EmailPorteur', 'text', [6, 120], 'version2', 'e-mail address of the cardholder', 'adresse e-mail du porteur'),
  v('FirstName', 'text', [1, 45], 'version2', 'first name', 'prénom'),
  v('LastName', 'text', [1, 45], 'version2', 'last name', 'nom'),
  v('Address1', 'text', [1, 50], 'version2', 'street', 'adresse'),
  v('ZipCode', 'text', [1, 16], 'version2', 'postal code', 'code postal'),
  v('City', 'text', [1, 50], 'version2', 'city', 'ville'),
  v('CountryCode', 'digits', [1, 3], 'version2', 'country, ISO 3166 numeric', 'pays, code numérique ISO 3166'),
  v('TotalQuantity', 'digits', [1, 2], 'version2', 'number of articles, 1 to 99', 'nombre d’articles, de 1 à 99'),
];

/** A variable of RemoteMPI by its name. */
export const MPI_VARIABLE_BY_NAME: ReadonlyMap<string, MpiVariable> = new Map(MPI_VARIABLES.map((entry) => [entry.name, entry]));

/** The variables of a result, in their order on the wire. `Check`, the signature, follows. See docs/protocol.md#section-7. */
export const RESULT_ORDER = [
  'IdSession',
  'StatusPBX',
  '3DSTATUS',
  '3DSIGNVAL',
  '3DENROLLED',
  '3DERROR',
  '3DECI',
  '3DXID',
  '3DCAVV',
  '3DCAVVALGO',
  'ID3D',
] as const;

type ResultName = (typeof RESULT_ORDER)[number];

/** The variables of a result, without `Check`. A time-out has no 3DECI, 3DCAVV and 3DCAVVALGO. */
export type ResultFields = { readonly [Name in ResultName]?: string | undefined };

/** How an authentication can end. */
export type AuthenticationOutcome =
  | 'authenticated'
  | 'attempted'
  | 'not-enrolled'
  | 'unavailable'
  | 'declined'
  | 'rejected'
  | 'timeout'
  | 'error';

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

/** Every outcome. See docs/protocol.md#section-7. */
export const AUTHENTICATION_OUTCOMES: readonly OutcomeEntry[] = [
  {
    outcome: 'authenticated',
    meaning: { en: 'the bank authenticated the cardholder', fr: 'la banque a authentifié le porteur' },
    mayPay: true,
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
    mayPay: true,
    fields: fieldsOf(TO_AUTHORIZE, 'A', 'Y', 'Y'),
    eci: ['06', '01'],
    hasProof: true,
    evidence: 'I',
  },
  {
    outcome: 'not-enrolled',
    meaning: { en: 'the card is not enrolled', fr: 'la carte n’est pas enrôlée' },
    mayPay: true,
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
    mayPay: true,
    fields: fieldsOf(TO_AUTHORIZE, 'U', '', 'U'),
    eci: ['07', '00'],
    hasProof: false,
    evidence: 'I',
  },
  {
    outcome: 'declined',
    meaning: { en: 'the cardholder was not authenticated', fr: 'le porteur n’a pas été authentifié' },
    mayPay: false,
    fields: fieldsOf(NOT_TO_AUTHORIZE, 'N', 'Y', 'Y'),
    eci: ['07', '00'],
    hasProof: false,
    evidence: 'I',
  },
  {
    outcome: 'rejected',
    meaning: { en: 'the bank rejects the authentication', fr: 'la banque rejette l’authentification' },
    mayPay: false,
    fields: fieldsOf(NOT_TO_AUTHORIZE, 'R', 'Y', 'Y'),
    eci: ['07', '00'],
    hasProof: false,
    evidence: 'I',
  },
  {
    outcome: 'timeout',
    meaning: { en: 'the cardholder did not answer in time', fr: 'le porteur n’a pas répondu à temps' },
    mayPay: false,
    fields: fieldsOf('Timeout', 'N', 'Y', 'Y'),
    hasProof: false,
    evidence: 'O',
  },
  {
    outcome: 'error',
    meaning: { en: 'technical error of the authentication', fr: 'erreur technique de l’authentification' },
    mayPay: false,
    fields: fieldsOf(NOT_TO_AUTHORIZE, 'U', '', 'U', '100099'),
    eci: ['07', '00'],
    hasProof: false,
    evidence: 'I',
  },
];

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
  /** Whether a payment without an authentication is refused with 001A1, the soft decline. */
  readonly isSoftDecline?: boolean;
}

/** A test card number that only the simulator has, which decides how an authentication ends. */
export interface AuthenticationCard extends AuthenticationBehaviour {
  readonly PORTEUR: string;
  readonly meaning: Bilingual;
}

// `111122 3N 00 00000 L`: there are no operations 00030 to 00039, so no card of `magicCard` has such a number.
function authenticationCard(n: number, behaviour: AuthenticationBehaviour, en: string, fr: string): AuthenticationCard {
  const body = `1111223${n}0000000`;
  return { PORTEUR: body + luhnDigit(body), ...behaviour, meaning: { en, fr } };
}

const directly = (outcome: AuthenticationOutcome): AuthenticationBehaviour => ({ hasChallenge: false, outcome });
const ON_CONFIRMATION: AuthenticationBehaviour = { hasChallenge: true, outcome: 'authenticated' };

/** The cards that decide how an authentication ends. See docs/three-d-secure.md. */
export const AUTHENTICATION_CARDS: readonly AuthenticationCard[] = [
  authenticationCard(0, ON_CONFIRMATION, 'challenge; the cardholder decides', 'challenge ; le porteur décide'),
  authenticationCard(1, directly('authenticated'), 'authenticated without a challenge', 'authentifié sans challenge'),
  authenticationCard(2, directly('declined'), 'not authenticated', 'non authentifié'),
  authenticationCard(3, directly('attempted'), 'attempted', 'tentative attestée'),
  authenticationCard(4, directly('unavailable'), 'bank not available', 'banque indisponible'),
  authenticationCard(5, directly('rejected'), 'rejected by the bank', 'rejetée par la banque'),
  authenticationCard(6, directly('timeout'), 'time-out', 'délai dépassé'),
  authenticationCard(7, directly('error'), 'technical error', 'erreur technique'),
  authenticationCard(8, directly('not-enrolled'), 'not enrolled', 'non enrôlée'),
  authenticationCard(
    9,
    { ...ON_CONFIRMATION, isSoftDecline: true },
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

/** CODEREPONSE of a soft decline: the bank wants the cardholder to be authenticated. See docs/protocol.md#section-4. */
export const SOFT_DECLINE = '001A1';
