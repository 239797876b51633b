import type { Bilingual, Evidence } from './annotations.js';

/** A code of the issuer, the cardholder's bank: the last two digits of a CODEREPONSE 001xx. Documented. See docs/protocol.md#section-4. */
export interface IssuerCode {
  /** Two digits. */
  readonly code: string;
  readonly meaning: Bilingual;
  /** Evidence of the French text. */
  readonly evidence: Evidence;
}

const i = (code: string, fr: string, en: string, evidence: Evidence = 'I'): IssuerCode => ({ code, meaning: { en, fr }, evidence });

/** Every issuer code. */
export const ISSUER_CODES: readonly IssuerCode[] = [
  i('00', 'Transaction approuvée ou traitée avec succès', 'approved'),
  i('01', "Contacter l'émetteur de carte", 'contact the issuer'),
  i('02', "Contacter l'émetteur de carte", 'contact the issuer'),
  i('03', 'Commerçant invalide', 'invalid merchant'),
  i('04', 'Conserver la carte', 'pick up the card'),
  i('05', 'Ne pas honorer', 'do not honour'),
  i('07', 'Conserver la carte, conditions spéciales', 'pick up the card, special conditions'),
  i('08', 'Approuver après identification du porteur', 'approve after identification of the cardholder'),
  i('12', 'Transaction invalide', 'invalid transaction'),
  i('13', 'Montant invalide', 'invalid amount'),
  i('14', 'Numéro de porteur invalide', 'invalid cardholder number', 'O'),
  i('15', 'Emetteur de carte inconnu', 'unknown issuer', 'O'),
  i('17', 'Annulation client', 'cancelled by the customer'),
  i('19', 'Répéter la transaction ultérieurement', 'retry later'),
  i('20', 'Réponse erronée (erreur dans le domaine serveur)', 'wrong answer from the server'),
  i('24', 'Mise à jour de fichier non supportée', 'file update not supported'),
  i('25', "Impossible de localiser l'enregistrement dans le fichier", 'record not found in the file'),
  i('26', 'Enregistrement dupliqué, ancien enregistrement remplacé', 'duplicate record, old one replaced'),
  i('27', 'Erreur en « edit » sur champ de mise à jour fichier', 'field error in a file update'),
  i('28', 'Accès interdit au fichier', 'file access forbidden'),
  i('29', 'Mise à jour de fichier impossible', 'file update impossible'),
  i('30', 'Erreur de format', 'format error'),
  i('31', "Identifiant de l'organisme acquéreur inconnu", 'unknown acquirer'),
  i('33', 'Date de validité de la carte dépassée', 'card expired'),
  i('34', 'Suspicion de fraude', 'suspected fraud'),
  i('38', "Nombre d'essais code confidentiel dépassé", 'too many PIN attempts'),
  i('41', 'Carte perdue', 'card lost'),
  i('43', 'Carte volée', 'card stolen'),
  i('51', 'Provision insuffisante ou crédit dépassé', 'insufficient funds'),
  i('54', 'Date de validité de la carte dépassée', 'card expired'),
  i('55', 'Code confidentiel erroné', 'wrong PIN'),
  i('56', 'Carte absente du fichier', 'card not on file'),
  i('57', 'Transaction non permise à ce porteur', 'not permitted to this cardholder'),
  i('58', 'Transaction interdite au terminal', 'not permitted at this terminal'),
  i('59', 'Suspicion de fraude', 'suspected fraud'),
  i('60', "L'accepteur de carte doit contacter l'acquéreur", 'acceptor must contact the acquirer'),
  i('61', 'Dépasse la limite du montant de retrait', 'above the withdrawal limit'),
  i('63', 'Règles de sécurité non respectées', 'security rules not met'),
  i('68', 'Réponse non parvenue ou reçue trop tard', 'no answer, or it came too late'),
  i('75', "Nombre d'essais code confidentiel dépassé", 'too many PIN attempts'),
  i('76', 'Porteur déjà en opposition, ancien enregistrement conservé', 'cardholder already blocked, old record kept'),
  i('82', 'Code banque inconnu', 'bank code unknown'),
  i('89', '*** Code erreur en retour de la banque inconnu ***', 'authentication failed', 'O'),
  i('90', 'Arrêt momentané du système', 'system temporarily stopped'),
  i('91', 'Emetteur de carte inaccessible', 'issuer unreachable'),
  i('94', 'Demande dupliquée', 'duplicate request'),
  i('96', 'Mauvais fonctionnement du système', 'system malfunction'),
  i('97', 'Echéance de la temporisation de surveillance globale', 'global monitoring timer expired'),
  i('98', 'Serveur inaccessible', 'server unreachable'),
  i('99', 'Incident domaine initiateur', 'incident in the initiator domain'),
];
