import { FINDING_RULES, type FindingRule } from '../../engine/finding.js';
import type { Language } from '../../pages/language.js';

type FindingTexts = Record<Language, Record<FindingRule, string>>;

/** The title of each finding. */
export const FINDING_TITLES: FindingTexts = {
  en: {
    'not-a-form': 'Body is not a form',
    'body-too-large': 'Body too large',
    'content-length-differs': 'Content-Length too small',
    'bad-escape': 'Unescaped % in the body',
    'repeated-variable': 'Variable sent twice',
    'unknown-variable': 'Unknown variable',
    'echo-altered': 'Value repeated with spaces',
    'card-number-exposed': 'Card number outside PORTEUR',
    'content-type': 'Unusual Content-Type',
    'unencoded-plus': 'Unencoded + in a value',
    'sent-by-get': 'Question sent by GET',
    'not-the-gateway': 'Not a path of the gateway',
    'identifiant-differs': 'IDENTIFIANT is not the account’s',
    'hmac-differs': 'Wrong HMAC',
    'date-far-off': 'DATEQ is far off',
    'date-invalid': 'DATEQ is not a date',
    'question-number-reused': 'NUMQUESTION reused',
    'rang-length-changed': 'RANG written in two ways',
    'numbers-swapped': 'NUMTRANS and NUMAPPEL swapped',
    'numbers-mixed': 'NUMTRANS and NUMAPPEL of two replies',
    'currency-differs': 'Currency is not the authorized one',
    'reference-differs': 'REFERENCE is not the payment’s',
    'paid-twice': 'Order paid twice',
    'refunded-twice': 'Same refund twice within a minute',
    'credit-for-refund': 'Credit instead of a refund',
    'cancel-after-remittance': 'Cancel after the remittance',
    'frame-refused': 'Frame refused',
    'access-refused': 'Access refused',
    'variable-missing': 'Missing variable',
    'variable-malformed': 'Malformed variable',
    'question-number-repeated': 'NUMQUESTION already processed',
    'card-refused': 'Card refused',
    'subscriber-refused': 'Subscriber known or unknown',
    'token-refused': 'PORTEUR is not the token',
    'three-d-secure-refused': '3-D Secure says no',
    'state-refused': 'Not possible in the payment’s state',
    'outcome-forced': 'Forced outcome',
    'fault-staged': 'Staged fault',
    'error-code-test-unknown': 'Unknown ERRORCODETEST',
    'born-elsewhere': 'Created on Paybox System',
  },
  fr: {
    'not-a-form': 'Le corps n’est pas un formulaire',
    'body-too-large': 'Corps trop volumineux',
    'content-length-differs': 'Content-Length trop petit',
    'bad-escape': 'Caractère % non encodé',
    'repeated-variable': 'Variable envoyée deux fois',
    'unknown-variable': 'Variable inconnue',
    'echo-altered': 'Valeur répétée avec des espaces',
    'card-number-exposed': 'Numéro de carte hors de PORTEUR',
    'content-type': 'Content-Type inhabituel',
    'unencoded-plus': '+ non encodé dans une valeur',
    'sent-by-get': 'Question envoyée par GET',
    'not-the-gateway': 'Pas un chemin de la passerelle',
    'identifiant-differs': 'IDENTIFIANT différent de celui du compte',
    'hmac-differs': 'HMAC incorrect',
    'date-far-off': 'DATEQ très décalée',
    'date-invalid': 'DATEQ n’est pas une date',
    'question-number-reused': 'NUMQUESTION réutilisé',
    'rang-length-changed': 'RANG écrit de deux façons',
    'numbers-swapped': 'NUMTRANS et NUMAPPEL inversés',
    'numbers-mixed': 'NUMTRANS et NUMAPPEL de deux réponses',
    'currency-differs': 'Devise différente de l’autorisation',
    'reference-differs': 'REFERENCE différente de celle du paiement',
    'paid-twice': 'Commande payée deux fois',
    'refunded-twice': 'Même remboursement deux fois en une minute',
    'credit-for-refund': 'Crédit au lieu d’un remboursement',
    'cancel-after-remittance': 'Annulation après la télécollecte',
    'frame-refused': 'Trame refusée',
    'access-refused': 'Accès refusé',
    'variable-missing': 'Variable manquante',
    'variable-malformed': 'Variable mal formée',
    'question-number-repeated': 'NUMQUESTION déjà traité',
    'card-refused': 'Carte refusée',
    'subscriber-refused': 'Abonné déjà connu ou inconnu',
    'token-refused': 'PORTEUR n’est pas le jeton',
    'three-d-secure-refused': 'Refus 3-D Secure',
    'state-refused': 'Impossible dans l’état du paiement',
    'outcome-forced': 'Résultat imposé',
    'fault-staged': 'Panne simulée',
    'error-code-test-unknown': 'ERRORCODETEST inconnu',
    'born-elsewhere': 'Créé sur Paybox System',
  },
};

const englishRemedies = Object.fromEntries(Object.entries(FINDING_RULES).map(([rule, { remedy }]) => [rule, remedy])) as Record<
  FindingRule,
  string
>;

