import type { Bilingual, Evidence } from './annotations.js';

/** The format of a variable's value. `presence`: the variable counts if it is present, even if empty. */
type VariableFormat = 'digits' | 'text' | 'hex' | 'presence';

/** A variable of a request. See docs/protocol.md#section-2. */
export interface Variable {
  readonly name: string;
  readonly format: VariableFormat;
  /** Minimum and maximum length in characters. */
  readonly length: readonly [min: number, max: number];
  readonly meaning: Bilingual;
  readonly evidence: Evidence;
}

const v = (
  name: string,
  format: VariableFormat,
  length: readonly [number, number],
  en: string,
  fr: string,
  evidence: Evidence = 'D',
): Variable => ({ name, format, length, meaning: { en, fr }, evidence });

/** Every request variable that the gateway knows. See docs/protocol.md#section-2. */
export const VARIABLES: readonly Variable[] = [
  v(
    'VERSION',
    'digits',
    [1, 5],
    'protocol version: 00103 Direct, 00104 Direct Plus',
    'version du protocole : 00103 Direct, 00104 Direct Plus',
  ),
  v('TYPE', 'digits', [1, 5], 'operation', 'opération'),
  v('SITE', 'digits', [1, 7], 'site number of the account', 'numéro de site du compte'),
  v('RANG', 'digits', [1, 3], 'rank of the account; 32 and 032 are one account', 'rang du compte ; 32 et 032 désignent le même compte'),
  v('IDENTIFIANT', 'digits', [0, 9], 'merchant identifier', 'identifiant du commerçant'),
  v('CLE', 'text', [8, 10], 'account key, in the clear', 'clé du compte, en clair'),
  v('HASH', 'text', [1, 10], 'hash algorithm of the HMAC', 'algorithme de hachage du HMAC', 'O'),
  v('HMAC', 'hex', [40, 128], 'signature of the request', 'signature de la requête', 'O'),
  v(
    'NUMQUESTION',
    'digits',
    [1, 10],
    'question number, unique per account and day, at most 2147483647',
    'numéro de question, unique par compte et par jour, 2147483647 au plus',
  ),
  v('DATEQ', 'digits', [8, 14], 'date of the question: DDMMYYYY or DDMMYYYYHHMMSS', 'date de la question : JJMMAAAA ou JJMMAAAAHHMMSS'),
  v('MONTANT', 'digits', [1, 10], 'amount in minor units of the currency', 'montant en plus petite unité de la devise'),
  v('DEVISE', 'digits', [3, 3], 'currency, ISO 4217 numeric', 'devise, code numérique ISO 4217'),
  v('REFERENCE', 'text', [1, 250], "merchant's order reference", 'référence de la commande'),
  v('REFABONNE', 'text', [1, 250], 'subscriber reference (Direct Plus)', 'référence de l’abonné (Direct Plus)'),
  v(
    'PORTEUR',
    'text',
    [1, 19],
    'card number; on subscriber operations the token',
    'numéro de carte ; le jeton pour les opérations d’abonné',
  ),
  v('DATEVAL', 'digits', [4, 4], 'card expiry MMYY', 'fin de validité de la carte MMAA'),
  v('CVV', 'digits', [3, 4], 'card verification value', 'cryptogramme visuel'),
  v(
    'ACTIVITE',
    'digits',
    [3, 3],
    'channel: 020 unspecified, 021 phone, 022 mail, 023 minitel, 024 internet, 027 recurring',
    'canal : 020 non précisé, 021 téléphone, 022 courrier, 023 minitel, 024 internet, 027 récurrent',
  ),
  v('ARCHIVAGE', 'text', [0, 12], 'archiving reference for disputes', 'référence d’archivage'),
  v('DIFFERE', 'digits', [0, 3], 'days to postpone the remittance', 'nombre de jours de différé de la remise'),
  v('NUMAPPEL', 'digits', [1, 10], "call number of the earlier operation's reply", 'numéro d’appel de l’opération précédente'),
  v(
    'NUMTRANS',
    'digits',
    [1, 10],
    "transaction number of the earlier operation's reply",
    'numéro de transaction de l’opération précédente',
  ),
  v('AUTORISATION', 'text', [0, 10], 'authorization number obtained by telephone', 'numéro d’autorisation obtenu par téléphone'),
  v(
    'PAYS',
    'presence',
    [0, 250],
    'if present, the reply contains the country of the card',
    'présente : la réponse donne le pays de la carte',
    'O',
  ),
  v(
    'TYPECARTE',
    'presence',
    [0, 250],
    'if present, the reply contains the type of the card',
    'présente : la réponse donne le type de carte',
    'O',
  ),
  v(
    'SHA-1',
    'presence',
    [0, 250],
    'if present, the reply contains the SHA-1 of the card number',
    'présente : la réponse donne l’empreinte SHA-1 de la carte',
    'O',
  ),
  v('DATENAISS', 'digits', [0, 8], 'birth date of the cardholder (Cofinoga)', 'date de naissance du porteur (Cofinoga)'),
  v(
    'ACQUEREUR',
    'text',
    [0, 16],
    'acquirer: PAYPAL, EMS, ATOSBE, BCMC, PSC, FINAREF, BUYSTER, 34ONEY, CVCONNECT, SODEXO, UPCHEQUDEJ, LIMOCB, EQUENS',
    'acquéreur : PAYPAL, EMS, ATOSBE, BCMC, PSC, FINAREF, BUYSTER, 34ONEY, CVCONNECT, SODEXO, UPCHEQUDEJ, LIMOCB, EQUENS',
  ),
  v('PRIV_CODETRAITEMENT', 'digits', [0, 3], 'payment option of private-label cards', 'option de paiement des cartes privatives'),
  v('ID3D', 'digits', [0, 20], '3-D Secure context from the MPI', 'contexte 3-D Secure donné par le MPI'),
  v('3DCAVV', 'text', [0, 28], '3-D Secure: CAVV of an external MPI', '3-D Secure : CAVV d’un MPI externe'),
  v('3DCAVVALGO', 'text', [0, 64], '3-D Secure: CAVV algorithm', '3-D Secure : algorithme du CAVV'),
  v('3DECI', 'text', [0, 2], '3-D Secure: e-commerce indicator', '3-D Secure : indicateur ECI'),
  v('3DENROLLED', 'text', [0, 1], '3-D Secure: enrolment of the card', '3-D Secure : enrôlement de la carte'),
  v('3DERROR', 'text', [0, 6], '3-D Secure: error of the MPI', '3-D Secure : erreur du MPI'),
  v('3DSIGNVAL', 'text', [0, 1], '3-D Secure: validity of the signature', '3-D Secure : validité de la signature'),
  v('3DSTATUS', 'text', [0, 1], '3-D Secure: authentication status', '3-D Secure : statut de l’authentification'),
  v('3DXID', 'text', [0, 28], '3-D Secure: transaction identifier', '3-D Secure : identifiant de transaction'),
  v('VERSION3DS', 'text', [0, 8], '3-D Secure 2: version of the protocol', '3-D Secure 2 : version du protocole', 'O'),
  v(
    'DSTRANSID',
    'text',
    [0, 36],
    '3-D Secure 2: transaction of the directory server, a UUID',
    '3-D Secure 2 : transaction du serveur d’annuaire, un UUID',
    'O',
  ),
  v(
    'ACSTRANSID',
    'text',
    [0, 36],
    '3-D Secure 2: transaction of the access control server, a UUID',
    '3-D Secure 2 : transaction du serveur de contrôle d’accès, un UUID',
    'O',
  ),
  v('NOMMARCHANDAUTHENT', 'text', [0, 25], "3-D Secure 2: merchant's name", '3-D Secure 2 : nom du commerçant', 'O'),
  v('ADRESSEIPAUTHENT', 'text', [0, 250], "3-D Secure 2: cardholder's IP address", '3-D Secure 2 : adresse IP du porteur', 'O'),
  v('TYPEAUTH3DS', 'text', [0, 250], '3-D Secure 2: type of authentication', '3-D Secure 2 : type d’authentification', 'O'),
  v('TYPOLOGIETRANS3DS', 'text', [0, 250], '3-D Secure 2: type of transaction', '3-D Secure 2 : typologie de la transaction', 'O'),
  v('SOUHAITAUTH3DS', 'text', [0, 250], '3-D Secure 2: requested authentication', '3-D Secure 2 : souhait d’authentification', 'O'),
  v('TYPEPREUVE3DS', 'text', [0, 250], '3-D Secure 2: type of proof', '3-D Secure 2 : type de preuve', 'O'),
  v('ADRESSEPORTEUR', 'text', [0, 250], "3-D Secure 2: cardholder's address", '3-D Secure 2 : adresse du porteur', 'O'),
  v('CODEPOSTALPORTEUR', 'text', [0, 250], "3-D Secure 2: cardholder's postal code", '3-D Secure 2 : code postal du porteur', 'O'),
  v('ADRESSELIVRAISON', 'text', [0, 250], '3-D Secure 2: delivery address', '3-D Secure 2 : adresse de livraison', 'O'),
  v('CODEPOSTALLIVRAISON', 'text', [0, 250], '3-D Secure 2: delivery postal code', '3-D Secure 2 : code postal de livraison', 'O'),
  v('PAYSLIVRAISON', 'text', [0, 250], '3-D Secure 2: delivery country', '3-D Secure 2 : pays de livraison', 'O'),
  v('NBARTICLES', 'text', [0, 250], '3-D Secure 2: number of articles', '3-D Secure 2 : nombre d’articles', 'O'),
  v('SHOPPINGCART', 'text', [0, 250], '3-D Secure 2: shopping cart', '3-D Secure 2 : panier', 'O'),
  v(
    'ERRORCODETEST',
    'text',
    [0, 5],
    'test platforms only: answer with this CODEREPONSE',
    'plates-formes de test seulement : répondre avec ce CODEREPONSE',
  ),
  v('URL_ENCODE', 'text', [0, 1], 'O: percent-encode the values of the reply', 'O : encoder les valeurs de la réponse', 'I'),
];

