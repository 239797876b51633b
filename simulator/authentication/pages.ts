import { type AuthenticationOutcome, outcomeEntry } from '../../contracts/index.js';
import type { Language } from '../pages/language.js';
import { documentPage, gatewayPage, type HtmlPage } from '../pages/layout.js';
import { localAmount, localDuration, localTime } from '../pages/local-format.js';
import { html, NOTHING } from '../pages/markup.js';
import { withNoBreakSpaces } from '../pages/typography.js';

interface Texts {
  readonly testBank: string;
  readonly heading: string;
  readonly explanation: string;
  readonly merchant: string;
  readonly amount: string;
  readonly card: string;
  readonly date: string;
  readonly code: string;
  hint(testCode: string): string;
  readonly wrongCode: string;
  triesLeft(tries: number): string;
  timeLeft(duration: string): string;
  readonly confirm: string;
  readonly decline: string;
  readonly cancel: string;
  readonly resultHeading: string;
  result(meaning: string): string;
  readonly noReturnAddress: string;
}

const count = (value: number, one: string, several: string): string => `${value}\u00a0${value > 1 ? several : one}`;

const TEXTS: Readonly<Record<Language, Texts>> = {
  en: {
    testBank: 'Test bank of paybox-direct-simulator: no real bank and no real money.',
    heading: 'Your bank: confirm this payment',
    explanation: 'Check the payment, then enter the code that your bank sent you.',
    merchant: 'Shop',
    amount: 'Amount',
    card: 'Card',
    date: 'Date',
    code: 'Code',
    hint: (testCode) => `The test code is ${testCode}. Any other code is refused.`,
    wrongCode: 'This code is wrong.',
    triesLeft: (tries) => `${count(tries, 'try', 'tries')} left.`,
    timeLeft: (duration) => `You have ${duration} to answer.`,
    confirm: 'Confirm',
    decline: 'Decline',
    cancel: 'Cancel',
    resultHeading: 'The authentication has ended',
    result: (meaning) => `Result: ${meaning}.`,
    noReturnAddress:
      'The shop gave no address to return to (URLRetour), neither in its request nor in the account. You can close this page.',
  },
  fr: withNoBreakSpaces<Texts>({
    testBank: 'Banque de test de paybox-direct-simulator : ni vraie banque, ni argent réel.',
    heading: 'Votre banque : confirmez ce paiement',
    explanation: 'Vérifiez le paiement, puis saisissez le code envoyé par votre banque.',
    merchant: 'Boutique',
    amount: 'Montant',
    card: 'Carte',
    date: 'Date',
    code: 'Code',
    hint: (testCode) => `Le code de test est ${testCode}. Tout autre code est refusé.`,
    wrongCode: 'Ce code est incorrect.',
    triesLeft: (tries) => `Il vous reste ${count(tries, 'essai', 'essais')}.`,
    timeLeft: (duration) => `Vous avez ${duration} pour répondre.`,
    confirm: 'Confirmer',
    decline: 'Refuser',
    cancel: 'Annuler',
    resultHeading: 'L’authentification est terminée',
    result: (meaning) => `Résultat : ${meaning}.`,
    noReturnAddress:
      'La boutique n’a donné aucune adresse de retour (URLRetour), ni dans sa demande ni dans son compte. Vous pouvez fermer cette page.',
  }),
};

/** What the bank's page shows. */
export interface ChallengePageOptions {
  readonly language: Language;
  /** The name of the shop. */
  readonly merchant: string;
  /** As `formatAmount` writes it: `10.00 EUR`. */
  readonly amount: string;
  /** The masked card number. */
  readonly card: string;
  /** When the authentication began, in milliseconds since 1970. */
  readonly date: number;
  readonly triesLeft: number;
  /** What was wrong with the answer before. */
  readonly problem?: 'wrong-code' | undefined;
  /** Seconds until the time limit. The page then reloads itself. */
  readonly secondsLeft: number;
  /** The code that is right. */
  readonly testCode: string;
  /** The address that gets `action` (`confirm`, `decline` or `cancel`) and `code`. */
  readonly action: string;
}

/** The page of the bank, where the cardholder confirms a payment, declines or cancels. */
export function challengePage(options: ChallengePageOptions): HtmlPage {
  const { language, merchant, amount, card, date, problem, testCode, action } = options;
  const t = TEXTS[language];
  const secondsLeft = Math.max(1, Math.ceil(options.secondsLeft));
  const details = [
    [t.merchant, merchant],
    [t.amount, localAmount(language, amount)],
    [t.card, card],
    [t.date, localTime(language, date)],
  ] as const;
  const tries = t.triesLeft(options.triesLeft);
  return documentPage({
    language,
    title: problem ? `${t.wrongCode} ${t.heading}` : t.heading,
    forms: 'self',
    // The header does what `<meta http-equiv="refresh">` does.
    headers: { Refresh: String(secondsLeft) },
    content: html`<p class="note">${t.testBank}</p>
<h1>${t.heading}</h1>
<p>${t.explanation}</p>
<dl>
${details.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>
<form action="${action}" method="POST">
${problem ? html`<p class="alert" id="problem" role="alert">${t.wrongCode} ${tries}</p>` : NOTHING}
<label for="code">${t.code}</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" autofocus required aria-describedby="${problem ? 'problem hint' : 'hint'}"${problem ? html` aria-invalid="true"` : NOTHING}>
<p class="hint" id="hint">${problem ? t.hint(testCode) : `${t.hint(testCode)} ${tries}`}</p>
<p class="hint">${t.timeLeft(localDuration(language, secondsLeft))}</p>
<div class="actions">
<button name="action" value="confirm">${t.confirm}</button>
<button name="action" value="decline" class="quiet" formnovalidate>${t.decline}</button>
<button name="action" value="cancel" class="quiet" formnovalidate>${t.cancel}</button>
</div>
</form>`,
  });
}

/** How an authentication ended. */
export interface ResultSentPageOptions {
  readonly language: Language;
  readonly outcome: AuthenticationOutcome;
}

/** The page after an authentication for which there is no URLRetour: how it ended, and that the shop gave no address. */
export function resultSentPage({ language, outcome }: ResultSentPageOptions): HtmlPage {
  const t = TEXTS[language];
  return gatewayPage({
    language,
    title: t.resultHeading,
    forms: 'none',
    content: html`<p class="note">${t.testBank}</p>
<h1>${t.resultHeading}</h1>
<p>${t.result(outcomeEntry(outcome).meaning[language])}</p>
<p>${t.noReturnAddress}</p>`,
  });
}
