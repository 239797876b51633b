import { expect, test } from 'vitest';
import type { Variables } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { follow, ORDER, order, REGISTRATION, register } from './orders.js';

/** A defect of a question. */
interface Defect {
  readonly name: string;
  readonly code: string;
  readonly with: Variables;
}

const defect = (name: string, code: string, variables: Variables): Defect => ({ name, code, with: variables });

/** Defects of a registration (00056), which passes nearly every step, in the order in which the gateway checks them. */
const DEFECTS: readonly Defect[] = [
  defect('no VERSION', '00014', { VERSION: '' }),
  defect('unknown VERSION', '00013', { VERSION: '00102' }),
  defect('unknown TYPE', '00009', { TYPE: '00099' }),
  defect('wrong CLE', '00006', { CLE: '1999888J' }),
  defect('letters in CVV', '00014', { CVV: 'abc' }),
  defect('missing variable', '00014', { DEVISE: '' }),
  defect('bad NUMQUESTION', '00005', { NUMQUESTION: '2147483648' }),
  defect('bad DATEQ', '00007', { DATEQ: '2026-06-10' }),
  defect('bad DEVISE', '00010', { DEVISE: '999999' }),
  defect('bad MONTANT', '00011', { MONTANT: '10.00' }),
  defect('bad REFERENCE', '00012', { REFERENCE: 'x'.repeat(251) }),
  defect('bad ACTIVITE', '00026', { ACTIVITE: '099' }),
  defect('NUMQUESTION used before', '00005', { NUMQUESTION: '1' }),
  defect('ERRORCODETEST', '00097', { ERRORCODETEST: '00097' }),
  defect('subscriber exists', '00016', { REFABONNE: 'alice' }),
  defect('wrong Luhn digit', '00004', { PORTEUR: '1111222233334445' }),
  defect('card expired', '00008', { DATEVAL: '0526' }),
  defect('CVV of two digits', '00004', { CVV: '12' }),
  defect('amount above the ceiling', '00022', { MONTANT: '5001' }),
  defect('unknown ID3D', '00041', { ID3D: '7' }),
];

const sameVariable = (a: Defect, b: Defect): boolean => Object.keys(a.with).some((name) => name in b.with);

async function benchWithAlice(): Promise<TestSimulator> {
  const bench = openTestSimulator({ accounts: [{ SITE: '1999888', RANG: '32', ceiling: 5000 }] });
  expect((await register(bench)).CODEREPONSE).toBe('00000');
  return bench;
}

const VALID: Variables = { ...REGISTRATION, REFABONNE: 'bob' };

test('a question without a defect is accepted', async () => {
  expect((await (await benchWithAlice()).ask(VALID)).CODEREPONSE).toBe('00000');
});

test.each(DEFECTS)('$name is refused with $code', async ({ code, with: variables }) => {
  expect((await (await benchWithAlice()).ask({ ...VALID, ...variables })).CODEREPONSE).toBe(code);
});

test.each(DEFECTS.map((first, index) => ({ ...first, index })))(
  '$name ($code) is refused before every defect of a later step',
  async (first) => {
    const bench = await benchWithAlice();
    const later = DEFECTS.slice(first.index + 1).filter((second) => !sameVariable(first, second));
    for (const second of later) {
      const reply = await bench.ask({ ...VALID, ...second.with, ...first.with });
      expect(reply.CODEREPONSE, `with ${second.name} as well`).toBe(first.code);
    }
  },
);

test('the state of a payment is checked after the format of the amount and before the amount itself', async () => {
  const bench = openTestSimulator();
  const paid = await order(bench);
  expect((await follow(bench, '00002', paid, '0')).CODEREPONSE).toBe('00011');
  expect((await follow(bench, '00002', paid, '9999')).CODEREPONSE).toBe('00015');
});

test('an unknown subscriber is refused before an unknown payment', async () => {
  const reply = await follow(openTestSimulator(), '00052', { NUMTRANS: '1', NUMAPPEL: '1' }, '1000', { REFABONNE: 'nobody' });
  expect(reply.CODEREPONSE).toBe('00017');
});

test('an unknown subscriber is refused before anything is said of the card or the token', async () => {
  const bench = openTestSimulator();
  const unknown = { ...ORDER, REFABONNE: 'nobody' };
  for (const TYPE of ['00051', '00053', '00054', '00061']) {
    const reply = await bench.ask({ ...unknown, TYPE, PORTEUR: 'porteur', DATEVAL: '0120' });
    expect(reply, TYPE).toMatchObject({ CODEREPONSE: '00017', COMMENTAIRE: 'PAYBOX : Abonné inexistant', PORTEUR: 'porteur' });
  }
  expect((await bench.ask({ ...unknown, TYPE: '00057', PORTEUR: '1111222233334445' })).CODEREPONSE).toBe('00017');
});

test('a wrong token is refused before the expiry of the card', async () => {
  const bench = await benchWithAlice();
  const pay = { ...ORDER, TYPE: '00053', REFABONNE: 'alice', DATEVAL: '0120' };
  expect((await bench.ask({ ...pay, PORTEUR: 'abcdefghijk' })).CODEREPONSE).toBe('00015');
  expect((await bench.ask({ ...pay, PORTEUR: 'SLDLrcsLMPC' })).CODEREPONSE).toBe('00008');
});

test('3-D Secure is checked before the issuer is asked', async () => {
  const bench = openTestSimulator();
  const refusedByIssuer = { ...ORDER, TYPE: '00003', MONTANT: '9900105' };
  expect((await bench.ask({ ...refusedByIssuer, ID3D: '7' })).CODEREPONSE).toBe('00041');
  expect((await bench.ask(refusedByIssuer)).CODEREPONSE).toBe('00105');
});

test.each([
  ['00051', '00103', '00009'],
  ['00056', '00103', '00009'],
  ['00058', '103', '00009'],
  ['00058', '104', '00017'],
  ['00003', '00103', '00000'],
  ['00003', '104', '00000'],
  ['00003', 'abc', '00013'],
  ['3x', '00104', '00009'],
  ['', '00104', '00014'],
])('TYPE %s with VERSION %s is answered %s', async (TYPE, VERSION, code) => {
  expect((await openTestSimulator().ask({ ...ORDER, REFABONNE: 'alice', TYPE, VERSION })).CODEREPONSE).toBe(code);
});
