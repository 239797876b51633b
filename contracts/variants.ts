import type { Bilingual, Evidence } from './annotations.js';
import { type Does, needsDirectPlus, OPERATIONS } from './operations.js';

/** One behaviour of the gateway that a variant can have. */
interface VariantValue<Value extends string = string> {
  readonly value: Value;
  readonly evidence: Evidence;
  readonly meaning: Bilingual;
}

/** A fact of the gateway on which the evidence disagrees or is silent. See docs/protocol.md#section-10. */
interface Variant {
  readonly name: string;
  readonly meaning: Bilingual;
  /** The TYPEs whose replies differ. Empty: it shows on the hosted page only. */
  readonly operations: readonly string[];
  /** What it accepts beside its values. */
  readonly accepts?: 'duration';
  /** The first is the default. */
  readonly values: readonly [VariantValue, ...VariantValue[]];
}

const value = <Value extends string>(name: Value, evidence: Evidence, en: string, fr: string): VariantValue<Value> => ({
  value: name,
  evidence,
  meaning: { en, fr },
});

const typesThat = (...does: readonly Does[]): string[] =>
  OPERATIONS.filter((operation) => does.includes(operation.does)).map(({ TYPE }) => TYPE);

const EVERY_TYPE = OPERATIONS.map(({ TYPE }) => TYPE);
const DIRECT_PLUS_TYPES = OPERATIONS.filter(needsDirectPlus).map(({ TYPE }) => TYPE);

/** The TYPEs that ask the issuer about a card. */
const TYPES_WITH_ID3D = typesThat('authorize', 'pay', 'register');

const KEPT = value('kept', 'O', 'NUMTRANS and NUMAPPEL of the payment', 'NUMTRANS et NUMAPPEL du paiement');
const NEW_TRANSACTION = value(
  'newTransaction',
  'O',
  'a new NUMTRANS, the NUMAPPEL of the payment',
  'un nouveau NUMTRANS, le NUMAPPEL du paiement',
);
const BOTH_NEW = value('new', 'O', 'both new', 'tous deux nouveaux');

const WRONG_STATE = value('00015', 'I', 'refused with 00015', 'refus avec 00015');
const WRONG_AMOUNT = value('00011', 'I', 'refused with 00011', 'refus avec 00011');
const ACCEPTED = value('accepted', 'I', 'accepted', 'acceptée');

