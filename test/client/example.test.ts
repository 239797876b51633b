import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createClient, minorUnits } from '../../client/index.js';
import { paymentsOf, startSimulator } from './support.js';

test('the example in the docstring of createClient runs', async () => {
  const simulator = await startSimulator();
  const source = readFileSync(new URL('../../client/create-client.ts', import.meta.url), 'utf8');
  const [, block = ''] = /@example\n((?: \* .*\n)+) \*\/\nexport function createClient/.exec(source) ?? [];
  const example = block.replace(/^ \* /gm, '');
  expect(example).toContain('client.pay(');
  const local = (options: Parameters<typeof createClient>[0]) => createClient({ ...options, url: simulator.url });
  const run = new Function('createClient', 'minorUnits', `return (async () => { ${example} })();`);
  await run(local, minorUnits);
  expect(await paymentsOf(simulator, 'ORDER-1')).toMatchObject([{ captured: 1234, refunded: 234 }]);
});
