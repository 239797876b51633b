import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { userProject } from '../support/user-project.js';

const CHECKOUT = `
import { createClient, minorUnits } from 'paybox-direct-simulator/client';

export async function checkout({ gateway, site, rang, cle, card }: { gateway: string; site: string; rang: string; cle: string; card: { number: string; expiry: string; cvv: string } }) {
  const client = createClient({ url: gateway, site, rang, cle, version: '00104', timeout: 20_000, askAfter: [0] });
  return client.pay({ amount: minorUnits(1000, 'EUR'), reference: 'ORDER-1', card });
}
`;

const VITEST = join('node_modules', 'vitest', 'vitest.mjs');

test('the test with the vitest fixture in docs/msw-and-vitest.md passes unchanged', async () => {
  const page = readFileSync('docs/msw-and-vitest.md', 'utf8');
  const [, block = ''] = /```ts\n(import \{ expect \} from 'vitest';\n[\s\S]*?)```/.exec(page) ?? [];
  const folder = await userProject({ 'lost.test.ts': `import { checkout } from './checkout.js';\n${block}`, 'checkout.ts': CHECKOUT }, [
    'vitest',
  ]);
  const { stdout } = await promisify(execFile)(process.execPath, [VITEST, 'run', '--root', folder], {
    env: { ...process.env, NO_COLOR: '1' },
  });
  expect(stdout).toMatch(/Tests +1 passed/);
});
