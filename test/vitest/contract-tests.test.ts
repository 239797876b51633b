import { afterAll } from 'vitest';
import { contractTests } from '../../cli/vitest.js';
import { createSimulator } from '../../simulator/index.js';

const simulator = createSimulator();
afterAll(() => simulator.close());

// A team tests its own test double of the gateway like this. Scenarios that need a simulator are skipped with a reason.
await contractTests({
  url: `${await simulator.listen()}/PPPS.php`,
  site: '1999888',
  rang: '32',
  cle: '1999888I',
  version: '00104',
  tags: ['echo'],
});
