import { cvvLength, percentEncode } from '../../contracts/index.js';
import type { PbxErrorPage } from '../engine/pbx-request.js';
import type { Language } from '../pages/language.js';
import { documentPage, gatewayPage, type HtmlPage } from '../pages/layout.js';
import { localAmount, localDate, localDuration } from '../pages/local-format.js';
import { html, type Markup, NOTHING } from '../pages/markup.js';
import { HOSTED_INLINE } from './inline.js';
import type { TestCardNote } from './test-cards.js';
import { type CardField, HOSTED_TEXTS, type ReceiptOutcome } from './texts.js';

/** The values of TYPECARTE that a customer chooses from when the shop does not decide. */
export const CARD_TYPES = ['CB', 'VISA', 'EUROCARD_MASTERCARD', 'AMEX'] as const;

const CARD_TYPE_NAMES: ReadonlyMap<string, string> = new Map([
  ['VISA', 'Visa'],
  ['EUROCARD_MASTERCARD', 'Mastercard'],
  ['AMEX', 'American Express'],
  ['MAESTRO', 'Maestro'],
  ['DINERS', 'Diners Club'],
]);

const cardTypeName = (value: string): string => CARD_TYPE_NAMES.get(value) ?? value;

/** Why the form is shown again: the attempt was refused, fields are wrong, or the card is not in memory any more. */
type CardPageProblem =
  | {
      /** CODEREPONSE. */
      readonly code: string;
      /** What it means, in the language of the page. */
      readonly text: string;
    }
  | { readonly fields: readonly CardField[] }
  | 'forgotten';

/** The payments that follow the first one, as the customer sees them. */
type ShownPlan =
  | {
      readonly kind: 'instalments';
      /** `at` is in milliseconds since 1970, `amount` is as `formatAmount` writes it. */
      readonly payments: readonly { readonly at: number; readonly amount: string }[];
    }
  | {
      readonly kind: 'subscription';
      readonly amount: string;
      /** Months between two payments. */
      readonly months: number;
      /** The next payment, in milliseconds since 1970. */
      readonly first: number;
      /** How many payments follow; 0: without end. */
      readonly payments: number;
    };

/** What the page of the card shows. */
export interface CardPageOptions {
  readonly language: Language;
  /** The name of the shop. */
  readonly merchant: string;
  readonly reference: string;
  /** As `formatAmount` writes it: `10.00 EUR`. */
  readonly amount: string;
  /** Values of TYPECARTE: one is fixed, several are a choice, such as {@link CARD_TYPES}. */
  readonly means: readonly string[];
  /** The address of this page: it gets `action` (`pay` or `cancel`), `startedAt`, PORTEUR, DATEVAL, CVV and TYPECARTE, and shows the page again. */
  readonly action: string;
  /** When the checkout started. After a reset, another one may have its number. */
  readonly startedAt: number;
  readonly problem?: CardPageProblem | undefined;
  /** Seconds until the time limit. The browser then loads `action`. */
  readonly secondsLeft: number;
  /** The card of a token, which the customer only confirms by its CVV. `expiry` is `MM/YY`. */
  readonly token?: { readonly card: string; readonly expiry: string } | undefined;
  readonly links: {
    /** The address of the shop after a refusal. */
    readonly refuse?: string | undefined;
  };
  /** The cards of the side panel. Empty: there is no panel. */
  readonly testCards: readonly TestCardNote[];
  /** An expiry date `MM/YY` of the test cards that is not over. */
  readonly testExpiry: string;
  readonly plan?: ShownPlan | undefined;
  /** What the customer entered before. The card and the CVV are not entered again by the page. */
  readonly values?: { readonly DATEVAL?: string | undefined; readonly TYPECARTE?: string | undefined } | undefined;
}

/** Encodes the characters that neither a header nor an attribute carries unchanged. Other addresses stay exactly as they are. */
const carriedAddress = (url: string): string => url.replace(/[^!-~]/gu, (character) => percentEncode(character));

