import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseScenario } from '../../scenarios/parse.js';
import { runScenarios } from '../../scenarios/runner.js';
import { simulatorTarget } from '../../scenarios/target.js';
import { createSimulator } from '../../simulator/index.js';
import { CARD, numbersOf, type Variables } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { PAY } from './storages.js';

const HOSTILE = `$(touch /tmp/x) \`id\` 'quoted' "double" \\ & ; é \u202E %41 #: {a} - [b]`;

async function listening(): Promise<TestSimulator & { readonly url: string }> {
  const bench = openTestSimulator();
  onTestFinished(() => bench.simulator.close());
  return { ...bench, url: await bench.simulator.listen() };
}

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

async function copied(url: string, path: string, id: string): Promise<string> {
  const html = await (await fetch(`${url}/_sim/${path}`)).text();
  const [, text] = new RegExp(`<pre id="${id}">([\\s\\S]*?)</pre>`).exec(html) ?? [];
  if (text === undefined) throw new Error(`Element not found: ${id} at ${path}.`);
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}

const shell = async (command: string): Promise<string> => (await promisify(execFile)('sh', ['-c', command], { encoding: 'latin1' })).stdout;

const newest = async ({ simulator }: TestSimulator) => (await simulator.journal({ limit: 1 }))[0];

describe('the curl command of an exchange', () => {
  test.each<readonly [string, Variables, string]>([
    ['a payment', PAY, 'CODEREPONSE=00000'],
    ['values with shell syntax', { ...PAY, REFERENCE: HOSTILE }, 'CODEREPONSE=00000'],
    ['a refused card, of which the journal stores only the mask', { ...PAY, PORTEUR: '1111220000001519' }, 'CODEREPONSE=00151'],
    ['an invalid amount', { ...PAY, MONTANT: '10.00' }, 'CODEREPONSE=00011'],
  ])('repeats the request: %s', async (_, variables, expected) => {
    const bench = await listening();
    await bench.ask(variables);
    const [before] = await bench.simulator.journal({ limit: 1 });
    expect(await shell(await copied(bench.url, 'ui/exchanges/1', 'curl-text'))).toContain(expected);
    const after = await newest(bench);
    expect(after?.seq).toBe(2);
    const sent = (entry: typeof after) => entry?.request.filter(([name]) => name !== 'NUMQUESTION');
    expect(sent(after)).toEqual(sent(before));
  });

  test('of a signed request sends the CLE instead of the HMAC and says so', async () => {
    const bench = await listening();
    await bench.ask({ ...PAY, CLE: '', HASH: 'SHA512', HMAC: '00' });
    const command = await copied(bench.url, 'ui/exchanges/1', 'curl-text');
    expect(command).not.toMatch(/HMAC|HASH/);
    expect(await (await fetch(`${bench.url}/_sim/ui/exchanges/1`)).text()).toContain('The HMAC is omitted');
  });
});

describe('the scenario of an exchange', () => {
  async function runsAsCopied(bench: TestSimulator & { readonly url: string }, seq: number): Promise<void> {
    const text = await copied(bench.url, `ui/exchanges/${seq}`, 'scenario-text');
    const simulator = createSimulator();
    onTestFinished(() => simulator.close());
    const target = simulatorTarget(await simulator.listen());
    const { passed, results } = await runScenarios([await parseScenario(text, 'copied.yaml')], { target });
    expect(passed, `${text}\n${JSON.stringify(results, undefined, 1)}`).toBe(1);
  }

  test('repeats a payment over several days, including refusals', async () => {
    const bench = await listening();
    const authorized = await bench.ask({ ...PAY, TYPE: '00001', MONTANT: '4990' });
    const captured = await bench.ask({ TYPE: '00002', MONTANT: '4990', DEVISE: '978', ...numbersOf(authorized) });
    bench.simulator.clock.advance('P2DT3H');
    await bench.ask({ TYPE: '00017', ...numbersOf(captured) });
    await bench.ask({ TYPE: '00005', MONTANT: '4990', DEVISE: '978', ...numbersOf(captured) });
    await bench.ask({ TYPE: '00014', MONTANT: '1990', DEVISE: '978', ...numbersOf(captured) });
    await bench.ask({ TYPE: '00014', MONTANT: '3001', DEVISE: '978', ...numbersOf(authorized) });
    for (const seq of [1, 4, 6]) await runsAsCopied(bench, seq);
  });

  test.each<readonly [string, Variables]>([
    ['a refused card', { ...PAY, PORTEUR: '1111220000001055' }],
    ['values with YAML syntax', { ...PAY, REFERENCE: HOSTILE }],
    ['a number with leading zeros', { ...PAY, REFERENCE: '007', MONTANT: '0000000100' }],
    ['a missing variable', { ...PAY, DEVISE: '' }],
    ['a new subscriber', { ...CARD, TYPE: '00056', MONTANT: '0', DEVISE: '978', REFABONNE: 'anna' }],
  ])('repeats %s', async (_, variables) => {
    const bench = await listening();
    await bench.ask(variables);
    await runsAsCopied(bench, 1);
  });

  test('contains the rule that determined the outcome', async () => {
    const bench = await listening();
    bench.simulator.gateway.rules.add({ match: { TYPE: 'pay', REFERENCE: { pattern: '^or' } }, answer: '00003' });
    await bench.ask(PAY);
    await runsAsCopied(bench, 1);
  });
});
