import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLuhn } from '../../contracts/index.js';
import { HOSTED_INLINE } from '../../simulator/hosted-page/inline.js';
import { pageLanguage } from '../../simulator/hosted-page/page-language.js';
import { hostedErrorPage } from '../../simulator/hosted-page/pages.js';
import { shownTestCards } from '../../simulator/hosted-page/test-cards.js';
import { LANGUAGES } from '../../simulator/pages/language.js';
import type { HtmlPage } from '../../simulator/pages/layout.js';
import { everyHostedPage, OUTCOMES, testCardPage, testReceiptPage } from '../support/hosted-pages.js';
import { allowed, sha256, sourcesOf, textsOf, visibleText } from '../support/page-parts.js';

const EVERY_PAGE = LANGUAGES.flatMap((language) =>
  Object.entries(everyHostedPage(language)).map(([name, page]) => [name, language, page] as const),
);

const JUNE_9 = Date.UTC(2026, 5, 9, 8, 12);

/** The tag of the field with this id. */
const fieldTag = ({ body }: HtmlPage, id: string): string => new RegExp(`<input id="${id}"[^>]*>`).exec(body)?.[0] ?? '';

/** The names and values of the radio buttons and hidden fields; the chosen one with a star. */
const givenFields = ({ body }: HtmlPage): string[] =>
  Array.from(
    body.matchAll(/<input type="\w+" name="(\w+)" value="(\w+)"( checked)?>/g),
    ([, name, value, checked]) => `${name}=${value}${checked ? '*' : ''}`,
  );

