import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../cli/config.js';
import { createClient, minorUnits, readAuthentication, TEST_PUBLIC_KEY } from '../../client/index.js';
import { runScenarios, scenario, simulatorTarget } from '../../scenarios/index.js';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../simulator/index.js';
import { CONFIRMED, signedForms } from '../contracts/signed-results.js';
import { DOCS_PAGES, docsBlock, fencedBlocksOf } from '../support/markdown.js';
import { tempFolder } from '../support/temp-folder.js';

const GATEWAY = 'http://127.0.0.1:8888';

const read = (page: string): string => readFileSync(page, 'utf8');

/** The code blocks of a page in a language, without their fences. */
const blocksOf = (page: string, language: string): string[] =>
  fencedBlocksOf(read(page)).flatMap((block) =>
    block.startsWith(`\`\`\`${language}\n`) ? [block.replace(/^.*\n/, '').replace(/```$/, '')] : [],
  );

/** Returns the only code block of a page in this language that contains the text. */
function blockWith(page: string, language: string, text: string): string {
  const found = blocksOf(page, language).filter((block) => block.includes(text));
  if (found.length !== 1) throw new Error(`${page} has ${found.length} blocks of ${language} with ${text}.`);
  return found[0] ?? '';
}

async function listening(options: SimulatorOptions = {}): Promise<{ simulator: Simulator; url: string }> {
  const simulator = createSimulator(options);
  onTestFinished(() => simulator.close());
  return { simulator, url: await simulator.listen() };
}

/** Runs the statements of a snippet with these values for its imports. */
async function runSnippet(snippet: string, imports: Readonly<Record<string, unknown>>): Promise<unknown> {
  const body = snippet.replace(/^import .*$/gm, '');
  const run = new Function(...Object.keys(imports), `return (async () => { ${body} })();`) as (...values: unknown[]) => Promise<unknown>;
  return run(...Object.values(imports));
}

const FIELDS = `$fields = ['VERSION' => '00104', 'TYPE' => '00003', 'SITE' => '1999888', 'RANG' => '32', 'NUMQUESTION' => '1', 'DATEQ' => date('dmYHis'),
  'MONTANT' => '1000', 'DEVISE' => '978', 'REFERENCE' => 'Été & ñ', 'PORTEUR' => '1111222233334444', 'DATEVAL' => '1249', 'CVV' => '123'];\n`;

test.each([
  ['with CLE', "$fields['CLE'] = '1999888I';\n"],
  ['with an HMAC', blockWith('README.md', 'php', 'hash_hmac')],
])('the PHP of the README pays, %s', async (_, key) => {
  const { simulator, url } = await listening();
  const send = blockWith('README.md', 'php', 'file_get_contents').replace(GATEWAY, url);
  const file = join(await tempFolder(), 'pay.php');
  writeFileSync(
    file,
    `<?php\ndate_default_timezone_set('Europe/Paris');\n${FIELDS}${key}${send}\necho $answer['CODEREPONSE'], ' ', $answer['COMMENTAIRE'];`,
  );
  const { stdout } = await promisify(execFile)('php', [file]);
  expect(stdout).toBe('00000 Demande traitée avec succès');
  expect((await simulator.journal()).map(({ REFERENCE }) => REFERENCE)).toEqual(['Été & ñ']);
});

test.each([
  ['the call to URLHttpDirect', 'query', ''],
  ['the call to URLHttpDirect with a variable of the shop', 'query', 'order=1&'],
  ["the browser's POST", 'body', ''],
] as const)('the PHP of docs/three-d-secure.md verifies %s', async (_, way, own) => {
  // Another ID3D, another signature: most have a +.
  const results = await Promise.all(
    Array.from({ length: 8 }, (_, n) => signedForms({ ...CONFIRMED, ID3D: `200000026797${n}` }).then((forms) => own + forms[way])),
  );
  const snippet = blockWith('docs/three-d-secure.md', 'php', 'openssl_verify');
  const file = join(await tempFolder(), 'verify.php');
  const head = `<?php\n$publicKey = '${TEST_PUBLIC_KEY}';\nforeach (array_slice($argv, 1) as $_SERVER['QUERY_STRING']) {\n`;
  writeFileSync(file, `${head}${snippet}\necho json_encode($isValid), ' ';\n}`);
  const { stdout } = await promisify(execFile)('php', [file, ...results, ...results.map((result) => result.replace('=Y', '=U'))]);
  expect(stdout).toBe('true '.repeat(8) + 'false '.repeat(8));
});

test('the example of docs/client.md pays and refunds', async () => {
  const { simulator, url } = await listening();
  await runSnippet(blockWith('docs/client.md', 'ts', 'createClient').replace(GATEWAY, url), { createClient, minorUnits });
  expect((await simulator.journal()).map(({ operation, CODEREPONSE }) => [operation, CODEREPONSE])).toContainEqual(['refund', '00000']);
});

test('the examples of 3-D Secure in docs/client.md start an authentication, read its result and pay with it', async () => {
  const written: string[] = [];
  const paid: unknown[] = [];
  const account = { site: '1999888', rang: '32', identifiant: '107904482', cle: '1999888I', version: '00104', timeout: 1000 } as const;
  const client = { ...createClient({ ...account, url: GATEWAY }), pay: (parameters: unknown) => void paid.push(parameters) };
  const response = { setHeader: (...header: string[]) => written.push(...header), end: (body: string) => written.push(body) };
  const start = `${blockWith('docs/client.md', 'ts', 'client.authentication')}\nreturn session;`;
  const session = (await runSnippet(start, { client, minorUnits, response })) as string;
  expect(written.join(' ')).toContain(`<input type="hidden" name="IdSession" value="${session}">`);
  const { body: raw } = await signedForms({ ...CONFIRMED, IdSession: session });
  const order = { reference: 'ORDER-1' };
  const read = blockWith('docs/client.md', 'ts', 'readAuthentication(');
  await runSnippet(read, { client, order, raw, readAuthentication, session, TEST_PUBLIC_KEY });
  expect(paid).toEqual([{ ...order, id3d: CONFIRMED.ID3D }]);
});

test('the example of a simulator in process runs', async () => {
  await runSnippet(blockWith('docs/msw-and-vitest.md', 'ts', 'createSimulator'), { createSimulator });
});

test('the example of running scenarios from code runs the scenario of the page', async () => {
  const { url } = await listening();
  const file = join(await tempFolder(), 'partial-refund.yaml');
  writeFileSync(file, docsBlock('partial-refund.yaml'));
  const snippet = blockWith('docs/scenarios.md', 'ts', 'simulatorTarget').replace(GATEWAY, url).replace('partial-refund.yaml', file);
  const run = runSnippet(`${snippet}\nreturn { passed, failed };`, { runScenarios, scenario, simulatorTarget });
  expect(await run).toEqual({ passed: 0, failed: 1 });
});

test('the configuration file of the docs is valid, and a simulator starts with it', async () => {
  const file = join(await tempFolder(), 'config.yaml');
  writeFileSync(file, blockWith('docs/configuration.md', 'yaml', 'config.schema.json'));
  const { port, db, ...settings } = await readConfig(file);
  expect([port, db]).toEqual([8888, 'shop.db']);
  const { simulator } = await listening(settings);
  expect(simulator.gateway.account('1234567', '01')).toMatchObject({ CLE: 'mySecret', ceiling: 150_000 });
});

/** The calls of the control API with curl: method, path and body. */
const controlCalls = (page: string): (readonly [method: string, path: string, body: string | undefined])[] =>
  blocksOf(page, 'sh').flatMap((block) =>
    [...block.matchAll(/^curl -s (?:-X (\w+) +)?'?http:\/\/127\.0\.0\.1:8888(\/_sim\/[^\s']+)'?(?: -d '([^']+)')?/gm)].map(
      ([, method = 'GET', path = '', body]) => [method, path, body] as const,
    ),
  );

test.each(DOCS_PAGES.filter((page) => controlCalls(page).length > 0))('the control API takes what %s sends', async (page) => {
  const { simulator } = await listening();
  for (const [method, path, body] of controlCalls(page)) {
    const response = await simulator.fetch(new Request(`${GATEWAY}${path}`, { method, ...(body !== undefined && { body }) }));
    expect([method, path, response.status, response.ok ? '' : await response.text()]).toEqual([method, path, 200, '']);
  }
});

test('the YAML and JSON of the docs can be read', () => {
  const blocks = DOCS_PAGES.flatMap((page) => [...blocksOf(page, 'yaml'), ...blocksOf(page, 'json')]);
  expect(blocks.length).toBeGreaterThan(4);
  for (const block of blocks) expect(parse(block), block).toBeTypeOf('object');
});
