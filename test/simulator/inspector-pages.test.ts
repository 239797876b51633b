import { describe, expect, test, vi } from 'vitest';
import type { Payment } from '../../simulator/engine/payment.js';
import type { JournalEntry } from '../../simulator/journal/entry.js';
import { INSPECTOR_PATHS } from '../support/inspector-paths.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { askSession, PAY } from './storages.js';

const get = (bench: TestSimulator, path: string, headers: Record<string, string> = {}): Promise<Response> =>
  bench.simulator.fetch(new Request(`http://localhost${path}`, { headers }));

const page = async (bench: TestSimulator, path: string, headers?: Record<string, string>): Promise<string> =>
  (await get(bench, path, headers)).text();

describe('the page of the accounts', () => {
  test('shows the variants of each account that are not the default', async () => {
    const bench = openTestSimulator({
      accounts: [{ SITE: '1999888', RANG: '85', variants: { refundNumbers: 'new', echo: 'normalised' } }],
    });
    const html = await page(bench, '/_sim/ui/accounts');
    expect(html).toContain('<td data-label="Variants">refundNumbers: new, echo: normalised</td>');
    const own = /<tr><th scope="row">echo<\/th>(?:(?!<\/tr>).)*normalised(?:(?!<\/tr>).)*<td>([^<]*)<\/td><\/tr>/.exec(html);
    expect(own?.[1]).toBe('1999888/085');
    expect(await page(bench, '/_sim/ui/accounts', { 'accept-language': 'fr' })).toContain('les valeurs par défaut');
  });
});

