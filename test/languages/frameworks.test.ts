import { type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createSimulator } from '../../simulator/index.js';
import { fencedBlocksOf } from '../support/markdown.js';
import { type Command, createProject, FRAMEWORKS, type Framework, filesOf } from './projects.js';

// The locale in which every runner prints UTF-8.
const ENVIRONMENT = { ...process.env, LC_ALL: 'C.UTF-8', NO_COLOR: '1', PAYBOX_SIM_URL: '' };

const optionsOf = (cwd: string, environment: Readonly<Record<string, string>>): SpawnOptions => ({
  cwd,
  env: { ...ENVIRONMENT, ...environment },
  stdio: ['ignore', 'pipe', 'pipe'],
});

/** Runs a command in a folder. Returns its exit status and what it printed. */
async function run(
  [program, ...args]: Command,
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ status: number; printed: string }> {
  const child = spawn(program, args, optionsOf(cwd, environment));
  onTestFinished(() => void child.kill('SIGKILL'));
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number];
  return { status, printed };
}

/** Text without the indentation of its lines. pytest writes an E before each line of a message. */
const withoutIndentation = (text: string): string => text.replace(/^(E {2,})?[ \t]+|^E {2,}/gm, '');

const NOTHING = `Expected 1 payment charged; found 0.
Payments:
  none
The gateway received:
  no request. Check that the code under test uses the URL of this gateway.`;

const IN_MAJOR_UNITS = `Expected 1 payment charged, 10 each, for ORDER-1; found 0. Amounts are in minor units. Did you mean 1000?
Payments:
  ORDER-1: Capturé, captured 10.00 EUR, refunded 0.00 EUR
The gateway received:
  pay ORDER-1 1000 → 00000`;

const OTHER_REQUESTS = `The gateway received:
  pay ORDER-1 1000 → 00000`;

const isInstalled = ({ probe: [program, ...args] }: Framework): boolean => spawnSync(program, args).status === 0;

// In CI a framework that is missing makes its tests fail.
describe.each(FRAMEWORKS.filter((framework) => process.env.CI || isInstalled(framework)))('in $name', (framework) => {
  let folder = '';
  beforeAll(() => {
    folder = createProject(framework);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('the example of the docs has the result that the page shows', async () => {
    const { status, printed } = await run(framework.example, folder);
    expect(printed).toMatch(framework.exampleResult);
    expect(status === 0).toBe(framework.name === 'Minitest');
    if (framework.name === 'Minitest') return;
    const [shown = ''] = fencedBlocksOf(readFileSync(framework.page, 'utf8')).filter((block) => block.startsWith('```text\n'));
    const message = shown.replace(/```(text\n)?/g, '').trim();
    expect(message).toMatch(/^Expected 1 payment charged/);
    expect(withoutIndentation(printed)).toContain(withoutIndentation(message));
  });

  test('tests at the same time have separate gateways of the simulator at PAYBOX_SIM_URL, and delete them', async () => {
    const used = new Set<string>();
    const simulator = createSimulator({ onExchange: (_entry, gateway) => used.add(gateway) });
    onTestFinished(() => simulator.close());
    const url = await simulator.listen();
    for (const { status, printed } of await Promise.all(
      framework.members.map((command) => run(command, folder, { PAYBOX_SIM_URL: `${url}/` })),
    )) {
      expect(printed).toMatch(framework.membersResult);
      expect(status).toBe(0);
    }
    expect(used.size).toBeGreaterThan(1);
    expect(used).not.toContain('main');
    expect(await (await fetch(`${url}/_sim/sessions`)).json()).toEqual({ sessions: [] });
  });

  test('failures have the texts of the vitest matchers', async () => {
    const { status, printed } = await run(framework.failures, folder);
    const text = withoutIndentation(printed);
    expect(text).toMatch(framework.failuresResult);
    expect(status).not.toBe(0);
    expect(text).toContain(withoutIndentation(NOTHING));
    expect(text).toContain(withoutIndentation(IN_MAJOR_UNITS));
    expect(text).toMatch(/Expected the requests\n\{("send":"pay"|"with":\{"MONTANT":"\/999\$\/"\}|,){3}\}\n/);
    expect(text).toContain(withoutIndentation(OTHER_REQUESTS));
    expect(text).toMatch(/error paid-twice: .*\npay ORDER-1 1000 → 00000\nAfter a time-out ask first/);
  });

  test('a package that is not installed is reported', async () => {
    const other = createProject(framework);
    onTestFinished(() => rmSync(other, { recursive: true, force: true }));
    rmSync(join(other, 'node_modules'), { recursive: true });
    const { status, printed } = await run(framework.example, other);
    expect(status).not.toBe(0);
    expect(printed).toContain('paybox-direct-simulator is not installed: no node_modules in this folder or above has it.');
  });

  test('a simulator that does not answer is reported', async () => {
    const { status, printed } = await run(framework.example, folder, { PAYBOX_SIM_URL: 'http://127.0.0.1:1' });
    expect(status).not.toBe(0);
    expect(printed).toContain('No simulator answers at http://127.0.0.1:1');
    expect(printed).toContain('Check PAYBOX_SIM_URL, or unset it to start one.');
  });

  test('the simulator ends with the runner, also if that is killed', async () => {
    const [program, ...args] = framework.wait;
    const runner = spawn(program, args, { ...optionsOf(folder, {}), stdio: 'ignore' });
    onTestFinished(() => void runner.kill('SIGKILL'));
    const file = join(folder, 'url.txt');
    const written = (): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
    await expect.poll(written).toMatch(/^http.*\n$/);
    const isUp = (): Promise<boolean> =>
      fetch(new URL('/_sim/health', written().trim())).then(
        () => true,
        () => false,
      );
    expect(await isUp()).toBe(true);
    runner.kill('SIGKILL');
    await expect.poll(isUp).toBe(false);
  });
});

test('the French page about PHP has the files and outputs of the English one', () => {
  expect(filesOf('docs/testing-in-php.fr.md')).toEqual(filesOf('docs/testing-in-php.md'));
  expect(filesOf('docs/testing-in-php.md').size).toBe(2);
  const blocksOf = (page: string): string[] => fencedBlocksOf(readFileSync(page, 'utf8'));
  expect(blocksOf('docs/testing-in-php.fr.md')).toEqual(blocksOf('docs/testing-in-php.md'));
});
