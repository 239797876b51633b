import { describe, expect, test } from 'vitest';
import type { SimulatorOptions } from '../../simulator/index.js';
import type { Variables } from '../support/question.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { order, register } from './orders.js';

const answerTo = async (variables: Variables, options?: SimulatorOptions) =>
  (await order(openTestSimulator(options), variables)).CODEREPONSE;

describe('the format of a variable', () => {
  test.each([
    ['NUMQUESTION', '0', '00005'],
    ['NUMQUESTION', '0000000000', '00005'],
    ['NUMQUESTION', '1', '00000'],
    ['NUMQUESTION', '2147483647', '00000'],
    ['NUMQUESTION', '2147483648', '00005'],
    ['NUMQUESTION', '00000000001', '00005'],
    ['NUMQUESTION', '-1', '00005'],
    ['NUMQUESTION', '1e3', '00005'],
    ['DATEQ', '10062026', '00000'],
    ['DATEQ', '10062026235959', '00000'],
    ['DATEQ', '31052026', '00000'],
    ['DATEQ', '29022024', '00000'],
    ['DATEQ', '29022026', '00000'],
    ['DATEQ', '31062026', '00000'],
    ['DATEQ', '20260610', '00000'],
    ['DATEQ', '10062026240000', '00000'],
    ['DATEQ', '10062026126000', '00000'],
    ['DATEQ', '00001781092800', '00000'],
    ['DATEQ', '1006202612', '00007'],
    ['DATEQ', '1006202', '00007'],
    ['DATEQ', '100620261200000', '00007'],
    ['DATEQ', '2026-06-10', '00007'],
    ['DATEQ', '1006202a', '00007'],
    ['DEVISE', '840', '00000'],
    ['DEVISE', '999', '00010'],
    ['DEVISE', '963', '00010'],
    ['DEVISE', '959', '00010'],
    ['DEVISE', '000', '00010'],
    ['DEVISE', 'EUR', '00010'],
    ['DEVISE', '97', '00010'],
    ['MONTANT', '1', '00000'],
    ['MONTANT', '0000000001', '00000'],
    ['MONTANT', '9999999999', '00000'],
    ['MONTANT', '10000000000', '00011'],
    ['MONTANT', '0', '00011'],
    ['MONTANT', '-1', '00011'],
    ['MONTANT', '10.00', '00011'],
    ['MONTANT', '10,00', '00011'],
    ['REFERENCE', 'x'.repeat(250), '00000'],
    ['REFERENCE', 'é'.repeat(250), '00000'],
    ['REFERENCE', 'x'.repeat(251), '00012'],
    ['ACTIVITE', '027', '00000'],
    ['ACTIVITE', '', '00000'],
    ['ACTIVITE', '25', '00026'],
  ])('%s=%s is answered %s', async (name, value, code) => {
    expect(await answerTo({ [name]: value })).toBe(code);
  });

  test.each([
    ['10062026', '00000'],
    ['10062026235959', '00000'],
    ['29022024', '00000'],
    ['29022026', '00007'],
    ['31062026', '00007'],
    ['20260610', '00007'],
    ['10062026240000', '00007'],
    ['10062026126000', '00007'],
    ['1006202612', '00007'],
  ])('DATEQ=%s is answered %s on an account with the variant dateq: calendar', async (DATEQ, code) => {
    const accounts = [{ SITE: '1999888', RANG: '32', variants: { dateq: 'calendar' } }] as const;
    expect(await answerTo({ DATEQ }, { accounts })).toBe(code);
  });

  test('REFABONNE has at most 250 characters', async () => {
    expect((await register(openTestSimulator(), { REFABONNE: 'x'.repeat(250) })).CODEREPONSE).toBe('00000');
    expect((await register(openTestSimulator(), { REFABONNE: 'x'.repeat(251) })).CODEREPONSE).toBe('00012');
  });
});

