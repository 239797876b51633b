import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { docsBlock } from '../support/markdown.js';
import { userProject } from '../support/user-project.js';

const CHECKOUT = `
let question = 0;

export async function checkout(REFERENCE: string, MONTANT: number): Promise<'paid' | 'refused'> {
  const day = new Date().toLocaleDateString('en-GB', { timeZone: 'Europe/Paris' }).replaceAll('/', '');
  const variables = {
    VERSION: '00104', TYPE: '00003', SITE: '1999888', RANG: '32', CLE: '1999888I', NUMQUESTION: String(++question), DATEQ: day,
    MONTANT: String(MONTANT), DEVISE: '978', REFERENCE, PORTEUR: '1111222233334444', DATEVAL: '1249', CVV: '123',
  };
  const response = await fetch('https://preprod-ppps.paybox.com/PPPS.php', { method: 'POST', body: new URLSearchParams(variables) });
  return (await response.text()).includes('CODEREPONSE=00000') ? 'paid' : 'refused';
}
`;

const VITEST = join('node_modules', 'vitest', 'vitest.mjs');

test('the test of a checkout in docs/msw-and-vitest.md passes unchanged', async () => {
  const files = { 'checkout.test.ts': docsBlock('checkout.test.ts'), 'checkout.ts': CHECKOUT };
  const folder = await userProject(files, ['msw', 'vitest']);
  const { stdout } = await promisify(execFile)(process.execPath, [VITEST, 'run', '--root', folder], {
    env: { ...process.env, NO_COLOR: '1' },
  });
  expect(stdout).toMatch(/Tests +1 passed/);
});
