import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorPage } from '../../simulator/pages/error-page.js';
import { INLINE } from '../../simulator/pages/inline.js';
import { LANGUAGES, preferredLanguage } from '../../simulator/pages/language.js';
import { everyPage, testChallengePage, testSelfPostingPage } from '../support/html-pages.js';
import { allowed, sha256, sourcesOf, textsOf, visibleText } from '../support/page-parts.js';

const EVERY_PAGE = LANGUAGES.flatMap((language) =>
  Object.entries(everyPage(language)).map(([name, page]) => [name, language, page] as const),
);

describe('every page', () => {
  test.each(Object.entries(INLINE))('the hash of the inline %s is the hash of its text', (_, { text, hash }) => {
    expect(hash).toBe(sha256(text));
    expect(text).toMatch(/^[\n -~]*$/);
  });

  test.each(EVERY_PAGE)('%s, %s: allows its own style and script and nothing else', (_, __, page) => {
    expect(allowed(page, 'default-src')).toBe("'none'");
    expect(allowed(page, 'style-src')).toBe(sourcesOf(page, 'style'));
    expect(allowed(page, 'script-src') ?? '').toBe(sourcesOf(page, 'script'));
    expect(allowed(page, 'img-src')).toBe('data:');
    expect(allowed(page, 'base-uri')).toBe("'none'");
    expect(allowed(page, 'frame-ancestors')).toBe('*');
    expect(page.body).not.toMatch(/ (?:style|on\w+)=/);
    expect(page.body).not.toMatch(/(?:src|href)="(?!data:)/);
  });

  test.each(EVERY_PAGE)('%s, %s: is ISO-8859-1, not stored, in its language', (_, language, { body, headers }) => {
    expect(body).toMatch(/^[\x00-\xff]*$/);
    expect(headers).toMatchObject({
      'Content-Type': 'text/html; charset=ISO-8859-1',
      'Content-Language': language,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    expect(body).toContain(`<body lang="${language}">`);
  });

  test.each(EVERY_PAGE)('%s, %s: contains Erreur only if it is the error page', (name, _, { body }) => {
    expect(body.includes('Erreur')).toBe(name === 'error');
  });

  test.each(EVERY_PAGE)('%s, %s: begins with <html>, but the page of the bank with a document type', (name, language, { body }) => {
    const isBank = name === 'challenge' || name === 'wrong-code';
    expect(body.startsWith(isBank ? `<!DOCTYPE html>\n<html lang="${language}">` : '<html>')).toBe(true);
  });

  test.each(EVERY_PAGE)('%s, %s: sends no address of its own to another site', (name, _, { headers }) => {
    expect(headers['Referrer-Policy']).toBe(name === 'self-posting' ? 'strict-origin' : 'no-referrer');
  });

  test.each(EVERY_PAGE.filter(([, language]) => language === 'fr'))('%s, %s: follows the rules of French typography', (_, __, page) => {
    const text = visibleText(page);
    expect(text).not.toMatch(/ [:;?!»]|« /);
    expect(text).not.toContain('&#39;');
  });
});

test('an error page says what is wrong and what to do, escaped', () => {
  const { body } = errorPage({ language: 'fr', reason: 'Amount <b>"10.00"</b> & plus', remedy: 'Envoyez 1000.' });
  expect(body).toContain('<p class="alert">Amount &lt;b&gt;&quot;10.00&quot;&lt;/b&gt; &amp; plus</p>\n<p>Envoyez 1000.</p>');
  expect(errorPage({ language: 'en', reason: 'No remedy.' }).body).toContain('<p class="alert">No remedy.</p>\n\n</main>');
});

describe('the self-posting page', () => {
  test('keeps the query of the address and the order of the fields', () => {
    const fields = [
      ['b', 'é"<'],
      ['a', ''],
      ['b', '€'],
    ] as const;
    const page = testSelfPostingPage({ url: 'https://shop.example/back?a=1&b=2', fields });
    expect(page.body).toContain(
      `<form action="https://shop.example/back?a=1&amp;b=2" method="POST" accept-charset="ISO-8859-1">
<input type="hidden" name="b" value="é&quot;&lt;">
<input type="hidden" name="a" value="">
<input type="hidden" name="b" value="&#8364;">
`,
    );
    expect(allowed(page, 'form-action')).toBeUndefined();
  });

  test('names the charset only for a POST', () => {
    expect(testSelfPostingPage({ url: 'ACS.cgi', method: 'GET' }).body).toContain('<form action="ACS.cgi" method="GET">');
  });

  test('no address, name or value ends its attribute', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    fc.assert(
      fc.property(text, text, text, (url, name, value) => {
        const { body } = testSelfPostingPage({ url: `https://shop.example/${url}`, fields: [[name, value]] });
        expect(body).toMatch(/^[\x00-\xff]*$/);
        expect(body).toMatch(/<form action="[^"<>\r]*" method="POST" accept-charset="ISO-8859-1">/);
        expect(body).toMatch(/<input type="hidden" name="[^"<>\r]*" value="[^"<>\r]*">/);
      }),
    );
  });
});

describe('the page of the bank', () => {
  const DETAILS = [
    ['en', '1,234.50\u00a0EUR', /^9 June 2026\W+(?:at )?10:12$/],
    ['fr', '1&#8239;234,50\u00a0EUR', /^9 juin 2026\W+(?:à )?10:12$/],
  ] as const;

  test.each(DETAILS)('shows shop, amount, card and Paris time in %s', (language, amount, date) => {
    expect(textsOf(testChallengePage({ language }), 'dd')).toEqual([
      'Chez Zoé &amp; fils',
      amount,
      '111122******4444',
      expect.stringMatching(date),
    ]);
  });

  test.each([
    ['500 JPY', '500\u00a0JPY'],
    ['1.234 TND', '1,234\u00a0TND'],
    ['0.05 ???', '0,05\u00a0???'],
    ['ten euros', 'ten euros'],
  ])('writes %s with its decimals', (amount, shown) => {
    expect(textsOf(testChallengePage({ language: 'fr', amount }), 'dd')[1]).toBe(shown);
  });

  test('posts only to the gateway, and reloads itself at the time limit', () => {
    const page = testChallengePage({ secondsLeft: 61.2 });
    expect(page.headers.Refresh).toBe('62');
    expect(allowed(page, 'form-action')).toBe("'self'");
    expect(testChallengePage({ secondsLeft: 0 }).headers.Refresh).toBe('1');
  });

  test.each([
    [1, 'You have 1\u00a0second to answer.', 'Vous avez 1\u00a0seconde pour répondre.'],
    [119, 'You have 119\u00a0seconds to answer.', 'Vous avez 119\u00a0secondes pour répondre.'],
    [299, 'You have 4\u00a0minutes to answer.', 'Vous avez 4\u00a0minutes pour répondre.'],
  ])('with %d seconds left, it says so', (secondsLeft, en, fr) => {
    expect(testChallengePage({ secondsLeft, language: 'en' }).body).toContain(en);
    expect(testChallengePage({ secondsLeft, language: 'fr' }).body).toContain(fr);
  });

  test('after a wrong code it says so, with the tries left, in the title too', () => {
    const page = testChallengePage({ problem: 'wrong-code', triesLeft: 1 });
    expect(page.body).toContain('<p class="alert" id="problem" role="alert">This code is wrong. 1\u00a0try left.</p>');
    expect(page.body).toContain('aria-describedby="problem hint" aria-invalid="true"');
    expect(textsOf(page, 'title')[0]).toMatch(/^This code is wrong\. /);
    expect(testChallengePage().body).not.toMatch(/role="alert"|aria-invalid="true"/);
  });
});

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['de', 'en'],
  ['fr-FR,fr;q=0.9,en;q=0.8', 'fr'],
  ['en;q=0.5, fr;q=0.7', 'fr'],
  ['fr;q=0, en', 'en'],
  ['de, FR;q=0.1', 'fr'],
])('Accept-Language %s selects %s', (header, language) => {
  expect(preferredLanguage(header)).toBe(language);
});