const refreshTo = (seconds: number, url: string): Record<string, string> => ({ Refresh: `${seconds};url=${carriedAddress(url)}` });

const wholeSeconds = (seconds: number): number => Math.max(1, Math.ceil(seconds));

type Detail = readonly [name: string, value: string];

const detailList = (entries: readonly Detail[]): Markup => html`<dl>
${entries.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>`;

const attributeIf = (isPresent: boolean, attribute: Markup): Markup => (isPresent ? attribute : NOTHING);

/** How a field of the form is entered. */
const FIELD_ATTRIBUTES: Readonly<Record<CardField, Markup>> = {
  PORTEUR: html`autocomplete="cc-number"`,
  DATEVAL: html`autocomplete="cc-exp"`,
  CVV: html`autocomplete="cc-csc"`,
};

interface FieldState {
  readonly isWrong: boolean;
  readonly isFirst: boolean;
  readonly value: string;
  /** The id of a problem with the whole form. */
  readonly problem: string | undefined;
}

function fieldMarkup(language: Language, name: CardField, { isWrong, isFirst, value, problem }: FieldState): Markup {
  const { labels, hints, wrong } = HOSTED_TEXTS[language];
  const hint = hints[name];
  const described = [problem, isWrong && `${name}-wrong`, hint && `${name}-hint`].filter(Boolean).join(' ');
  return html`<div class="field">
<label for="${name}">${labels[name]}</label>
<input id="${name}" name="${name}" inputmode="numeric" ${FIELD_ATTRIBUTES[name]} required${attributeIf(value !== '', html` value="${value}"`)}${attributeIf(isFirst, html` autofocus`)}${attributeIf(described !== '', html` aria-describedby="${described}"`)}${attributeIf(isWrong, html` aria-invalid="true"`)}>
${isWrong ? html`<p class="wrong" id="${name}-wrong">${wrong[name]}</p>\n` : NOTHING}${hint ? html`<p class="hint" id="${name}-hint">${hint}</p>\n` : NOTHING}</div>
`;
}

function fieldsMarkup({ language, token, problem, values }: CardPageOptions): Markup {
  const names: readonly CardField[] = token ? ['CVV'] : ['PORTEUR', 'DATEVAL', 'CVV'];
  const wrong = typeof problem === 'object' && 'fields' in problem ? problem.fields : [];
  const first = names.find((name) => wrong.includes(name)) ?? names[0];
  const fields = names.map((name) =>
    fieldMarkup(language, name, {
      isWrong: wrong.includes(name),
      isFirst: name === first,
      value: (name === 'DATEVAL' && values?.DATEVAL) || '',
      problem: problem && name === first ? 'problem' : undefined,
    }),
  );
  const [number, ...others] = fields.length > 1 ? fields : [NOTHING, ...fields];
  return html`${number as Markup}<div class="fields">
${others}</div>`;
}

function meansMarkup({ language, means, values }: CardPageOptions): Markup {
  if (means.length <= 1) return html`${means.map((value) => html`<input type="hidden" name="TYPECARTE" value="${value}">\n`)}`;
  const chosen = means.find((value) => value === values?.TYPECARTE) ?? means[0];
  const choice = (value: string): Markup =>
    html`<label class="choice"><input type="radio" name="TYPECARTE" value="${value}"${attributeIf(value === chosen, html` checked`)}>${cardTypeName(value)}</label>\n`;
  return html`<fieldset>
<legend>${HOSTED_TEXTS[language].means}</legend>
${means.map(choice)}</fieldset>
`;
}

function planMarkup(language: Language, plan: ShownPlan | undefined): Markup {
  const t = HOSTED_TEXTS[language];
  if (plan === undefined) return NOTHING;
  if (plan.kind === 'subscription') {
    const { amount, months, first, payments } = plan;
    return html`<h2>${t.subscription}</h2>
<p>${t.renewals(localAmount(language, amount), months, localDate(language, first), payments)}</p>
`;
  }
  return html`<h2>${t.laterPayments}</h2>
<ul>
${plan.payments.map(({ at, amount }) => html`<li>${t.instalment(localAmount(language, amount), localDate(language, at))}</li>\n`)}</ul>
`;
}

