import { expect, test } from 'vitest';
import type { Variables } from '../support/question.js';
import { openTestSimulator } from '../support/test-simulator.js';

const everything: Variables = {
  ...{ MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1', REFABONNE: 'alice' },
  ...{ PORTEUR: '1111222233334444', DATEVAL: '1299', NUMAPPEL: '1', NUMTRANS: '1' },
};

/** The keyword numbers of missing variables. */
const KEYWORDS: Readonly<Record<string, number>> = {
  ...{ DATEQ: 1, NUMQUESTION: 3, MONTANT: 7, DEVISE: 8, REFERENCE: 9 },
  ...{ REFABONNE: 10, PORTEUR: 11, DATEVAL: 12, NUMAPPEL: 13, NUMTRANS: 14 },
};

const CARD = ['MONTANT', 'DEVISE', 'REFERENCE', 'PORTEUR', 'DATEVAL'];
const EARLIER = ['MONTANT', 'DEVISE', 'NUMAPPEL', 'NUMTRANS'];
const TOKEN = [...CARD, 'REFABONNE'];
const REGISTRATION = ['MONTANT', 'DEVISE', 'REFABONNE', 'PORTEUR', 'DATEVAL'];

const TAKES: readonly (readonly [TYPE: string, shown: number, takes: readonly string[]])[] = [
  ['00001', 0, CARD],
  ['00002', 1, EARLIER],
  ['00003', 2, CARD],
  ['00004', 3, CARD],
  ['00005', 4, EARLIER],
  ['00011', 10, ['MONTANT', 'DEVISE', 'REFERENCE']],
  ['00012', 11, CARD],
  ['00013', 12, EARLIER],
  ['00014', 13, EARLIER],
  ['00017', 16, ['NUMTRANS']],
  ['00051', 19, TOKEN],
  ['00052', 20, [...EARLIER, 'REFABONNE']],
  ['00053', 21, TOKEN],
  ['00054', 22, ['MONTANT', 'DEVISE', 'REFERENCE', 'REFABONNE']],
  ['00055', 23, [...EARLIER, 'REFABONNE']],
  ['00056', 24, REGISTRATION],
  ['00057', 25, REGISTRATION],
  ['00058', 26, ['REFABONNE']],
  ['00061', 29, TOKEN],
];

test.each(TAKES)('TYPE %s (shown as %i) names the missing variable', async (TYPE, shown, takes) => {
  const bench = openTestSimulator();
  for (const name of ['DATEQ', 'NUMQUESTION', ...takes]) {
    const reply = await bench.ask({ ...everything, TYPE, [name]: '' });
    expect(reply.CODEREPONSE, name).toBe('00014');
    expect(reply.COMMENTAIRE).toBe(`Mandatory+values+missing+keyword:${KEYWORDS[name]}+Type:${shown}`);
    expect(reply).toMatchObject({ NUMQUESTION: '0000000000', REFABONNE: '', PORTEUR: '', AUTORISATION: '' });
  }
});

test.each(TAKES)('TYPE %s (shown as %i) needs no other variables', async (TYPE, _, takes) => {
  const bench = openTestSimulator();
  const taken = Object.fromEntries(takes.map((name) => [name, everything[name] ?? '']));
  const numbers = TYPE === '00054' ? { NUMAPPEL: '1', NUMTRANS: '1' } : {};
  expect((await bench.ask({ TYPE, ...taken, ...numbers })).CODEREPONSE).not.toBe('00014');
});

test('of several missing variables, the first in the order of the gateway is named', async () => {
  const reply = await openTestSimulator().ask({ TYPE: '00001', REFERENCE: 'order-1', DATEVAL: '1299' });
  expect(reply.COMMENTAIRE).toBe('Mandatory+values+missing+keyword:7+Type:0');
});

test('a variable that is absent is refused like an empty one, and SITE, RANG and the spaces of PAYS are in the reply', async () => {
  const bench = openTestSimulator();
  const { REFERENCE: _, ...rest } = everything;
  const absent = await bench.ask({ ...rest, TYPE: '00053', NUMQUESTION: '7', RANG: '032', PAYS: '' });
  expect(absent).toEqual(await bench.ask({ ...everything, TYPE: '00053', NUMQUESTION: '7', RANG: '032', PAYS: '', REFERENCE: '' }));
  expect(absent).toEqual({
    ...{ NUMTRANS: '0000000000', NUMAPPEL: '0000000000', NUMQUESTION: '0000000000', SITE: '1999888', RANG: '032', AUTORISATION: '' },
    ...{ CODEREPONSE: '00014', COMMENTAIRE: 'Mandatory+values+missing+keyword:9+Type:21', REFABONNE: '', PORTEUR: '', PAYS: '   ' },
  });
});