describe('every page', () => {
  test.each(INSPECTOR_PATHS)('/_sim/%s loads only its own resources, cannot be framed and is not cached', async (path) => {
    const bench = openTestSimulator();
    await bench.ask(PAY);
    const response = await get(bench, `/_sim/${path}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const html = await response.text();
    expect(html).toMatch(/^<!doctype html><html lang="en">/);
    expect(html).not.toMatch(/ (?:style|on\w+)=|<style|<script(?! src="\/_sim\/assets\/inspector\.js")|https?:\/\/(?!localhost)/);
  });

  test.each(['inspector.css', 'inspector.js', 'icon.svg'])('references %s, which exists', async (name) => {
    const bench = openTestSimulator();
    expect(await page(bench, '/_sim/')).toContain(`/_sim/assets/${name}`);
    const response = await get(bench, `/_sim/assets/${name}`);
    expect(response.status).toBe(200);
    expect((await response.text()).length).toBeGreaterThan(100);
  });

  test('also exists at /s/<name> for the separate gateway, with links to it', async () => {
    const bench = openTestSimulator();
    await askSession(bench, 'a', { ...PAY, REFERENCE: 'of-a' });
    const html = await page(bench, '/s/a/_sim/');
    expect(html).toContain('of-a');
    expect(html).not.toMatch(/(?:href|src|action|data-events)="\/_sim/);
    expect(await page(bench, '/_sim/')).not.toContain('of-a');
  });

  test.each([
    '/_sim/ui/nothing',
    '/_sim/ui',
    '/_sim/ui/payments/0009999999',
    '/_sim/ui/exchanges/7',
    '/_sim/ui/exchanges/x',
    '/_sim/assets/x',
  ])('%s is answered 404', async (path) => {
    expect((await get(openTestSimulator(), path)).status).toBe(404);
  });

  test('/_sim redirects to /_sim/', async () => {
    const response = await get(openTestSimulator(), '/_sim');
    expect([response.status, response.headers.get('location')]).toEqual([302, '/_sim/']);
  });
});

describe('the language', () => {
  test.each([
    [undefined, 'en'],
    ['fr', 'fr'],
    ['fr-CA,fr;q=0.9,en;q=0.8', 'fr'],
    ['en-US,en;q=0.9,fr;q=0.8', 'en'],
    ['de,fr;q=0.5', 'fr'],
    ['en;q=0.1,fr;q=0.2', 'fr'],
    ['fr;q=0,en', 'en'],
    ['*', 'en'],
    [',;q=,,', 'en'],
  ])('for Accept-Language: %s is %s', async (accept, language) => {
    const headers = accept === undefined ? {} : { 'Accept-Language': accept };
    expect(await page(openTestSimulator(), '/_sim/', headers)).toContain(`<html lang="${language}">`);
  });

  test('is stored in a cookie by the lang parameter, which redirects to the same page', async () => {
    const bench = openTestSimulator();
    const response = await get(bench, '/_sim/ui/payments?q=x&lang=fr');
    expect([response.status, response.headers.get('location')]).toEqual([303, '/_sim/ui/payments?q=x']);
    const [cookie = ''] = response.headers.get('set-cookie')?.split(';') ?? [];
    expect(await page(bench, '/_sim/', { Cookie: cookie, 'Accept-Language': 'en' })).toContain('<html lang="fr">');
    expect(await page(bench, '/_sim/?lang=xx', { Cookie: `${cookie}x` })).toContain('<html lang="en">');
  });

  test('applies to amounts, operations, codes and remedies', async () => {
    const bench = openTestSimulator();
    await bench.ask({ ...PAY, MONTANT: '123450', CLE: 'wrong' });
    const french = await page(bench, '/_sim/ui/exchanges/1', { 'Accept-Language': 'fr' });
    expect(french.replace(/[\u00a0\u202f]/g, ' ')).toContain('1 234,50 €');
    for (const text of ['autorisation + capture', 'Accès refusé ou site/rang/clé invalide', 'Envoyez SITE, RANG et la CLE'])
      expect(french).toContain(text);
    const english = await page(bench, '/_sim/ui/exchanges/1');
    for (const text of ['€1,234.50', 'authorization + capture', 'access refused, or site/rank/key wrong', 'Send SITE, RANG and the CLE'])
      expect(english).toContain(text);
  });
});

test('the page of the rules marks those that are used up', async () => {
  const rules = [
    { id: 'once', times: 1, answer: '00000' },
    { id: 'later', from: 2, times: 1, answer: '00000' },
    { id: 'always', answer: '00000' },
  ];
  const bench = openTestSimulator({ rules });
  const marked = async (language: string): Promise<(string | undefined)[]> => {
    const rows = (await page(bench, '/_sim/ui/rules', { 'Accept-Language': language })).split('<tr').slice(1);
    return rows.filter((row) => /used up|épuisée/.test(row)).map((row) => /id="rule-(\w+)"/.exec(row)?.[1]);
  };
  expect(await marked('en')).toEqual([]);
  await bench.ask(PAY);
  expect(await marked('en')).toEqual(['once']);
  await bench.ask(PAY);
  expect(await marked('en')).toEqual(['once', 'later']);
  expect(await marked('fr')).toEqual(['once', 'later']);
});

test('masks a card number in the search field', async () => {
  const html = await page(openTestSimulator(), '/_sim/?q=1111222233334444');
  expect(html).toContain('111122******4444');
  expect(html).not.toContain('1111222233334444');
});

describe('with 100 000 payments', () => {
  const MANY = 100_000;

  async function bigBench(): Promise<TestSimulator> {
    const bench = openTestSimulator();
    await bench.ask(PAY);
    const { gateway } = bench.simulator;
    const snapshot = await gateway.snapshot();
    const { content } = snapshot;
    const [payment, entry] = [content.payments[0] as Payment, content.journal[0] as JournalEntry];
    const numbered = <Result>(make: (n: number) => Result): Result[] => Array.from({ length: MANY }, (_, n) => make(n + 1));
    const id = (n: number): string => String(1_000_000 + n).padStart(10, '0');
    const call = (n: number): string => String(50_000_000 + n).padStart(10, '0');
    const large = {
      ...content,
      sequence: MANY,
      payments: numbered((n) => ({
        ...payment,
        id: id(n),
        REFERENCE: `order-${n}`,
        transactions: [{ ...payment.transactions[0], NUMTRANS: id(n), NUMAPPEL: call(n) }] as const,
      })),
      journal: numbered((n) => ({ ...entry, seq: n, REFERENCE: `order-${n}`, payment: id(n) })),
    };
    await gateway.restore({ ...snapshot, content: large });
    return bench;
  }

  test('a page has a limited number of rows and queries no more from the store', async () => {
    const bench = await bigBench();
    const { gateway } = bench.simulator;
    const asked = [vi.spyOn(gateway, 'journal'), vi.spyOn(gateway, 'payments')];
    for (const path of [
      '',
      '?q=order',
      '?q=order-77',
      '?q=nothing',
      '?outcome=refused',
      '?before=99000',
      'ui/payments',
      'ui/payments?q=nothing',
      'ui/payments?before=0001000500',
      'ui/findings',
      'ui/payments/0001000001',
      'ui/exchanges/50000',
    ])
      expect((await page(bench, `/_sim/${path}`)).match(/<tr/g)?.length ?? 0, path).toBeLessThanOrEqual(60);
    for (const spy of asked) {
      for (const [filter = {}] of spy.mock.calls) {
        expect(filter.limit).toBeLessThanOrEqual(200);
        const isSearch = filter.words !== undefined || 'hasFindings' in filter || 'isRefused' in filter;
        if (isSearch) expect('after' in filter || 'scanLimit' in filter, JSON.stringify(filter)).toBe(true);
      }
    }
  });

  test('links lead to the next page, and a search that stopped early can be continued', async () => {
    const bench = await bigBench();
    const references = (html: string) => [...html.matchAll(/>(order-\d+)</g)].map(([, reference]) => reference);
    const first = await page(bench, '/_sim/');
    expect(references(first).slice(0, 2)).toEqual(['order-100000', 'order-99999']);
    const [, older = ''] = /href="([^"]*before=99951)"/.exec(first) ?? [];
    expect(references(await page(bench, older)).slice(0, 1)).toEqual(['order-99950']);

    const search = await page(bench, '/_sim/?q=order-77');
    expect(references(search)).toContain('order-77999');
    const cut = await page(bench, '/_sim/?q=order-1234');
    expect(cut).toContain('Searched the newest 50,000 exchanges.');
    const [, further = ''] = /href="([^"]*before=50001)"/.exec(cut) ?? [];
    expect(references(await page(bench, further.replaceAll('&amp;', '&')))).toContain('order-1234');
  });
});
