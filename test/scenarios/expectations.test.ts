import { beforeAll, describe, expect, it } from 'vitest';
import { latin1Bytes } from '../../contracts/index.js';
import { loadPatterns } from '../../contracts/patterns.js';
import { checkFields, checkFindings, checkPayment, checkWire, type WireReply } from '../../scenarios/expectations.js';
import type { FieldExpectation, WireExpectation } from '../../scenarios/scenario.js';

beforeAll(loadPatterns);

const REPLY = new Map([
  ['RANG', '032'],
  ['PORTEUR', ''],
]);
const SENT = new Map([['RANG', '032']]);

const failuresOf = (expected: Readonly<Record<string, FieldExpectation>>) => checkFields(expected, REPLY, SENT, ['expect', 'reply']);

describe('an expectation of a field', () => {
  const MET: readonly (readonly [string, FieldExpectation])[] = [
    ['RANG', '032'],
    ['RANG', { pattern: '^0\\d{2}$' }],
    ['RANG', { not: '32' }],
    ['RANG', { oneOf: ['32', '032'] }],
    ['RANG', { present: true }],
    ['PORTEUR', { present: true }],
    ['RANG', { echo: true }],
    ['PORTEUR', { echo: true }],
    ['REMISE', { absent: true }],
  ];
  it.each(MET)('is met: %s %j', (name, expectation) => {
    expect(failuresOf({ [name]: expectation })).toEqual([]);
  });

  const UNMET: readonly (readonly [string, FieldExpectation, string, string])[] = [
    ['RANG', '32', 'RANG is "32"', '"032"'],
    ['RANG', { pattern: '^\\d{2}$' }, 'RANG is a match of /^\\d{2}$/', '"032"'],
    ['RANG', { not: '032' }, 'RANG is anything but "032"', '"032"'],
    ['RANG', { oneOf: ['32', '33'] }, 'RANG is one of "32", "33"', '"032"'],
    ['RANG', { absent: true }, 'RANG is nothing', '"032"'],
    ['REMISE', '1', 'REMISE is "1"', 'nothing'],
    ['REMISE', '', 'REMISE is ""', 'nothing'],
    ['REMISE', { pattern: '' }, 'REMISE is a match of //', 'nothing'],
    ['REMISE', { not: '1' }, 'REMISE is anything but "1"', 'nothing'],
    ['REMISE', { oneOf: [''] }, 'REMISE is one of ""', 'nothing'],
    ['REMISE', { present: true }, 'REMISE is any value', 'nothing'],
    ['REMISE', { echo: true }, 'REMISE is "", as in the request', 'nothing'],
    ['PORTEUR', { absent: true }, 'PORTEUR is nothing', '""'],
  ];
  it.each(UNMET)('is not met: %s %j', (name, expectation, expected, received) => {
    expect(failuresOf({ [name]: expectation })).toEqual([{ path: ['expect', 'reply', name], expected, received }]);
  });

  it('is not met by an invalid pattern, and reports the error', () => {
    expect(failuresOf({ RANG: { pattern: '[0-9' } })).toEqual([
      { path: ['expect', 'reply', 'RANG'], expected: expect.stringContaining('which is not a valid pattern'), received: '"032"' },
    ]);
  });
});

describe('an expectation of the reply as bytes', () => {
  const wire = (text: string, more: Partial<WireReply> = {}): WireReply => ({
    status: 200,
    headers: { 'content-type': 'text/html;charset=ISO-8859-1', 'x-simulator-origin': 'paybox-system' },
    body: latin1Bytes(text),
    ...more,
  });
  const unmetParts = (expected: WireExpectation, reply: WireReply): string[] =>
    checkWire(expected, reply, ['wire']).map(({ path }) => path.slice(1).join('.'));
  const refusal = wire('NUMTRANS=0&SITE=1999888&COMMENTAIRE=PAYBOX : Numéro de porteur invalide');

  it('is met by status, content type, order, text and headers', () => {
    const expected: WireExpectation = {
      status: 200,
      contentType: { pattern: 'ISO-8859-1' },
      order: ['NUMTRANS', 'COMMENTAIRE'],
      contains: 'Numéro de porteur',
      lacks: '%20',
      headers: { 'X-Simulator-Origin': 'paybox-system', 'Set-Cookie': { absent: true } },
    };
    expect(checkWire(expected, refusal, ['wire'])).toEqual([]);
  });

  it('is not met by a reply that differs in each', () => {
    const expected: WireExpectation = {
      status: 400,
      contentType: 'text/plain',
      order: ['COMMENTAIRE', 'NUMTRANS'],
      contains: 'Accès',
      lacks: 'Numéro',
      headers: { 'X-Simulator-Origin': 'elsewhere' },
    };
    const parts = ['status', 'contentType', 'order', 'contains', 'lacks', 'headers.X-Simulator-Origin'];
    expect(unmetParts(expected, refusal)).toEqual(parts);
  });

  it('distinguishes é in ISO-8859-1 from é in UTF-8', () => {
    const utf8 = wire('', { body: new TextEncoder().encode('STATUS=Autorisé') });
    expect(unmetParts({ contains: 'Autorisé' }, utf8)).toEqual(['contains']);
    expect(unmetParts({ lacks: 'é' }, utf8)).toEqual([]);
  });

  it('is not met if a variable of the order is missing or occurs twice', () => {
    expect(unmetParts({ order: ['NUMTRANS', 'RANG'] }, refusal)).toEqual(['order']);
    expect(unmetParts({ order: ['A', 'B'] }, wire('A=1&B=2&A=3'))).toEqual(['order']);
  });

  it('reports the unmet header with its name as written in the file', () => {
    expect(checkWire({ headers: { 'X-Other': 'a' } }, refusal, ['wire'])[0]).toMatchObject({
      path: ['wire', 'headers', 'X-Other'],
      received: 'nothing',
    });
  });
});

describe('an expectation of a payment', () => {
  const payment = { STATUS: 'Capturé', standing: 'captured', captured: 1000, refunded: 0, transactions: [{}, {}] };

  it('is met by the payment of the control API', () => {
    expect(checkPayment({ of: 'order', STATUS: 'Capturé', captured: 1000, refunded: 0, transactions: 2 }, payment, ['payment'])).toEqual(
      [],
    );
  });

  it('names the payment and what differs', () => {
    expect(checkPayment({ of: 'order', captured: 400, transactions: 1 }, payment, ['payment'])).toEqual([
      { path: ['payment', 'captured'], expected: 'the payment of order has captured 400', received: '1000' },
      { path: ['payment', 'transactions'], expected: 'the payment of order has 1 operations', received: '2' },
    ]);
  });
});

describe('an expectation of findings', () => {
  it('is met in any order', () => {
    expect(checkFindings(['a', 'b'], ['b', 'a'], ['findings'])).toEqual([]);
    expect(checkFindings([], [], ['findings'])).toEqual([]);
  });

  it('is not met by an additional, a missing or a repeated finding', () => {
    expect(checkFindings([], ['a'], ['findings'])).toEqual([{ path: ['findings'], expected: 'findings: none', received: 'a' }]);
    expect(checkFindings(['a'], [], ['findings'])).toEqual([{ path: ['findings'], expected: 'findings: a', received: 'none' }]);
    expect(checkFindings(['a'], ['a', 'a'], ['findings'])).toHaveLength(1);
  });
});
