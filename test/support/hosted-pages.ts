import type { PbxErrorPage } from '../../simulator/engine/pbx-request.js';
import {
  CARD_TYPES,
  type CardPageOptions,
  cardPage,
  hostedErrorPage,
  type ReceiptPageOptions,
  receiptPage,
} from '../../simulator/hosted-page/pages.js';
import { shownTestCards } from '../../simulator/hosted-page/test-cards.js';
import type { ReceiptOutcome } from '../../simulator/hosted-page/texts.js';
import type { Language } from '../../simulator/pages/language.js';
import type { HtmlPage } from '../../simulator/pages/layout.js';

/** The outcomes that have a last page. */
export const OUTCOMES: readonly ReceiptOutcome[] = ['paid', 'cancelled', 'timeout', 'pending'];

/** The reasons why there is no page of the card. */
const ERROR_KINDS: readonly PbxErrorPage[] = ['no-variables', 'missing', 'identification'];

/** An instant on 9 June 2026: when the visits of the pages started. */
export const JUNE_9 = Date.UTC(2026, 5, 9, 8, 12);

/** Creates a page of the card for 1 234.50 EUR. */
export function testCardPage(options: Partial<CardPageOptions> = {}): HtmlPage {
  const { language = 'en' } = options;
  return cardPage({
    language,
    merchant: 'Chez Zoé & fils',
    reference: 'order <42>',
    amount: '1234.50 EUR',
    means: CARD_TYPES,
    action: 'checkout.cgi?id=0001000001',
    startedAt: JUNE_9,
    secondsLeft: 900,
    links: {},
    testCards: shownTestCards(language),
    testExpiry: '12/30',
    ...options,
  });
}

/** Creates the last page of a visit that was paid. */
export function testReceiptPage(options: Partial<ReceiptPageOptions> = {}): HtmlPage {
  return receiptPage({
    language: 'en',
    outcome: 'paid',
    amount: '1234.50 EUR',
    reference: 'order <42>',
    code: '00000',
    link: 'https://shop.example/paid?a=1&Mt=123450&K=ab%2Bcd%3D',
    secondsToReturn: 1,
    ...options,
  });
}

/** Every kind of page in a language, by its name. */
export function everyHostedPage(language: Language): Record<string, HtmlPage> {
  const details = ['10.00 €', 'PBX_TOTAL=1000'];
  const card = (options: Partial<CardPageOptions>): HtmlPage => testCardPage({ language, ...options });
  return {
    card: card({}),
    'one-type': card({ means: ['AMEX'], testCards: [] }),
    'wrong-fields': card({ problem: { fields: ['DATEVAL', 'CVV'] }, values: { DATEVAL: '13/30', TYPECARTE: 'VISA' } }),
    refused: card({ problem: { code: '00105', text: 'do not honour' }, links: { refuse: 'https://shop.example/refused?K=a' } }),
    token: card({ token: { card: '111122******4444', expiry: '12/30' }, means: ['CB'] }),
    instalments: card({ plan: { kind: 'instalments', payments: [{ at: JUNE_9, amount: '1000.00 EUR' }] } }),
    subscription: card({ plan: { kind: 'subscription', amount: '10.00 EUR', months: 1, first: JUNE_9, payments: 0 } }),
    ...Object.fromEntries(OUTCOMES.map((outcome) => [`receipt-${outcome}`, testReceiptPage({ language, outcome })])),
    'no-address': testReceiptPage({ language, link: undefined }),
    ...Object.fromEntries(ERROR_KINDS.map((kind) => [`error-${kind}`, hostedErrorPage(kind, { language, details })])),
  };
}
