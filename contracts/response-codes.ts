import type { Bilingual, Evidence } from './annotations.js';
import { ISSUER_CODES } from './issuer-codes.js';

/** One value of CODEREPONSE. See docs/protocol.md#section-4. */
export interface ResponseCode {
  readonly code: string;
  /** `fr` is the text of COMMENTAIRE on the wire, without the prefix of refusals. */
  readonly meaning: Bilingual;
  /**
   * Whether the protocol sheet says to send the question again. If {@link ResponseCode.mayHaveBeenProcessed} is true, first ask for the
   * outcome.
   */
  readonly retryable: boolean;
  /** Whether the gateway may have processed the question. Then ask for its outcome before you send it again. */
  readonly mayHaveBeenProcessed: boolean;
  /** Evidence of the French text. That the code exists is documented. */
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
  c('00002', 'Erreur de cohérence', 'consistency error'),
  c('00003', 'Erreur Paybox', 'Paybox error', 'I', true),
  c('00004', 'Numéro de porteur invalide', 'invalid card number or CVV', 'O'),
  c('00005', 'Numéro de question invalide', 'invalid question number, or already used', 'O'),
  c('00006', 'Accès refusé ou site/rang/clé invalide', 'access refused, or site/rank/key wrong', 'O'),
  c('00007', 'Date invalide', 'invalid date'),
  c('00008', 'Date de fin de validité incorrecte', 'invalid expiry date'),
  c('00009', "Type d'opération invalide", 'invalid operation type'),
  c('00010', 'Devise inconnue', 'unknown currency'),
  c('00011', 'Montant incorrect', 'invalid amount'),
  c('00012', 'Référence commande invalide', 'invalid order reference'),
  c('00013', "Cette version n'est plus soutenue", 'version no longer supported'),
  c('00014', 'Trame reçue incohérente', 'malformed request'),
  c('00015', 'Transaction non trouvée', 'earlier transaction not found, or its state forbids the operation', 'O'),
  c('00016', 'Abonné déjà existant', 'subscriber already exists'),
  c('00017', 'Abonné inexistant', 'unknown subscriber', 'O'),
  c('00018', 'Transaction non trouvée', 'transaction not found (types 00011 and 00017)', 'O'),
  c('00019', 'Code réservé', 'reserved'),
  c('00020', 'Cryptogramme visuel non présent', 'CVV missing'),
  c('00021', 'Carte non autorisée', 'card not authorized'),
  c('00022', 'Plafond atteint', 'ceiling reached'),
  c('00023', "Porteur déjà passé aujourd'hui", 'card already used today'),
  c('00024', 'Code pays filtré', 'card country not accepted'),
  c('00025', 'Signature manquante', 'signature missing (older manuals)'),
  c('00026', 'Code activité incorrect', 'invalid activity code'),
  c('00027', 'Erreur OpenSSL', 'OpenSSL error (older manuals)'),
  c('00028', 'Signature incorrecte', 'invalid signature (older manuals)'),
  c('00039', 'Numéro de question déjà traité', 'question number already used'),
  c('00040', 'Porteur enrôlé mais non authentifié', 'cardholder enrolled but not authenticated'),
  c('00041', 'ID3D inconnu', 'unknown ID3D', 'O'),
  c('00097', 'Timeout de connexion atteint', 'connection timeout', 'I', true),
  c('00098', 'Erreur de connexion interne', 'internal connection error', 'I', true),
  // The gateway received an answer, so some server processed the question.
  c(
    '00099',
    'Incohérence entre la question et la réponse, réessayer plus tard',
    'question and answer do not match, try again later',
    'I',
    true,
    true,
  ),
];

/** Every CODEREPONSE: the codes of the gateway, then 001xx for each issuer code. */
export const RESPONSE_CODES: readonly ResponseCode[] = [
  ...GATEWAY_CODES,
  ...ISSUER_CODES.map(({ code, meaning, evidence }) => c(`001${code}`, meaning.fr, meaning.en, evidence)),
];

/** {@link RESPONSE_CODES} by code. */
export const RESPONSE_CODE_BY_CODE: ReadonlyMap<string, ResponseCode> = new Map(RESPONSE_CODES.map((entry) => [entry.code, entry]));

/** The prefix of COMMENTAIRE in the gateway's own refusals. Recorded. See docs/protocol.md#section-4. */
export const REFUSAL_PREFIX = 'PAYBOX : ';

/** CODEREPONSE of a success. */
export const SUCCESS = '00000';

const UNKNOWN_ISSUER_CODE = '*** Code erreur en retour de la banque inconnu ***';

/**
 * The COMMENTAIRE that the gateway sends with a code: in French, with {@link REFUSAL_PREFIX} in the refusals of the gateway itself.
 * A code that is not in the table gets the text `Refus` and the code, or the text of an unknown code of the issuer.
 */
export function commentOf(code: string): string {
  const text = RESPONSE_CODE_BY_CODE.get(code)?.meaning.fr;
  if (code === SUCCESS || isIssuerCode(code)) return text ?? UNKNOWN_ISSUER_CODE;
  return REFUSAL_PREFIX + (text ?? `Refus ${code}`);
}

/** Whether a text can be a CODEREPONSE: five digits or letters. The gateway may have more codes than its manual lists. */
export function isResponseCode(code: string): boolean {
  return /^[0-9A-Za-z]{5}$/.test(code);
}

/** Whether a code is one of the issuer, the cardholder's bank: 001xx. */
const isIssuerCode = (code: string): boolean => /^001.{2}$/.test(code);

/** Whether a code is a refusal by the issuer: 001xx except 00100, its approval. The last two characters may be any. */
export function isIssuerRefusal(code: string): boolean {
  return isIssuerCode(code) && code !== '00100';
}

/** Whether a question that was answered with this code should be sent again. See docs/protocol.md#section-4. */
export function isRetryable(code: string): boolean {
  return RESPONSE_CODE_BY_CODE.get(code)?.retryable ?? false;
}

/** Whether the gateway may have processed the question although it answered an error: true for 00099 only. */
export function mayHaveBeenProcessed(code: string): boolean {
  return RESPONSE_CODE_BY_CODE.get(code)?.mayHaveBeenProcessed ?? false;
}
