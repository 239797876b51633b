import type { Bilingual, Evidence } from './evidence.js';
import { ISSUER_CODES } from './issuer-codes.js';

/** One value of CODEREPONSE. Protocol sheet, section 4. */
export interface ResponseCode {
  readonly code: string;
  /** `fr` is what COMMENTAIRE says on the wire, after the prefix of refusals. */
  readonly meaning: Bilingual;
  /** Whether the sheet's table has the question sent again. Not unasked where it {@link ResponseCode.mayHaveBeenProcessed}. */
  readonly retryable: boolean;
  /** Whether the gateway worked on the question all the same, so that its fate must be asked for before it is sent again. */
  readonly mayHaveBeenProcessed: boolean;
  /** How well the French comment is known; that the code exists is documented. */
  readonly evidence: Evidence;
}

const c = (
  code: string,
  fr: string,
  en: string,
  evidence: Evidence = 'I',
  retryable = false,
  mayHaveBeenProcessed = false,
): ResponseCode => ({
  code,
  meaning: { en, fr },
  retryable,
  mayHaveBeenProcessed,
  evidence,
});

const GATEWAY_CODES: readonly ResponseCode[] = [
  c('00000', 'Demande traitée avec succès', 'success', 'O'),
  c(
    '00001',
    "Connexion au centre d'autorisation impossible ou erreur interne",
    'connection to the authorization centre failed, or internal error',
    'I',
    true,
  ),
  c('00002', 'Erreur de cohérence', 'coherence error'),
  c('00003', 'Erreur Paybox', 'Paybox error', 'I', true),
  c('00004', 'Numéro de porteur invalide', 'card number invalid (or CVV)', 'O'),
  c('00005', 'Numéro de question invalide', 'question number invalid'),
  c('00006', 'Accès refusé ou site/rang/clé invalide', 'access refused, or site/rank/key wrong', 'O'),
  c('00007', 'Date invalide', 'date invalid'),
  c('00008', 'Date de fin de validité incorrecte', 'expiry date wrong'),
  c('00009', "Type d'opération invalide", 'operation type invalid'),
  c('00010', 'Devise inconnue', 'currency unknown'),
  c('00011', 'Montant incorrect', 'amount wrong'),
  c('00012', 'Référence commande invalide', 'order reference invalid'),
  c('00013', "Cette version n'est plus soutenue", 'version no longer supported'),
  c('00014', 'Trame reçue incohérente', 'incoherent frame'),
  c('00015', 'Transaction non trouvée', 'error on data referenced earlier: not found, or its state forbids the operation', 'O'),
  c('00016', 'Abonné déjà existant', 'subscriber exists already'),
  c('00017', 'Abonné inexistant', 'subscriber unknown', 'O'),
  c('00018', 'Transaction non trouvée', 'transaction not found (types 00011 and 00017)', 'O'),
  c('00019', 'Code réservé', 'reserved'),
  c('00020', 'Cryptogramme visuel non présent', 'CVV missing'),
  c('00021', 'Carte non autorisée', 'card not authorized'),
  c('00022', 'Plafond atteint', 'ceiling reached'),
  c('00023', "Porteur déjà passé aujourd'hui", 'cardholder already seen today'),
  c('00024', 'Code pays filtré', 'country code filtered'),
  c('00026', 'Code activité incorrect', 'activity code wrong'),
  c('00039', 'Numéro de question déjà traité', 'question number already processed'),
  c('00040', 'Porteur enrôlé mais non authentifié', 'cardholder enrolled but not authenticated'),
  c('00041', 'ID3D inconnu', 'ID3D unknown'),
  c('00097', 'Timeout de connexion atteint', 'connection timeout', 'I', true),
  c('00098', 'Erreur de connexion interne', 'internal connection error', 'I', true),
  // There is an answer: somebody worked on the question.
  c(
    '00099',
    'Incohérence entre la question et la réponse, réessayer plus tard',
    'question and answer incoherent, try later',
    'I',
    true,
    true,
  ),
];

/** Every CODEREPONSE: the gateway's own and 001xx for each issuer code. */
export const RESPONSE_CODES: readonly ResponseCode[] = [
  ...GATEWAY_CODES,
  ...ISSUER_CODES.map(({ code, meaning }) => c(`001${code}`, meaning.fr, meaning.en, 'I')),
];

/** Every CODEREPONSE by its five digits. */
export const RESPONSE_CODE_BY_CODE: ReadonlyMap<string, ResponseCode> = new Map(RESPONSE_CODES.map((entry) => [entry.code, entry]));

/** What refusals write before the text of COMMENTAIRE; success has none. Observed. */
export const REFUSAL_PREFIX = 'PAYBOX : ';

/** CODEREPONSE of a success. */
export const SUCCESS = '00000';

/**
 * COMMENTAIRE as the gateway writes it for a code: French, prefixed on refusals.
 * A code outside the table gets the prefix and a neutral text.
 */
export function commentOf(code: string): string {
  const text = RESPONSE_CODE_BY_CODE.get(code)?.meaning.fr ?? `Refus ${code}`;
  return code === SUCCESS ? text : REFUSAL_PREFIX + text;
}

/** Whether the code is a refusal by the cardholder's bank (001xx; 00100 is its approval). */
export function isIssuerRefusal(code: string): boolean {
  return /^001(?!00)\d\d$/.test(code);
}

/** Whether the code is one of those that the protocol sheet, section 4, has sent again. */
export function isRetryable(code: string): boolean {
  return RESPONSE_CODE_BY_CODE.get(code)?.retryable ?? false;
}

/** Whether the gateway may have carried the question out though the code is no success: true for 00099 alone. */
export function mayHaveBeenProcessed(code: string): boolean {
  return RESPONSE_CODE_BY_CODE.get(code)?.mayHaveBeenProcessed ?? false;
}