describe('every page', () => {
  test.each(Object.entries(HOSTED_INLINE))('the hash of the inline %s is the hash of its text', (_, { text, hash }) => {
    expect(hash).toBe(sha256(text));
    expect(text).toMatch(/^[\n -~]*$/);
  });

  test.each(EVERY_PAGE)('%s, %s: allows its own styles and script and nothing else', (name, _, page) => {
    expect(allowed(page, 'default-src')).toBe("'none'");
    expect(allowed(page, 'style-src')).toBe(sourcesOf(page, 'style'));
    expect(allowed(page, 'script-src') ?? '').toBe(sourcesOf(page, 'script'));
    expect(allowed(page, 'form-action')).toBe(/^(?:receipt|no-address|error)/.test(name) ? "'none'" : "'self'");
    expect(page.body).not.toMatch(/ (?:style|on\w+)=/);
    expect(page.body).not.toMatch(/src=|href="(?!data:|https:\/\/shop\.example\/)/);
  });

  test.each(EVERY_PAGE)('%s, %s: is ISO-8859-1, not stored, in its language', (_, language, { body, headers }) => {
    expect(body).toMatch(/^[\x00-\xff]*$/);
    expect(headers).toMatchObject({
      'Content-Type': 'text/html; charset=ISO-8859-1',
      'Content-Language': language,
      'Cache-Control': 'no-store',
    });
    expect(body).toContain(`<body lang="${language}">`);
  });

  test.each(EVERY_PAGE)('%s, %s: contains Erreur only if it is an error page', (name, _, { body }) => {
    expect(body.includes('Erreur')).toBe(name === 'error-no-variables' || name === 'error-missing');
  });

  // The texts of the gateway are as they are.
  test.each(EVERY_PAGE.filter(([name, language]) => language === 'fr' && !name.startsWith('error')))(
    '%s, %s: follows the rules of French typography',
    (_, __, page) => {
      expect(visibleText(page)).not.toMatch(/ [:;?!»]|« |&#39;/);
    },
  );
});

describe('the page of the card', () => {
  test.each([
    ['en', ['Chez Zoé &amp; fils', '1,234.50\u00a0EUR', 'order &lt;42&gt;'], 'Pay 1,234.50\u00a0EUR'],
    ['fr', ['Chez Zoé &amp; fils', '1&#8239;234,50\u00a0EUR', 'order &lt;42&gt;'], 'Payer 1&#8239;234,50\u00a0EUR'],
  ] as const)('shows shop, amount and reference in %s', (language, shown, pay) => {
    const page = testCardPage({ language });
    expect(textsOf(page, 'dd')).toEqual(shown);
    expect(page.body).toContain(`<button name="action" value="pay">${pay}</button>`);
  });

  test('has a field for number, expiry and CVV that browsers can fill in', () => {
    const page = testCardPage();
    const fields = ['PORTEUR', 'DATEVAL', 'CVV'].map((id) => fieldTag(page, id));
    expect(fields.map((tag) => /autocomplete="([^"]*)"/.exec(tag)?.[1])).toEqual(['cc-number', 'cc-exp', 'cc-csc']);
    for (const tag of fields) expect(tag).toMatch(/name="(\w+)" inputmode="numeric".* required/);
    expect(page.body).not.toMatch(/aria-invalid="true"|role="alert"/);
    expect(page.body.match(/ autofocus/g)).toHaveLength(1);
  });

  test('reloads its own address at the time limit', () => {
    expect(testCardPage({ secondsLeft: 61.2 }).headers.Refresh).toBe('62;url=checkout.cgi?id=0001000001');
    expect(testCardPage({ secondsLeft: -1, action: '../cgi/checkout.cgi?id=1' }).headers.Refresh).toBe('1;url=../cgi/checkout.cgi?id=1');
    expect(testCardPage({ secondsLeft: 61.2 }).body).toContain('You have 62\u00a0seconds to pay.');
  });

  test.each([
    [['CB', 'VISA', 'AMEX'], undefined, ['TYPECARTE=CB*', 'TYPECARTE=VISA', 'TYPECARTE=AMEX']],
    [['CB', 'VISA', 'AMEX'], 'AMEX', ['TYPECARTE=CB', 'TYPECARTE=VISA', 'TYPECARTE=AMEX*']],
    [['CB', 'VISA'], 'other', ['TYPECARTE=CB*', 'TYPECARTE=VISA']],
    [['EUROCARD_MASTERCARD'], undefined, ['TYPECARTE=EUROCARD_MASTERCARD']],
    [[], undefined, []],
  ])('of the card types %j with %s chosen before', (means, TYPECARTE, fields) => {
    const page = testCardPage({ means, values: { TYPECARTE } });
    expect(givenFields(page).filter((field) => field.startsWith('TYPECARTE='))).toEqual(fields);
    expect(page.body.includes('<fieldset>')).toBe(means.length > 1);
  });

  test('names the one card type that the shop decided', () => {
    expect(textsOf(testCardPage({ means: ['EUROCARD_MASTERCARD'] }), 'dd')).toContain('Mastercard');
    expect(textsOf(testCardPage({ means: ['constructor'] }), 'dd')).toContain('constructor');
  });

  test('says which fields are wrong, at each field, and focuses the first', () => {
    const page = testCardPage({ problem: { fields: ['DATEVAL', 'CVV'] }, values: { DATEVAL: '13/"30' } });
    expect(fieldTag(page, 'PORTEUR')).not.toMatch(/aria|autofocus/);
    expect(fieldTag(page, 'DATEVAL')).toMatch(
      / value="13\/&quot;30" autofocus aria-describedby="problem DATEVAL-wrong" aria-invalid="true">/,
    );
    expect(fieldTag(page, 'CVV')).toMatch(/ required aria-describedby="CVV-wrong CVV-hint" aria-invalid="true">/);
    expect(page.body).toContain('<p class="alert" id="problem" role="alert">Correct the fields that are marked.</p>');
    expect(page.body).toContain('<p class="wrong" id="DATEVAL-wrong">Enter month and year, such as 09/30.</p>');
    expect(textsOf(page, 'title')).toEqual(['Correct the fields that are marked. Pay by card']);
  });

  test('after a refusal says why, and offers another card and the way back to the shop', () => {
    const problem = { code: '00105', text: 'do not <honour>' };
    const page = testCardPage({ problem, links: { refuse: 'https://shop.example/no?a=1&b=2' } });
    expect(page.body).toContain('role="alert">Payment refused: do not &lt;honour&gt; (00105). You can try another card.</p>');
    expect(fieldTag(page, 'PORTEUR')).toContain(' aria-describedby="problem"');
    expect(page.body).toContain('<a href="https://shop.example/no?a=1&amp;b=2" referrerpolicy="strict-origin">Back to the shop</a>');
    expect(testCardPage({ problem }).body).not.toContain('<a ');
    const token = { card: '111122******4444', expiry: '12/30' };
    expect(visibleText(testCardPage({ problem, token }))).not.toContain('another card');
  });

  test('with a token shows its card and asks only for the CVV', () => {
    const page = testCardPage({ token: { card: '111122******4444', expiry: '12/30' } });
    expect(textsOf(page, 'dd').slice(3)).toEqual(['111122******4444', '12/30']);
    expect(page.body.match(/<input id="\w+"/g)).toEqual(['<input id="CVV"']);
    expect(fieldTag(page, 'CVV')).toContain(' autofocus');
    expect(page.body).not.toContain('<aside>');
    expect(allowed(page, 'script-src')).toBeUndefined();
  });

  test('lists the test cards, with hidden buttons for the script', () => {
    const testCards = [
      { number: '1111222233334444', note: 'a & b' },
      { number: '378282246310005', note: 'Amex' },
    ];
    const { body } = testCardPage({ language: 'fr', testCards });
    expect(body).toContain('<details open>\n<summary>Cartes de test</summary>');
    expect(body).toContain('<b>1111 2222 3333 4444</b><span>a &amp; b</span>');
    expect(body).toContain(
      '<button type="button" class="quiet" hidden data-number="1111222233334444" data-expiry="12/30" data-cvv="123" aria-label="Utiliser 1111 2222 3333 4444">',
    );
    expect(body).toContain('<span>Amex\u00a0; CVV 1234</span>');
    expect(body).toContain('data-number="378282246310005" data-expiry="12/30" data-cvv="1234"');
    expect(testCardPage({ testCards: [] }).body).not.toContain('<aside>');
  });

  test.each([
    ['en', 'Later payments with the same card', ['500.00\u00a0EUR on 9 June 2026', '1\u00a0JPY on 1 January 2027']],
    ['fr', 'Paiements suivants avec la même carte', ['500,00\u00a0EUR le 9 juin 2026', '1\u00a0JPY le 1 janvier 2027']],
  ] as const)('shows the instalments in %s', (language, heading, payments) => {
    // The second one is on the next day in Paris.
    const shown = [
      { at: JUNE_9, amount: '500.00 EUR' },
      { at: Date.UTC(2026, 11, 31, 23, 30), amount: '1 JPY' },
    ];
    const page = testCardPage({ language, plan: { kind: 'instalments', payments: shown }, testCards: [] });
    expect(textsOf(page, 'h2')).toEqual([heading]);
    expect(textsOf(page, 'li').map((text) => text.replace('1er', '1'))).toEqual(payments);
  });

  test.each([
    ['en', 1, 0, 'Then 10.00\u00a0EUR every month from 9 June 2026, until it is ended.'],
    ['en', 3, 1, 'Then 10.00\u00a0EUR every 3 months from 9 June 2026, 1 time.'],
    ['en', 2, 12, 'Then 10.00\u00a0EUR every 2 months from 9 June 2026, 12 times.'],
    ['fr', 1, 0, 'Puis 10,00\u00a0EUR chaque mois à partir du 9 juin 2026, jusqu&#8217;à résiliation.'],
    ['fr', 3, 12, 'Puis 10,00\u00a0EUR tous les 3 mois à partir du 9 juin 2026, 12 fois.'],
  ] as const)('shows a subscription in %s, every %d months, %d payments', (language, months, payments, text) => {
    const page = testCardPage({ language, plan: { kind: 'subscription', amount: '10.00 EUR', months, first: JUNE_9, payments } });
    expect(page.body).toContain(`<p>${text}</p>`);
  });

  test('no text ends its attribute or begins a tag', () => {
    const text = fc.string({ unit: fc.constantFrom('"', "'", '<', '>', '&', '\r', ' ', 'é', '€', '\ud800', 'a'), maxLength: 8 });
    fc.assert(
      fc.property(text, text, text, text, (a, b, c, d) => {
        const plain = testCardPage({ testCards: [{ number: '1', note: 'n' }], means: ['m', 'n'], values: { DATEVAL: 'v' } });
        const page = testCardPage({
          merchant: a,
          reference: b,
          means: [`m${c}`, 'n'],
          testCards: [{ number: '1', note: d }],
          testExpiry: a,
          values: { DATEVAL: `v${d}` },
          action: `checkout.cgi?id=${c}`,
        });
        expect(page.body.match(/<[^>]*/g)?.length).toBe(plain.body.match(/<[^>]*/g)?.length);
        expect(page.body.match(/"/g)?.length).toBe(plain.body.match(/"/g)?.length);
        expect(page.headers.Refresh).toMatch(/^[!-~]+$/);
      }),
    );
  });
});

describe('the last page', () => {
  const ADDRESS = "https://shop.example/paid?a='1';x=%E9&Mt=100&K=ab%2Bcd%3D";

  test.each(OUTCOMES)('%s: leads to the exact address', (outcome) => {
    const { body, headers } = testReceiptPage({ outcome, link: ADDRESS, secondsToReturn: 1 });
    expect(headers.Refresh).toBe(`1;url=${ADDRESS}`);
    expect(body).toContain(`<a class="back" href="${ADDRESS.replace(/&/g, '&amp;').replace(/'/g, '&#39;')}">Back to the shop</a>`);
    expect(body).toContain('Your browser returns to the shop in 1\u00a0second.');
    expect(headers['Referrer-Policy']).toBe('strict-origin');
  });

  test('encodes what a header cannot carry', () => {
    const { body, headers } = testReceiptPage({ link: 'https://shop.example/a b\r\nX: é€\ud800' });
    expect(headers.Refresh).toBe('1;url=https://shop.example/a%20b%0D%0AX:%20%C3%A9%E2%82%AC%EF%BF%BD');
    expect(body).toContain('href="https://shop.example/a%20b%0D%0AX:%20%C3%A9%E2%82%AC%EF%BF%BD"');
  });

  test.each([
    ['paid', 'PBX_EFFECTUE', 'Payment accepted', 'Paiement accepté'],
    ['cancelled', 'PBX_ANNULE', 'Payment cancelled', 'Paiement annulé'],
    ['timeout', 'PBX_REFUSE', 'The time to pay is over', 'Le délai de paiement est dépassé'],
    ['pending', 'PBX_ATTENTE', 'Payment pending', 'Paiement en attente'],
  ] as const)('%s: says so; without %s it says that the shop gave none', (outcome, variable, en, fr) => {
    expect(textsOf(testReceiptPage({ outcome }), 'h1')).toEqual([en]);
    const { body, headers } = testReceiptPage({ language: 'fr', outcome, link: undefined });
    expect(body).toContain(`<h1>${fr}</h1>`);
    expect(body).toContain(`(${variable})`);
    expect(body).not.toContain('<a ');
    expect(headers.Refresh).toBeUndefined();
  });

  test('shows amount, reference and code', () => {
    const page = testReceiptPage({ language: 'fr', code: '99999', amount: '10.00 EUR' });
    expect(textsOf(page, 'dd')).toEqual(['10,00\u00a0EUR', 'order &lt;42&gt;', '99999']);
  });
});

describe('the error pages', () => {
  test.each([
    ['no-variables', 'Erreur PAYBOX 3 &#8211; Accès refusé'],
    ['missing', 'Erreur PAYBOX 4 &#8211; variable manquante'],
    ['identification', "Problème d'identification du commerce. Accès refusé !"],
  ] as const)('%s: has the text of the gateway in every language, and the details', (kind, text) => {
    for (const language of LANGUAGES) {
      const { body, headers } = hostedErrorPage(kind, { language, details: ['<what>', 'Do this.'] });
      expect(body).toContain(`<h1 lang="fr">${text}</h1>\n<p class="alert">&lt;what&gt;</p>\n<p>Do this.</p>`);
      expect(body.startsWith('<html>')).toBe(true);
      expect(headers.Refresh).toBeUndefined();
    }
  });
});

test.each([
  ['FRA', 'en', 'fr'],
  ['GBR', 'fr', 'en'],
  ['DEU', 'fr', 'en'],
  ['', 'fr', 'fr'],
  [undefined, 'fr;q=0.9, de', 'fr'],
  [undefined, undefined, 'en'],
])('PBX_LANGUE %s with Accept-Language %s is %s', (pbxLangue, acceptLanguage, language) => {
  expect(pageLanguage(pbxLangue, acceptLanguage)).toBe(language);
});

test('the test cards at hand are valid but one, each with a note in both languages', () => {
  const [en, fr] = [shownTestCards('en'), shownTestCards('fr')];
  expect(fr.map(({ number }) => number)).toEqual(en.map(({ number }) => number));
  expect(en.filter(({ number }) => !isLuhn(number))).toEqual([{ number: '1111222233334445', note: '00004: the last digit is wrong' }]);
  expect(en.at(-2)).toEqual({ number: '1111220000001519', note: '00151: insufficient funds' });
  expect(fr.map(({ note }) => note).filter((note) => / [:;]/.test(note) || !/[\p{L}]{4}/u.test(note))).toEqual([]);
});