describe('a card', () => {
  test.each([
    '1111222233334444',
    '4012001037141112',
    '4012001038443335',
    '4000000000001000',
    '4000000000001091',
    '4242424242424242',
    '5200000000000007',
    '5555555555554444',
    '4975660000000004',
    '4970100000025102',
  ])('%s is accepted', async (PORTEUR) => {
    expect(await answerTo({ PORTEUR })).toBe('00000');
  });

  test.each([
    '1111222233334445',
    '1111222233335555',
    '4012001037141113',
    '9999999999999999',
    'abcdefghijklmnop',
    '42',
    '1111 2222 3333 4444',
  ])('%s is refused with 00004', async (PORTEUR) => {
    expect(await order(openTestSimulator(), { PORTEUR })).toMatchObject({
      CODEREPONSE: '00004',
      COMMENTAIRE: 'PAYBOX : Numéro de porteur invalide',
    });
  });

  test.each([
    ['0626', '00000'],
    ['0526', '00008'],
    ['1225', '00008'],
    ['0127', '00000'],
    ['1326', '00008'],
    ['0026', '00008'],
    ['0000', '00008'],
    ['626', '00008'],
    ['1299', '00000'],
  ])('of DATEVAL=%s is answered %s in June 2026', async (DATEVAL, code) => {
    expect(await answerTo({ DATEVAL })).toBe(code);
  });

  test('is valid through the last instant of its month in Paris, in any time zone of the machine', async () => {
    const bench = openTestSimulator();
    bench.simulator.clock.set('2026-06-30T23:59:59.999');
    expect((await order(bench, { DATEVAL: '0626' })).CODEREPONSE).toBe('00000');
    bench.simulator.clock.set('2026-07-01T00:00');
    expect((await order(bench, { DATEVAL: '0626' })).CODEREPONSE).toBe('00008');
  });

  test.each([
    ['1111222233334444', '123', '00000'],
    ['1111222233334444', '1234', '00004'],
    ['1111222233334444', '12', '00004'],
    ['1111222233334444', '12345', '00004'],
    ['5555555555554444', '1234', '00004'],
    ['378282246310005', '1234', '00000'],
    ['378282246310005', '123', '00004'],
    ['378282246310005', '', '00000'],
  ])('%s with CVV "%s" is answered %s', async (PORTEUR, CVV, code) => {
    expect(await answerTo({ PORTEUR, CVV })).toBe(code);
  });
});

describe('a value that no field of its kind can hold', () => {
  const IMPOSSIBLE = {
    ...{ NUMTRANS: '0000000000', NUMAPPEL: '0000000000', NUMQUESTION: '0000000000', SITE: '       ', RANG: '  ', AUTORISATION: '' },
    CODEREPONSE: '00014',
  };

  test.each<[string, Variables]>([
    ['a PORTEUR of 20 digits', { PORTEUR: '11112222333344445555' }],
    ['a PORTEUR of 20 characters', { PORTEUR: '1111 2222 3333 4444 ' }],
    ['a CVV of letters', { CVV: 'abc' }],
    ['a CVV with a letter', { CVV: '12x' }],
  ])('%s is answered Invalid data, and the reply ends after COMMENTAIRE', async (_, variables) => {
    for (const ask of [order, register]) {
      expect(await ask(openTestSimulator(), { ...variables, PAYS: '' })).toEqual({ ...IMPOSSIBLE, COMMENTAIRE: 'Invalid+data' });
    }
  });

  test('is refused after access and before a missing variable', async () => {
    expect(await answerTo({ CVV: 'abc', CLE: 'wrong-key' })).toBe('00006');
    expect((await order(openTestSimulator(), { CVV: 'abc', MONTANT: '' })).COMMENTAIRE).toBe('Invalid+data');
  });

  test.each([
    ['3DCAVV', 28],
    ['3DCAVVALGO', 64],
    ['3DECI', 2],
    ['3DENROLLED', 1],
    ['3DERROR', 6],
    ['3DSIGNVAL', 1],
    ['3DSTATUS', 1],
    ['3DXID', 28],
    ['NOMMARCHANDAUTHENT', 25],
  ])('%s has at most %i characters', async (name, length) => {
    expect(await answerTo({ [name]: 'Y'.repeat(length) })).toBe('00000');
    expect(await order(openTestSimulator(), { [name]: 'Y'.repeat(length + 1) })).toEqual({
      ...IMPOSSIBLE,
      COMMENTAIRE: 'Some+values+exceed+max+length',
    });
  });
});