function problemText({ language, problem, token }: CardPageOptions): string {
  const t = HOSTED_TEXTS[language];
  if (problem === undefined) return '';
  if (problem === 'forgotten') return t.forgotten;
  if ('fields' in problem) return t.wrongFields;
  const other = t.noOtherCard[problem.code];
  if (other !== undefined) return t.refused(other, problem.code);
  const refused = t.refused(problem.text, problem.code);
  return token ? refused : `${refused} ${t.anotherCard}`;
}

const inFours = (number: string): string => number.replace(/\d{4}(?=\d)/g, '$& ');

const TEST_CVV = '1234';

function testCardMarkup(language: Language, { number, note }: TestCardNote, expiry: string): Markup {
  const t = HOSTED_TEXTS[language];
  const cvv = TEST_CVV.slice(0, cvvLength(number));
  const shownNote = cvv === TEST_CVV ? t.withCvv(note, cvv) : note;
  // Without scripts the buttons stay hidden.
  return html`<li><div><b>${inFours(number)}</b><span>${shownNote}</span></div><button type="button" class="quiet" hidden data-number="${number}" data-expiry="${expiry}" data-cvv="${cvv}" aria-label="${t.use} ${inFours(number)}">${t.use}</button></li>
`;
}

const testCardsMarkup = ({ language, testCards, testExpiry }: CardPageOptions): Markup => html`<details open>
<summary>${HOSTED_TEXTS[language].testCards}</summary>
<p class="hint">${HOSTED_TEXTS[language].testValues(testExpiry)}</p>
<ul class="cards">
${testCards.map((card) => testCardMarkup(language, card, testExpiry))}</ul>
</details>`;

function cardPageDetails({ language, merchant, amount, reference, means, token }: CardPageOptions): readonly Detail[] {
  const t = HOSTED_TEXTS[language];
  const [fixed] = means;
  return [
    [t.merchant, merchant],
    [t.amount, localAmount(language, amount)],
    [t.reference, reference],
    ...(fixed !== undefined && means.length === 1 ? [[t.means, cardTypeName(fixed)] as const] : []),
    ...(token
      ? ([
          [t.card, token.card],
          [t.expiry, token.expiry],
        ] as const)
      : []),
  ];
}

/** The page on which the customer enters a card, or the CVV of a token's card, and pays or cancels. See docs/protocol.md#section-9. */
export function cardPage(options: CardPageOptions): HtmlPage {
  const { language, action, problem, token, links, plan } = options;
  const t = HOSTED_TEXTS[language];
  const secondsLeft = wholeSeconds(options.secondsLeft);
  const problemShown = problemText(options);
  const hasPanel = options.testCards.length > 0 && !token;
  return documentPage({
    language,
    title: problem ? `${problemShown} ${t.heading}` : t.heading,
    forms: 'self',
    style: HOSTED_INLINE.style,
    ...(hasPanel ? { script: HOSTED_INLINE.fill, aside: testCardsMarkup(options) } : {}),
    headers: refreshTo(secondsLeft, action),
    content: html`<p class="note">${t.testPage}</p>
<h1>${t.heading}</h1>
${detailList(cardPageDetails(options))}
${planMarkup(language, plan)}<form action="${action}" method="POST">
<input type="hidden" name="startedAt" value="${String(options.startedAt)}">
${problem ? html`<p class="alert" id="problem" role="alert">${problemShown}</p>\n` : NOTHING}${meansMarkup(options)}${fieldsMarkup(options)}
<p class="hint">${t.timeLeft(localDuration(language, secondsLeft))}</p>
<div class="actions">
<button name="action" value="pay">${t.pay(localAmount(language, options.amount))}</button>
<button name="action" value="cancel" class="quiet" formnovalidate>${t.cancel}</button>
</div>
</form>
${links.refuse ? html`<p><a href="${carriedAddress(links.refuse)}" referrerpolicy="strict-origin">${t.backToShop}</a></p>` : NOTHING}`,
  });
}