/** The remedy of each finding. */
export const REMEDIES: FindingTexts = {
  en: englishRemedies,
  fr: {
    'not-a-form':
      'Envoyez les variables en POST application/x-www-form-urlencoded (en PHP : http_build_query($fields), et non le tableau lui-même).',
    'body-too-large': 'N’envoyez que les variables d’une seule question : elles tiennent dans 64 Kio.',
    'content-length-differs': 'Comptez dans Content-Length les octets du corps encodé, non ses caractères (PHP : strlen, non mb_strlen).',
    'bad-escape': 'Encodez chaque valeur ; un % isolé s’écrit %25.',
    'repeated-variable': 'Envoyez chaque variable une seule fois ; seule la première est prise en compte.',
    'unknown-variable': 'Vérifiez l’orthographe : les noms sont en majuscules, et la passerelle ignore ceux qu’elle ne connaît pas.',
    'echo-altered':
      'N’utilisez que des lettres, des chiffres et une ponctuation simple dans les références : une réponse ne peut pas porter &, <, > ni les caractères de contrôle.',
    'card-number-exposed': 'N’envoyez le numéro de carte que dans PORTEUR : les références sont conservées et affichées en clair partout.',
    'content-type': 'Envoyez Content-Type: application/x-www-form-urlencoded.',
    'unencoded-plus': 'Encodez les valeurs du corps : + s’écrit %2B. La passerelle lit + comme une espace.',
    'sent-by-get': 'Envoyez les questions par POST. Serveurs et proxys journalisent l’adresse d’un GET, numéro de carte compris.',
    'not-the-gateway': 'Envoyez les questions par POST à /PPPS.php, ainsi écrit, ou à /s/NOM/PPPS.php pour une session à part.',
    'identifiant-differs': 'Envoyez l’IDENTIFIANT du compte, ou laissez-le vide.',
    'hmac-differs':
      'Signez toutes les variables dans l’ordre d’envoi, NOM=valeur séparées par &, valeurs non encodées, avec la clé hexadécimale convertie en octets.',
    'date-far-off': 'Envoyez l’heure de la requête dans DATEQ (JJMMAAAAHHMMSS).',
    'date-invalid':
      'Envoyez dans DATEQ une date du calendrier : JJMMAAAA ou JJMMAAAAHHMMSS. Les comptes dont la variante dateq vaut calendar refusent les autres (00007).',
    'question-number-reused': 'Utilisez un nouveau NUMQUESTION pour chaque question, y compris pour la capture d’une autorisation.',
    'rang-length-changed': 'Écrivez RANG avec le même nombre de chiffres dans toutes les requêtes d’un paiement.',
    'numbers-swapped': 'Envoyez le NUMTRANS de la réponse dans NUMTRANS, et son NUMAPPEL dans NUMAPPEL.',
    'numbers-mixed': 'Envoyez le NUMTRANS et le NUMAPPEL d’une même réponse.',
    'currency-differs': 'Envoyez la DEVISE de l’autorisation.',
    'reference-differs': 'Envoyez la REFERENCE du paiement, ou ne l’envoyez pas.',
    'paid-twice':
      'Après un délai d’attente dépassé, interrogez d’abord la passerelle (00011 par REFERENCE, 00017 par NUMTRANS), puis payez ; utilisez une REFERENCE par commande.',
    'refunded-twice':
      'Après un délai d’attente dépassé, consultez d’abord (00017), puis remboursez. Enregistrez chaque remboursement avant de l’envoyer.',
    'credit-for-refund':
      'Remboursez un paiement par 00014 avec ses NUMTRANS/NUMAPPEL ; 00004 et 00054 créditent le porteur sans lien avec le paiement.',
    'cancel-after-remittance': 'Après la télécollecte de la nuit, utilisez un remboursement (00014).',
    'frame-refused': 'Envoyez VERSION 00103 ou 00104 et un TYPE de la liste `paybox-sim operations` ; 00051 à 00061 exigent 00104.',
    'access-refused':
      'Envoyez SITE, RANG et la CLE, ou un HMAC, d’un même compte : `paybox-sim accounts` liste les comptes de test, la configuration en ajoute d’autres.',
    'variable-missing': 'Envoyez chaque variable manquante avec une valeur ; les noms sont en majuscules.',
    'variable-malformed': 'Écrivez la variable au format indiqué dans le message.',
    'question-number-repeated':
      'Utilisez un nouveau NUMQUESTION pour chaque question : un compteur, ou un nombre aléatoire jusqu’à 2147483647.',
    'card-refused': 'Rien à faire si le refus est voulu ; `paybox-sim cards` liste des cartes acceptées.',
    'subscriber-refused':
      'Inscrivez un abonné une seule fois (00056), puis changez sa carte avec 00057. Les autres opérations exigent un REFABONNE inscrit.',
    'token-refused':
      'Envoyez dans PORTEUR le jeton que la réponse à 00056 ou 00057 a donné pour ce REFABONNE. De « TOKEN  AAMM  --- » rendu par la page de paiement, le jeton est la première partie, et DATEVAL la deuxième, retournée (MMAA).',
    'three-d-secure-refused':
      'Envoyez l’ID3D que RemoteMPI a donné pour ce SITE, ou les résultats de votre propre serveur 3-D Secure. Avec `threeDSecure: false`, le compte accepte les paiements sans authentification.',
    'state-refused': 'Consultez d’abord l’état du paiement (00017, ou GET /_sim/payments/NUMTRANS).',
    'outcome-forced': 'Supprimez la cause indiquée pour obtenir la réponse normale.',
    'fault-staged': 'Supprimez la règle pour obtenir la réponse normale, à moins qu’elle ne soit épuisée (`times`).',
    'error-code-test-unknown': 'Envoyez un à cinq chiffres ou lettres dans ERRORCODETEST.',
    'born-elsewhere': 'Rien à faire : le paiement a été encaissé par Paybox System ; cette passerelle traite les opérations suivantes.',
  },
};
