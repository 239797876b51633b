import type { Language } from '../pages/language.js';
import { withNoBreakSpaces } from '../pages/typography.js';

/** A field of the card form, by the name under which it is sent. */
export type CardField = 'PORTEUR' | 'DATEVAL' | 'CVV';

/** How a visit of the hosted page ends. */
export type ReceiptOutcome = 'paid' | 'cancelled' | 'timeout' | 'pending';

/** The texts of the hosted page in one language. */
interface Texts {
  readonly testPage: string;
  readonly heading: string;
  readonly merchant: string;
  readonly amount: string;
  readonly reference: string;
  readonly means: string;
  readonly card: string;
  readonly expiry: string;
  readonly labels: Readonly<Record<CardField, string>>;
  readonly hints: Readonly<Partial<Record<CardField, string>>>;
  readonly wrong: Readonly<Record<CardField, string>>;
  readonly wrongFields: string;
  refused(text: string, code: string): string;
  readonly anotherCard: string;
  /** What the page says of codes with which no other card helps. */
  readonly noOtherCard: Readonly<Record<string, string>>;
  /** The card of the customer who comes back from the bank is not in memory any more. */
  readonly forgotten: string;
  timeLeft(duration: string): string;
  pay(amount: string): string;
  readonly cancel: string;
  readonly backToShop: string;
  readonly laterPayments: string;
  instalment(amount: string, date: string): string;
  readonly subscription: string;
  /** @param months between two payments; 0: the gateway takes it as 1. @param payments how many; 0: without end */
  renewals(amount: string, months: number, date: string, payments: number): string;
  readonly testCards: string;
  testValues(expiry: string): string;
  withCvv(note: string, cvv: string): string;
  readonly use: string;
  readonly outcomes: Readonly<Record<ReceiptOutcome, string>>;
  readonly code: string;
  returnIn(duration: string): string;
  noAddress(variable: string): string;
  readonly lost: string;
}

const TEXTS_EN: Texts = {
  testPage: 'Payment page of paybox-direct-simulator: test cards only, no real money.',
  heading: 'Pay by card',
  merchant: 'Shop',
  amount: 'Amount',
  reference: 'Reference',
  means: 'Card type',
  card: 'Card',
  expiry: 'Expiry date',
  labels: { PORTEUR: 'Card number', DATEVAL: 'Expiry date (MM/YY)', CVV: 'Security code (CVV)' },
  hints: { CVV: '3 digits on the back of the card; American Express: 4 on the front.' },
  wrong: {
    PORTEUR: 'Enter the digits of the card number.',
    DATEVAL: 'Enter month and year, such as 09/30.',
    CVV: 'Enter the 3 or 4 digits of the security code.',
  },
  wrongFields: 'Correct the fields that are marked.',
  refused: (text, code) => `Payment refused: ${text} (${code}).`,
  anotherCard: 'You can try another card.',
  noOtherCard: { '00015': 'This order is already paid', '00016': 'This customer of the shop already has a card' },
  forgotten: 'The simulator was started again, and cards are not stored. Enter the card again.',
  timeLeft: (duration) => `You have ${duration} to pay.`,
  pay: (amount) => `Pay ${amount}`,
  cancel: 'Cancel',
  backToShop: 'Back to the shop',
  laterPayments: 'Later payments with the same card',
  instalment: (amount, date) => `${amount} on ${date}`,
  subscription: 'Subscription',
  renewals: (amount, months, date, payments) =>
    `Then ${amount} every ${months > 1 ? `${months} months` : 'month'} from ${date}, ${
      payments === 0 ? 'until it is ended' : `${payments} ${payments > 1 ? 'times' : 'time'}`
    }.`,
  testCards: 'Test cards',
  testValues: (expiry) => `Expiry date ${expiry}; CVV 123.`,
  withCvv: (note, cvv) => `${note}; CVV ${cvv}`,
  use: 'Use',
  outcomes: {
    paid: 'Payment accepted',
    cancelled: 'Payment cancelled',
    timeout: 'The time to pay is over',
    pending: 'Payment pending',
  },
  code: 'Response code',
  returnIn: (duration) => `Your browser returns to the shop in ${duration}.`,
  noAddress: (variable) => `The shop gave no address to return to (${variable}). You can close this page.`,
  lost: 'A rule of the simulator loses the way back to the shop. You can close this page.',
};

const TEXTS_FR: Texts = withNoBreakSpaces<Texts>({
  testPage: 'Page de paiement de paybox-direct-simulator : cartes de test seulement, aucun argent réel.',
  heading: 'Paiement par carte',
  merchant: 'Boutique',
  amount: 'Montant',
  reference: 'Référence',
  means: 'Type de carte',
  card: 'Carte',
  expiry: 'Date d’expiration',
  labels: { PORTEUR: 'Numéro de carte', DATEVAL: 'Date d’expiration (MM/AA)', CVV: 'Cryptogramme visuel (CVV)' },
  hints: { CVV: '3 chiffres au dos de la carte ; American Express : 4 au recto.' },
  wrong: {
    PORTEUR: 'Saisissez les chiffres du numéro de carte.',
    DATEVAL: 'Saisissez le mois et l’année, par exemple 09/30.',
    CVV: 'Saisissez les 3 ou 4 chiffres du cryptogramme.',
  },
  wrongFields: 'Corrigez les champs signalés.',
  refused: (text, code) => `Paiement refusé : ${text} (${code}).`,
  anotherCard: 'Vous pouvez essayer une autre carte.',
  noOtherCard: { '00015': 'Cette commande est déjà payée', '00016': 'Ce client de la boutique a déjà une carte' },
  forgotten: 'Le simulateur a été redémarré, et les cartes ne sont pas enregistrées. Saisissez à nouveau la carte.',
  timeLeft: (duration) => `Vous avez ${duration} pour payer.`,
  pay: (amount) => `Payer ${amount}`,
  cancel: 'Annuler',
  backToShop: 'Retour à la boutique',
  laterPayments: 'Paiements suivants avec la même carte',
  instalment: (amount, date) => `${amount} le ${date}`,
  subscription: 'Abonnement',
  renewals: (amount, months, date, payments) =>
    `Puis ${amount} ${months > 1 ? `tous les ${months} mois` : 'chaque mois'} à partir du ${date}, ${
      payments === 0 ? 'jusqu’à résiliation' : `${payments} fois`
    }.`,
  testCards: 'Cartes de test',
  testValues: (expiry) => `Date d’expiration ${expiry} ; CVV 123.`,
  withCvv: (note, cvv) => `${note} ; CVV ${cvv}`,
  use: 'Utiliser',
  outcomes: {
    paid: 'Paiement accepté',
    cancelled: 'Paiement annulé',
    timeout: 'Le délai de paiement est dépassé',
    pending: 'Paiement en attente',
  },
  code: 'Code réponse',
  returnIn: (duration) => `Votre navigateur retourne à la boutique dans ${duration}.`,
  noAddress: (variable) => `La boutique n’a donné aucune adresse de retour (${variable}). Vous pouvez fermer cette page.`,
  lost: 'Une règle du simulateur fait perdre le retour vers la boutique. Vous pouvez fermer cette page.',
});

/** The texts of the hosted page. */
export const HOSTED_TEXTS: Readonly<Record<Language, Texts>> = { en: TEXTS_EN, fr: TEXTS_FR };
