import { describe, expect, test } from 'vitest';
import type { Variables } from '../support/question.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { follow, lastEntry, ORDER, order } from './orders.js';

async function findingsOf(variables: Variables) {
  const bench = openTestSimulator();
  const reply = await order(bench, variables);
  return { code: reply.CODEREPONSE, findings: (await lastEntry(bench)).findings };
}

describe('the finding of a refusal says what was wrong', () => {
  test.each<readonly [what: string, variables: Variables, code: string, rule: string, message: RegExp]>([
    ['a wrong CLE', { CLE: 'nonsense' }, '00006', 'access-refused', /^CLE is not the CLE of account 1999888\/032\.$/],
    ['no CLE', { CLE: '' }, '00006', 'access-refused', /neither the CLE nor an HMAC/],
    [
      'an account that requires an HMAC',
      { RANG: '100' },
      '00006',
      'access-refused',
      /^Account 1999888\/100 requires an HMAC, and the question has none/,
    ],
    ['an unknown RANG', { RANG: '78' }, '00006', 'access-refused', /RANG "78"; SITE 1999888 has the ranks 32, 99, 222/],
    ['an old VERSION', { VERSION: '00102' }, '00013', 'frame-refused', /^VERSION is "00102"/],
    ['an unknown TYPE', { TYPE: '00099' }, '00009', 'frame-refused', /^TYPE is "00099"/],
    [
      'a subscriber without Direct Plus',
      { TYPE: '00056', VERSION: '00103' },
      '00009',
      'frame-refused',
      /^TYPE is 00056 \(register a subscriber\), which VERSION 00103 does not have/,
    ],
    ['a missing amount', { MONTANT: '' }, '00014', 'variable-missing', /^Missing or empty: MONTANT \(00003 requires MONTANT, DEVISE/],
    ['an amount in euros', { MONTANT: '10.00' }, '00011', 'variable-malformed', /^MONTANT is "10\.00"; it must be .* 1000 for 10\.00 EUR/],
    ['a question number too high', { NUMQUESTION: '9999999999' }, '00005', 'variable-malformed', /from 1 to 2147483647/],
    ['a question number of zero', { NUMQUESTION: '0' }, '00005', 'variable-malformed', /^NUMQUESTION is "0"; it must be .* from 1 to/],
    ['letters in CVV', { CVV: '12a' }, '00014', 'variable-malformed', /^CVV cannot hold this value; it must be digits only\.$/],
    ['a card number of 20 digits', { PORTEUR: '1'.repeat(20) }, '00014', 'variable-malformed', /^PORTEUR .* at most 19 characters\.$/],
    ['a 3-D Secure value too long', { '3DECI': '005' }, '00014', 'variable-malformed', /^3DECI has 3 characters; it may have 2\.$/],
    ['an ISO date', { DATEQ: '2026-06-10' }, '00007', 'variable-malformed', /DDMMYYYY or DDMMYYYYHHMMSS/],
    ['a currency in letters', { DEVISE: 'EUR' }, '00010', 'variable-malformed', /978 for the euro/],
    ['a card number with spaces', { PORTEUR: '1111 2222 3333 4444' }, '00004', 'variable-malformed', /PORTEUR has spaces/],
    [
      'an expiry with a slash',
      { DATEVAL: '12/49' },
      '00008',
      'variable-malformed',
      /^DATEVAL is "12\/49"; it must be MMYY, without the slash\.$/,
    ],
    ['an expiry with four digits for the year', { DATEVAL: '122049' }, '00008', 'variable-malformed', /two digits for the year/],
    ['an expiry as YYMM', { DATEVAL: '4912' }, '00008', 'variable-malformed', /looks like YYMM/],
    ['an expired card', { DATEVAL: '0120' }, '00008', 'card-refused', /DATEVAL is 0120 \(MMYY\), and today is/],
    ['a CVV of the wrong length', { CVV: '1234' }, '00004', 'variable-malformed', /length of the card's scheme/],
    ['a currency with two digits', { DEVISE: '36' }, '00010', 'variable-malformed', /three digits: 036/],
    ['a wrong Luhn digit', { PORTEUR: '1111222233334445' }, '00004', 'card-refused', /Luhn/],
  ])('%s', async (_, variables, code, rule, message) => {
    expect(await findingsOf(variables)).toMatchObject({ code, findings: [{ rule, message: expect.stringMatching(message) }] });
  });

  test('a repeated question number', async () => {
    const bench = openTestSimulator();
    await order(bench, { NUMQUESTION: '7' });
    await order(bench, { NUMQUESTION: '7', REFERENCE: 'order-2' });
    expect((await lastEntry(bench)).findings).toMatchObject([
      { rule: 'question-number-repeated', message: 'NUMQUESTION 7 was used today for TYPE 00003.' },
    ]);
  });

  test('a state that forbids the operation, and an unknown payment', async () => {
    const bench = openTestSimulator();
    const paid = await order(bench);
    await follow(bench, '00002', paid, ORDER.MONTANT ?? '');
    expect((await lastEntry(bench)).findings).toMatchObject([
      { rule: 'state-refused', message: 'debit (capture) of 1000: the payment is captured for 1000, of which 1000 can be refunded.' },
    ]);
    await follow(bench, '00014', { NUMTRANS: '123', NUMAPPEL: '456' }, '1000');
    expect((await lastEntry(bench)).findings).toMatchObject([
      { rule: 'state-refused', message: 'The account has no transaction with NUMTRANS "123" and NUMAPPEL "456".' },
    ]);
    await bench.ask({ TYPE: '00017', NUMTRANS: '123' });
    expect((await lastEntry(bench)).findings).toMatchObject([
      { rule: 'state-refused', message: 'The account has no transaction with NUMTRANS "123".' },
    ]);
  });
});

test('a question that the gateway processes twice makes no finding about the client', async () => {
  const bench = openTestSimulator({ rules: [{ fault: { processed: 'twice' } }] });
  await order(bench);
  expect((await lastEntry(bench)).findings).toMatchObject([
    { rule: 'fault-staged', message: 'The gateway processed the question a second time.' },
  ]);
});
