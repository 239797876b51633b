import type { Bilingual, Evidence } from './annotations.js';

/** The paths of the hosted page, Paybox System. See docs/protocol.md#section-9. */
export const HOSTED_PAGE_PATHS = [
  '/cgi/MYchoix_pagepaiement.cgi',
  '/cgi/FramepagepaiementRWD.cgi',
  '/cgi/MYframepagepaiement_ip.cgi',
  '/cgi/ChoixPaiementMobile.cgi',
  '/php/',
] as const;

/** The path that ends a subscription. See docs/protocol.md#section-9. */
export const UNSUBSCRIBE_PATH = '/cgi-bin/ResAbon.cgi';

/** A variable of a request to the hosted page. */
export interface PbxVariable {
  readonly name: string;
  readonly format: 'digits' | 'text';
  /** Minimum and maximum length in characters. */
  readonly length: readonly [min: number, max: number];
  readonly isMandatory: boolean;
  readonly meaning: Bilingual;
  readonly evidence: Evidence;
}

const v = (
  name: string,
  format: PbxVariable['format'],
  length: readonly [number, number],
  en: string,
  fr: string,
  isMandatory = false,
): PbxVariable => ({ name, format, length, isMandatory, meaning: { en, fr }, evidence: 'D' });

/** The variables of the hosted page. See docs/protocol.md#section-9. */
export const PBX_VARIABLES: readonly PbxVariable[] = [
  v('PBX_SITE', 'digits', [1, 7], 'site number of the account', 'numéro de site du compte', true),
  v('PBX_RANG', 'digits', [1, 3], 'rank of the account', 'rang du compte', true),
  v('PBX_IDENTIFIANT', 'digits', [1, 9], 'merchant identifier', 'identifiant du commerçant', true),
  v(
    'PBX_TOTAL',
    'digits',
    [3, 10],
    'amount in minor units, at least three digits',
    'montant en plus petite unité, au moins trois chiffres',
    true,
  ),
  v('PBX_DEVISE', 'digits', [3, 3], 'currency, ISO 4217 numeric', 'devise, code numérique ISO 4217', true),
  v(
    'PBX_CMD',
    'text',
    [1, 250],
    "merchant's order reference, unique; may end with a subscription",
    'référence de la commande, unique ; peut se terminer par un abonnement',
    true,
  ),
  v('PBX_PORTEUR', 'text', [6, 120], 'e-mail address of the cardholder', 'adresse e-mail du porteur', true),
  v('PBX_RETOUR', 'text', [3, 999], 'what comes back: name:letter;…', 'ce qui est renvoyé : nom:lettre;…', true),
  v('PBX_HASH', 'text', [1, 10], 'hash algorithm of the HMAC', 'algorithme de hachage du HMAC', true),
  v('PBX_TIME', 'text', [10, 40], 'time of the signature, ISO 8601', 'date de la signature, ISO 8601', true),
  v('PBX_SHOPPINGCART', 'text', [1, 500], 'shopping cart, XML', 'panier, XML'),
  v('PBX_BILLING', 'text', [1, 2000], 'billing address, XML', 'adresse de facturation, XML'),
  v('PBX_EFFECTUE', 'text', [1, 1024], 'address after an accepted payment', 'adresse après un paiement accepté'),
  v('PBX_REFUSE', 'text', [1, 1024], 'address after a refused payment', 'adresse après un paiement refusé'),
  v('PBX_ANNULE', 'text', [1, 1024], 'address after a cancelled payment', 'adresse après un abandon'),
  v('PBX_ATTENTE', 'text', [1, 1024], 'address after a pending payment', 'adresse après un paiement en attente'),
  v('PBX_REPONDRE_A', 'text', [1, 1024], 'address that the gateway calls', 'adresse que la passerelle appelle'),
  v('PBX_RUF1', 'text', [1, 10], 'POST makes the call a POST', 'POST : l’appel est un POST'),
  v('PBX_TYPEPAIEMENT', 'text', [1, 20], 'means of payment', 'moyen de paiement'),
  v('PBX_TYPECARTE', 'text', [1, 20], 'card type', 'type de carte'),
  v('PBX_LANGUE', 'text', [3, 3], 'language of the page', 'langue de la page'),
  v('PBX_SOURCE', 'text', [1, 10], 'layout of the page', 'présentation de la page'),
  v('PBX_DISPLAY', 'digits', [1, 5], 'seconds until the page times out, 900 by default', 'délai de la page en secondes, 900 par défaut'),
  v('PBX_SOUHAITAUTHENT', 'digits', [2, 2], '3-D Secure wanted: 01 to 04', 'authentification souhaitée : 01 à 04'),
  v('PBX_AUTOSEULE', 'text', [1, 1], 'O: authorize only', 'O : autorisation seule'),
  v('PBX_DIFF', 'digits', [1, 2], 'days to postpone the remittance', 'jours de report de la remise'),
  v('PBX_2MONT1', 'digits', [1, 10], 'amount of the first instalment', 'montant de la première échéance'),
  v('PBX_2MONT2', 'digits', [1, 10], 'amount of the second instalment', 'montant de la deuxième échéance'),
  v('PBX_2MONT3', 'digits', [1, 10], 'amount of the third instalment', 'montant de la troisième échéance'),
  v('PBX_DATE1', 'text', [10, 10], 'date of the first instalment, dd/mm/yyyy', 'date de la première échéance, jj/mm/aaaa'),
  v('PBX_DATE2', 'text', [10, 10], 'date of the second instalment, dd/mm/yyyy', 'date de la deuxième échéance, jj/mm/aaaa'),
  v('PBX_DATE3', 'text', [10, 10], 'date of the third instalment, dd/mm/yyyy', 'date de la troisième échéance, jj/mm/aaaa'),
  v('PBX_ARCHIVAGE', 'text', [1, 12], 'archiving reference for disputes', 'référence d’archivage'),
  v('PBX_REFABONNE', 'text', [1, 250], 'subscriber to register', 'abonné à inscrire'),
  v('PBX_TOKEN', 'text', [1, 19], 'token to pay with', 'jeton avec lequel payer'),
  v('PBX_DATEVAL', 'digits', [4, 4], 'card expiry MMYY of the token', 'fin de validité MMAA de la carte du jeton'),
  v('PBX_ERRORCODETEST', 'text', [1, 5], 'test platforms only: answer with this code', 'plateformes de test : répondre avec ce code'),
  v('PBX_HMAC', 'text', [40, 128], 'signature of the request', 'signature de la requête', true),
];

/** A variable of the hosted page by its name. */
export const PBX_VARIABLE_BY_NAME: ReadonlyMap<string, PbxVariable> = new Map(PBX_VARIABLES.map((entry) => [entry.name, entry]));

/** How many instalments can follow a payment: PBX_2MONT1 to 3. */
export const MAX_INSTALMENTS = 3;

/** The languages of PBX_LANGUE. */
export const PBX_LANGUAGES = ['FRA', 'GBR', 'ESP', 'ITA', 'DEU', 'NLD', 'SWE', 'PRT'] as const;