/** The variable with the address of the shop after an outcome. */
export const RETURN_VARIABLES = {
  paid: 'PBX_EFFECTUE',
  cancelled: 'PBX_ANNULE',
  timeout: 'PBX_REFUSE',
  pending: 'PBX_ATTENTE',
} as const satisfies Readonly<Record<ReceiptOutcome, string>>;

/** What the last page shows. */
export interface ReceiptPageOptions {
  readonly language: Language;
  readonly outcome: ReceiptOutcome;
  /** As `formatAmount` writes it: `10.00 EUR`. */
  readonly amount: string;
  readonly reference: string;
  /** The code that the shop gets. */
  readonly code: string;
  /** The address of the shop with the signed query. The page changes nothing of it. Undefined: the shop gave none, or the result is lost. */
  readonly link?: string | undefined;
  /** Whether a rule loses the result. */
  readonly isLost?: boolean | undefined;
  /** Seconds until the browser goes there. */
  readonly secondsToReturn: number;
}

/** The last page of a visit: how it ended, and the way back to the shop. See docs/protocol.md#section-9. */
export function receiptPage({ language, outcome, amount, reference, code, link, isLost, secondsToReturn }: ReceiptPageOptions): HtmlPage {
  const t = HOSTED_TEXTS[language];
  const seconds = wholeSeconds(secondsToReturn);
  const entries = [
    [t.amount, localAmount(language, amount)],
    [t.reference, reference],
    [t.code, code],
  ] as const;
  const wayBack = link
    ? html`<p><a class="back" href="${carriedAddress(link)}">${t.backToShop}</a></p>
<p class="hint">${t.returnIn(localDuration(language, seconds))}</p>`
    : html`<p>${isLost ? t.lost : t.noAddress(RETURN_VARIABLES[outcome])}</p>`;
  return documentPage({
    language,
    title: t.outcomes[outcome],
    forms: 'none',
    style: HOSTED_INLINE.style,
    // A shop sees which site sent its customer, as it does without any policy, but not the address of the page.
    headers: { 'Referrer-Policy': 'strict-origin', ...(link ? refreshTo(seconds, link) : {}) },
    content: html`<p class="note">${t.testPage}</p>
<h1>${t.outcomes[outcome]}</h1>
${detailList(entries)}
${wayBack}`,
  });
}

/** The texts of the gateway, in French for every language. Programs look for them, so that the apostrophe is not escaped. */
const GATEWAY_ERRORS: Readonly<Record<PbxErrorPage, string>> = {
  'no-variables': 'Erreur PAYBOX 3 – Accès refusé',
  missing: 'Erreur PAYBOX 4 – variable manquante',
  identification: "Problème d'identification du commerce. Accès refusé !",
};

/** What an error page of the hosted page shows below the text of the gateway. */
export interface HostedErrorPageOptions {
  readonly language: Language;
  /** What is wrong and what to do about it, in the language of the page, a paragraph each. */
  readonly details: readonly string[];
}

/** The page of a request that the hosted page refuses: the text of the gateway, and the reasons. See docs/protocol.md#section-9. */
export function hostedErrorPage(kind: PbxErrorPage, { language, details }: HostedErrorPageOptions): HtmlPage {
  const text = { markup: GATEWAY_ERRORS[kind] };
  return gatewayPage({
    language,
    title: GATEWAY_ERRORS[kind],
    forms: 'none',
    style: HOSTED_INLINE.style,
    content: html`<p class="note">${HOSTED_TEXTS[language].testPage}</p>
<h1 lang="fr">${text}</h1>
${details.map((detail, at) => html`<p${attributeIf(at === 0, html` class="alert"`)}>${detail}</p>\n`)}`,
  });
}
