import { magicCard } from '../../contracts/index.js';
import type { Variables } from '../support/question.js';
import type { TestSimulator } from '../support/test-simulator.js';
import { type Ask, after, describeFindings } from './finding-cases.js';
import { follow, inquire, order } from './orders.js';

const authorized = (bench: TestSimulator, more: Variables = {}) => order(bench, { TYPE: '00001', ...more });

const later = (bench: TestSimulator, by: string): TestSimulator => {
  bench.simulator.clock.advance(by);
  return bench;
};

const importPayment: Ask = async (bench) => {
  const { body } = await bench.control('POST', '/payments', {
    ...{ SITE: '1999888', RANG: '32', NUMTRANS: '77', NUMAPPEL: '88', MONTANT: 1000, DEVISE: '978' },
    ...{ REFERENCE: 'page-1', status: 'captured' },
  });
  return body.transactions[0];
};

describeFindings([
  [
    'identifiant-differs',
    'another IDENTIFIANT',
    (b) => order(b, { IDENTIFIANT: '107904483' }),
    (b) => order(b, { IDENTIFIANT: '107904482' }),
  ],
  ['date-far-off', 'the day before yesterday', (b) => order(b, { DATEQ: '08062026' }), (b) => order(b, { DATEQ: '09062026' })],
  ['date-far-off', 'the day after tomorrow', (b) => order(b, { DATEQ: '12062026' }), (b) => order(b, { DATEQ: '11062026235959' })],
  ['date-invalid', 'a day that does not exist', (b) => order(b, { DATEQ: '31062026' }), (b) => order(b, { DATEQ: '30062026' })],
  ['date-invalid', 'a unix time', (b) => order(b, { DATEQ: '00001781092800' }), (b) => order(b, { DATEQ: '10062026235959' })],
  ['date-invalid', 'not if it is refused', (b) => order(b, { DATEQ: '31062026' }), (b) => order(b, { DATEQ: '2026-06-10' })],
  [
    'question-number-reused',
    'the number of the authorization on its capture',
    async (b) => follow(b, '00002', await authorized(b, { NUMQUESTION: '7' }), '1000', { NUMQUESTION: '7' }),
    async (b) => follow(b, '00002', await authorized(b, { NUMQUESTION: '7' }), '1000', { NUMQUESTION: '8' }),
  ],
  [
    'question-number-reused',
    'only on the same day',
    async (b) => follow(b, '00002', await authorized(b, { NUMQUESTION: '7' }), '1000', { NUMQUESTION: '07' }),
    async (b) => {
      const earlier = await authorized(b, { NUMQUESTION: '7' });
      return follow(later(b, 'P1D'), '00002', earlier, '1000', { NUMQUESTION: '7' });
    },
  ],
  [
    'rang-length-changed',
    'RANG=032 after RANG=32',
    async (b) => follow(b, '00002', await authorized(b), '1000', { RANG: '032' }),
    async (b) => follow(b, '00002', await authorized(b, { RANG: '032' }), '1000', { RANG: '032' }),
  ],
  ['outcome-forced', 'ERRORCODETEST', (b) => order(b, { ERRORCODETEST: '00105' }), (b) => order(b, { ERRORCODETEST: '00000' })],
  ['outcome-forced', 'a magic card', (b) => order(b, { PORTEUR: magicCard('00105') }), (b) => order(b, { DATEVAL: '0120' })],
  ['outcome-forced', 'a magic amount', (b) => order(b, { MONTANT: '9900105' }), (b) => order(b, { MONTANT: '9900106', DATEVAL: '0120' })],
  ['error-code-test-unknown', 'an unknown code', (b) => order(b, { ERRORCODETEST: '001-5' }), (b) => order(b, { ERRORCODETEST: '00777' })],
  [
    'outcome-forced',
    'ERRORCODETEST with a letter',
    (b) => order(b, { ERRORCODETEST: '001A1' }),
    (b) => order(b, { ERRORCODETEST: '001 1' }),
  ],
  [
    'born-elsewhere',
    'a payment of the hosted page',
    async (b) => inquire(b, await importPayment(b)),
    async (b) => inquire(b, await order(b)),
  ],
  [
    'born-elsewhere',
    'found by its REFERENCE',
    after(importPayment, (b) => b.ask({ TYPE: '00011', MONTANT: '1000', DEVISE: '978', REFERENCE: 'page-1' })),
    after(order, (b) => b.ask({ TYPE: '00011', MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1' })),
  ],
]);