/** Every variant. A careful integration works with each of their values. */
export const VARIANTS = [
  {
    name: 'captureNumbers',
    meaning: {
      en: 'NUMTRANS and NUMAPPEL in the reply to a capture',
      fr: 'NUMTRANS et NUMAPPEL dans la réponse à une capture',
    },
    operations: typesThat('capture'),
    values: [KEPT, NEW_TRANSACTION, BOTH_NEW],
  },
  {
    name: 'refundNumbers',
    meaning: { en: 'NUMTRANS and NUMAPPEL in the reply to a refund', fr: 'NUMTRANS et NUMAPPEL dans la réponse à un remboursement' },
    operations: typesThat('refund'),
    values: [NEW_TRANSACTION, { ...BOTH_NEW, evidence: 'I' }],
  },
  {
    name: 'cancelNumbers',
    meaning: { en: 'NUMTRANS and NUMAPPEL in the reply to a cancel', fr: 'NUMTRANS et NUMAPPEL dans la réponse à une annulation' },
    operations: typesThat('cancel'),
    values: [BOTH_NEW, { ...NEW_TRANSACTION, evidence: 'I' }, { ...KEPT, evidence: 'I' }],
  },
  {
    name: 'echo',
    meaning: { en: 'RANG and NUMQUESTION in every reply', fr: 'RANG et NUMQUESTION dans chaque réponse' },
    operations: EVERY_TYPE,
    values: [
      value('verbatim', 'D', 'as sent', 'tels que reçus'),
      value(
        'normalised',
        'O',
        'RANG without leading zeros, NUMQUESTION of ten digits',
        'RANG sans zéros de tête, NUMQUESTION sur dix chiffres',
      ),
    ],
  },
  {
    name: 'repeatedQuestion',
    meaning: { en: 'the refusal of a repeated NUMQUESTION', fr: 'le refus d’un NUMQUESTION répété' },
    operations: EVERY_TYPE,
    values: [
      value('00005', 'O', '00005, invalid question number', '00005, numéro de question invalide'),
      value('00039', 'D', '00039, question number already used', '00039, numéro de question déjà traité'),
    ],
  },
  {
    name: 'emptyVariable',
    meaning: { en: 'a mandatory variable that is present and empty', fr: 'une variable obligatoire présente mais vide' },
    operations: EVERY_TYPE,
    values: [
      value('mandatory', 'O', 'refused like a missing one', 'refusée comme une variable absente'),
      value('invalid', 'O', 'refused with `Invalid+data`', 'refusée avec `Invalid+data`'),
    ],
  },
  {
    name: 'typeIndex',
    meaning: {
      en: 'the number after `Type:` when a mandatory variable of 00051 to 00061 is missing: TYPE minus this value',
      fr: 'le nombre après `Type:` quand une variable obligatoire de 00051 à 00061 manque : TYPE moins cette valeur',
    },
    operations: DIRECT_PLUS_TYPES,
    values: [
      value('32', 'O', '32, on the newest server', '32, sur le serveur le plus récent'),
      value('33', 'O', '33, from 2013 to 2015', '33, de 2013 à 2015'),
      value('34', 'O', '34, in 2011', '34, en 2011'),
    ],
  },
  {
    name: 'dateq',
    meaning: { en: 'a DATEQ of digits that are not a date', fr: 'un DATEQ dont les chiffres ne forment pas une date' },
    operations: EVERY_TYPE,
    values: [value('digits', 'O', 'accepted', 'accepté'), value('calendar', 'I', 'refused with 00007', 'refusé avec 00007')],
  },
  {
    name: 'secondCapture',
    meaning: { en: 'a second capture of one authorization', fr: 'une seconde capture d’une même autorisation' },
    operations: typesThat('capture'),
    values: [WRONG_STATE, value('accepted', 'I', 'accepted up to the authorized amount', 'acceptée dans la limite du montant autorisé')],
  },
  {
    name: 'captureAbove',
    meaning: { en: 'a capture above the authorized amount', fr: 'une capture supérieure au montant autorisé' },
    operations: typesThat('capture'),
    values: [WRONG_AMOUNT, WRONG_STATE],
  },
  {
    name: 'refundAbove',
    meaning: { en: 'a refund above what is left of the payment', fr: 'un remboursement supérieur au reste du paiement' },
    operations: typesThat('refund'),
    values: [WRONG_AMOUNT, WRONG_STATE],
  },
  {
    name: 'lateCapture',
    meaning: { en: 'a capture after the authorization has expired', fr: 'une capture après l’expiration de l’autorisation' },
    operations: typesThat('capture'),
    values: [WRONG_STATE, ACCEPTED],
  },
  {
    name: 'cancelAfterRemittance',
    meaning: { en: 'a cancel after the remittance to the bank', fr: 'une annulation après la remise en banque' },
    operations: typesThat('cancel'),
    values: [WRONG_STATE, value('accepted', 'I', 'accepted as a refund', 'acceptée comme un remboursement')],
  },
  {
    name: 'refundStatus',
    meaning: { en: "STATUS of an inquiry with a refund's NUMTRANS", fr: 'STATUS d’une consultation avec le NUMTRANS d’un remboursement' },
    operations: typesThat('inquire'),
    values: [value('refund', 'O', '`Remboursé`', '`Remboursé`'), value('payment', 'I', "the payment's STATUS", 'le STATUS du paiement')],
  },
  {
    name: 'authorizationInRefusal',
    meaning: { en: 'AUTORISATION in a refusal other than 00006', fr: 'AUTORISATION dans un refus autre que 00006' },
    operations: EVERY_TYPE,
    values: [value('empty', 'O', 'empty', 'vide'), value('zeros', 'I', '000000', '000000')],
  },
  {
    name: 'id3dLife',
    meaning: {
      en: 'how long an ID3D can be used, from the end of the authentication',
      fr: 'durée de validité d’un ID3D, depuis la fin de l’authentification',
    },
    operations: TYPES_WITH_ID3D,
    accepts: 'duration',
    values: [value('PT15M', 'I', '15 minutes', '15 minutes'), value('unlimited', 'I', 'without end', 'sans fin')],
  },
  {
    name: 'id3dReuse',
    meaning: { en: 'how many payments can use an ID3D', fr: 'nombre de paiements pour un ID3D' },
    operations: TYPES_WITH_ID3D,
    values: [
      value('once', 'I', 'one; the next is refused with 00041', 'un seul ; le suivant est refusé avec 00041'),
      value('unlimited', 'I', 'any number', 'autant que voulu'),
    ],
  },
  {
    name: 'id3dMismatch',
    meaning: {
      en: 'a payment whose amount, currency or card is not the one that was authenticated',
      fr: 'un paiement dont le montant, la devise ou la carte n’est pas celui qui a été authentifié',
    },
    operations: TYPES_WITH_ID3D,
    values: [ACCEPTED, value('00040', 'I', 'refused with 00040', 'refus avec 00040')],
  },
  {
    name: 'returnEncoding',
    meaning: {
      en: 'characters of the values that the hosted page sends back',
      fr: 'caractères des valeurs renvoyées par la page de paiement',
    },
    operations: [],
    values: [
      value('raw', 'O', '`@ / : ,` stay as they are', '`@ / : ,` restent tels quels'),
      value('reserved', 'D', 'all reserved characters are percent-encoded', 'tous les caractères réservés sont encodés'),
    ],
  },
] as const satisfies readonly Variant[];

/** The name of a variant. */
export type VariantName = (typeof VARIANTS)[number]['name'];

/** A value for each variant. */
export type Variants = { readonly [Name in VariantName]: VariantValueOf<Name> };

type VariantNamed<Name extends VariantName> = Extract<(typeof VARIANTS)[number], { readonly name: Name }>;

type VariantValueOf<Name extends VariantName> =
  VariantNamed<Name> extends { readonly accepts: 'duration' } ? string : VariantNamed<Name>['values'][number]['value'];

/** Every variant with its default. */
export const DEFAULT_VARIANTS = Object.fromEntries(VARIANTS.map(({ name, values }) => [name, values[0].value])) as unknown as Variants;