/** {@link VARIABLES} by name. */
export const VARIABLE_BY_NAME: ReadonlyMap<string, Variable> = new Map(VARIABLES.map((variable) => [variable.name, variable]));

/** The index in {@link VARIABLES} by name. */
export const VARIABLE_INDEX_BY_NAME: ReadonlyMap<string, number> = new Map(VARIABLES.map(({ name }, index) => [name, index]));

/** The values of ACTIVITE, the channel of an order. See docs/protocol.md#section-2. */
export const ACTIVITIES: ReadonlySet<string> = new Set(['020', '021', '022', '023', '024', '027']);

/** The highest NUMQUESTION. See docs/protocol.md#section-2. */
export const NUMQUESTION_MAX = 2_147_483_647;

/**
 * The mandatory variables in the order in which the gateway checks them. The index is the `keyword` of
 * `Mandatory values missing keyword:<k>`. 7, 10 and 13 are observed, the others are inferred. See docs/protocol.md#refusal-4.
 */
export const MANDATORY_ORDER: readonly string[] = [
  'VERSION',
  'DATEQ',
  'TYPE',
  'NUMQUESTION',
  'SITE',
  'RANG',
  'CLE',
  'MONTANT',
  'DEVISE',
  'REFERENCE',
  'REFABONNE',
  'PORTEUR',
  'DATEVAL',
  'NUMAPPEL',
  'NUMTRANS',
];
