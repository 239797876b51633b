import { expect, test } from 'vitest';
import type { Variables } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { follow, ORDER, order, REGISTRATION, register } from './orders.js';

/** One fault a question can have, in the order the gateway looks for them. */
interface Fault {
  readonly name: string;
  readonly code: string;
  readonly with: Variables;
}

const fault = (name: string, code: string, variables: Variables): Fault => ({ name, code, with: variables });

/** Faults of a registration (00056), which meets nearly every step: each is refused before all those after it. */
const FAULTS: readonly Fault[] = [
  fault('no VERSION', '00014', { VERSION: '' }),
  fault('unknown VERSION', '00013', { VERSION: '00102' }),
  fault('unknown TYPE', '00009', { TYPE: '00099' }),
  fault('wrong CLE', '00006', { CLE: '1999888J' }),
  fault('missing variable', '00014', { DEVISE: '' }),
  fault('bad NUMQUESTION', '00005', { NUMQUESTION: '2147483648' }),
  fault('bad DATEQ', '00007', { DATEQ: '31022026' }),
  fault('bad DEVISE', '00010', { DEVISE: '999999' }),
  fault('bad MONTANT', '00011', { MONTANT: '10.00' }),
  fault('bad REFERENCE', '00012', { REFERENCE: 'x'.repeat(251) }),
  fault('bad ACTIVITE', '00026', { ACTIVITE: '099' }),
  fault('NUMQUESTION seen before', '00039', { NUMQUESTION: '1' }),
  fault('ERRORCODETEST', '00097', { ERRORCODETEST: '00097' }),
  fault('Luhn wrong', '00004', { PORTEUR: '1111222233334445' }),
  fault('card past', '00008', { DATEVAL: '0526' }),
  fault('CVV of two digits', '00004', { CVV: '12' }),
  fault('ceiling reached', '00022', { MONTANT: '5001' }),
  fault('subscriber exists', '00016', { REFABONNE: 'alice' }),
  fault('unknown ID3D', '00041', { ID3D: '7' }),
];

const sameVariable = (a: Fault, b: Fault): boolean => Object.keys(a.with).some((name) => name in b.with);

async function benchWithAlice(): Promise<TestSimulator> {
  const bench = openTestSimulator({ accounts: [{ SITE: '1999888', RANG: '32', ceiling: 5000 }] });
  expect((await register(bench)).CODEREPONSE).toBe('00000');
  return bench;
}

const sound: Variables = { ...REGISTRATION, REFABONNE: 'bob' };

test('a question without a fault is accepted', async () => {
  expect((await (await benchWithAlice()).ask(sound)).CODEREPONSE).toBe('00000');
});

test.each(FAULTS)('$name is refused with $code', async ({ code, with: variables }) => {
  expect((await (await benchWithAlice()).ask({ ...sound, ...variables })).CODEREPONSE).toBe(code);
});

test.each(FAULTS.map((first, index) => ({ ...first, index })))(
  '$name ($code) is refused before every fault of a later step',
  async (first) => {
    const bench = await benchWithAlice();
    const later = FAULTS.slice(first.index + 1).filter((second) => !sameVariable(first, second));
    for (const second of later) {
      const reply = await bench.ask({ ...sound, ...second.with, ...first.with });
      expect(reply.CODEREPONSE, `with ${second.name} as well`).toBe(first.code);
    }
  },
);

test('the state of a payment is looked at after its amount was found well-formed and before the issuer', async () => {
  const bench = openTestSimulator();
  const paid = await order(bench);
  expect((await follow(bench, '00002', paid, '0')).CODEREPONSE).toBe('00011');
  expect((await follow(bench, '00002', paid, '9999')).CODEREPONSE).toBe('00015');
});

test('an unknown subscriber is refused before an unknown payment', async () => {
  const reply = await follow(openTestSimulator(), '00052', { NUMTRANS: '1', NUMAPPEL: '1' }, '1000', { REFABONNE: 'nobody' });
  expect(reply.CODEREPONSE).toBe('00017');
});

test('3-D Secure is looked at before the issuer is asked', async () => {
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
])('TYPE %s on VERSION %s is answered %s', async (TYPE, VERSION, code) => {
  expect((await openTestSimulator().ask({ ...ORDER, REFABONNE: 'alice', TYPE, VERSION })).CODEREPONSE).toBe(code);
});
