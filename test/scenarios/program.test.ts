import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { simulatorTarget } from '../../scenarios/target.js';
import { createSimulator } from '../../simulator/index.js';
import { holdTimers } from '../support/fake-timers.js';
import { tempFolder } from '../support/temp-folder.js';
import { inProcessFetch } from './run-contract.js';
import { failuresOf, node, runReachable, shell, stepsOf, timelineOf } from './support.js';

/** Pays at the gateway of the environment and prints the reply's numbers. */
const PAYS = node(`
  const { PAYBOX_URL, PAYBOX_SITE: SITE, PAYBOX_RANG: RANG, PAYBOX_CLE: CLE, PAYBOX_VERSION: VERSION } = process.env;
  const card = { PORTEUR: "1111222233334444", DATEVAL: "1249", CVV: "123" };
  const order = { NUMQUESTION: "5", DATEQ: "10062026", MONTANT: "1000", DEVISE: "978", REFERENCE: process.env.ORDER };
  const body = new URLSearchParams({ VERSION, TYPE: "00003", SITE, RANG, CLE, ...card, ...order });
  fetch(PAYBOX_URL, { method: "POST", body }).then((reply) => reply.text()).then((text) => {
    const reply = new URLSearchParams(text);
    console.log("paid", reply.get("NUMTRANS"), reply.get("NUMAPPEL"), reply.get("CODEREPONSE"));
  });`);

describe('a step that runs a program', () => {
  it('passes the URLs and the account in the environment', async () => {
    const names = ['URL', 'BACKUP_URL', 'SITE', 'RANG', 'CLE', 'HMAC_KEY', 'VERSION', 'IDENTIFIANT'];
    const prints = shell(`echo ${names.map((name) => `$PAYBOX_${name}`).join(' ')}`);
    const pattern =
      '^http://127\\.0\\.0\\.1:\\d+/s/[^/]+/PPPS\\.php http://127\\.0\\.0\\.1:\\d+/s/[^/]+/backup/PPPS\\.php 1999888 32 1999888I (0123456789ABCDEF){8} 00104 107904482$';
    const summary = await runReachable(`steps: [{ run: ${prints}, expect: { program: { stdout: { pattern: '${pattern}' } } } }]`);
    expect(failuresOf(summary)).toEqual([]);
  });

  it('adds `env` to the environment and replaces its ${…}', async () => {
    const prints = shell('echo "$ORDER [$PATH]"');
    const step = `{ run: ${prints}, env: { ORDER: "\${reference}-\${n}" }, expect: { program: { stdout: { pattern: "^SIM-.+-7 \\\\[.+\\\\]$" } } } }`;
    expect(failuresOf(await runReachable(`examples: [{ n: 7 }]\nsteps: [${step}]`))).toEqual([]);
  });

  it('replaces ${…} in the command', async () => {
    const steps = `steps: [{ run: "\${shop} \${card}", expect: { program: { stdout: "1111222233334444" } } }]`;
    expect(failuresOf(await runReachable(steps, { values: { shop: 'echo' } }))).toEqual([]);
  });

  it('checks the exit status and both outputs', async () => {
    const program = shell('echo out; echo err >&2; exit 3');
    const good = '{ status: 3, stdout: out, stderr: { pattern: "^e" } }';
    expect(failuresOf(await runReachable(`steps: [{ run: ${program}, expect: { program: ${good} } }]`))).toEqual([]);
    const wrong = '{ status: 0, stdout: { absent: true }, stderr: other }';
    expect(failuresOf(await runReachable(`steps: [{ run: ${program}, expect: { program: ${wrong} } }]`))).toEqual([
      { path: ['steps', 0, 'expect', 'program', 'status'], expected: 'status 0', received: '3: err' },
      { path: ['steps', 0, 'expect', 'program', 'stdout'], expected: 'stdout is nothing', received: '"out"' },
      { path: ['steps', 0, 'expect', 'program', 'stderr'], expected: 'stderr is "other"', received: '"err"' },
    ]);
  });

  it('accepts any exit status if none is expected', async () => {
    const summary = await runReachable(`steps: [{ run: "exit 7" }, { run: "exit 0", expect: { program: { status: 0 } } }]`);
    expect(stepsOf(summary).map(({ program }) => program?.status)).toEqual([7, 0]);
    expect(summary.passed).toBe(1);
  });

  it('fails if the command does not exist', async () => {
    const summary = await runReachable(`steps: [{ run: no-such-shop-program, expect: { program: { status: 0 } } }]`);
    expect(failuresOf(summary)).toMatchObject([{ expected: 'status 0', received: expect.stringMatching(/^127: .*no-such-shop-program/) }]);
  });

  it('provides the words of its output and its JSON fields to later steps', async () => {
    const steps = `steps:
      - { run: ${PAYS}, env: { ORDER: "\${reference}" }, as: order, expect: { program: { stdout: { pattern: "^paid [0-9]{10} [0-9]{10} 00000$" } } } }
      - send: refund
        with: { NUMTRANS: "\${order.word2}", NUMAPPEL: "\${order.word3}", MONTANT: "1000", DEVISE: "978" }
        expect: { reply: { CODEREPONSE: "\${order.word4}" }, money: { payments: 1, captured: 1000, refunded: 1000 } }
      - { run: ${shell(`echo '{"code":17,"deep":null}'`)}, as: shop }
      - { run: "echo \${shop.code} \${shop.deep} \${shop.text}", expect: { program: { stdout: { pattern: "^17 null " } } } }`;
    expect(failuresOf(await runReachable(steps))).toEqual([]);
  });

  it('reports the existing words if a step refers to another one', async () => {
    const steps = 'steps: [{ run: echo paid 1, as: order }, { run: "echo ${order.word3}" }]';
    expect(failuresOf(await runReachable(steps))).toMatchObject([
      { path: ['steps', 1], received: '${order.word3}: the reply to order has no word3; it has text, word1, word2.' },
    ]);
  });

  it('shows its output in the timeline, with card numbers masked and control characters replaced', async () => {
    const program = shell("printf 'card 4012001037141112\\033[2J\\nlast\\n'; exit 4");
    const text = timelineOf(await runReachable(`steps: [{ run: ${program}, expect: { program: { status: 0 } } }]`));
    expect(text).toContain('← status 4\n        card 401200******1112·[2J\n        last\n');
    expect(text).toContain('✗ expected status 0\n        received 4\n        at order.yaml:5:');
  });
});

describe('a program that exceeds its time limit', () => {
  it('is killed with all processes it started, and the step fails', async () => {
    const pids = join(await tempFolder(), 'pids');
    // A program that starts another one and waits for it.
    const command = shell('echo $$ >> "$PIDS"; sleep 300 & echo $! >> "$PIDS"; wait');
    const exceedLimit = holdTimers(7000);
    const running = runReachable(`steps: [{ run: ${command}, within: 7, env: { PIDS: "${pids}" } }, { send: pay }]`);
    const readPids = async (): Promise<number[]> => ((await readFile(pids, 'utf8').catch(() => '')).match(/\d+\n/g) ?? []).map(Number);
    await expect.poll(readPids).toHaveLength(2);
    exceedLimit();
    const summary = await running;
    expect(failuresOf(summary)).toMatchObject([
      { path: ['steps', 0], expected: 'an answer in time', received: expect.stringContaining('It took longer than 7 s and was killed.') },
    ]);
    expect(stepsOf(summary)).toHaveLength(1);
    for (const pid of await readPids()) await expect.poll(() => isRunning(pid)).toBe(false);
  });
});

/** Whether a process runs. A zombie does not. */
async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    return !/\) Z /.test(state);
  } catch {
    return false;
  }
}

describe('a scenario that starts programs', () => {
  const reasonOf = async (rest: string, inProcess: boolean, values?: Readonly<Record<string, string>>): Promise<string | undefined> => {
    const target = simulatorTarget('http://localhost', inProcessFetch(createSimulator()));
    const { results } = await runReachable(rest, { ...(inProcess && { target }), ...(values && { values }) });
    return results[0]?.outcome === 'skipped' ? results[0].reason : results[0]?.outcome;
  };

  it.each(['{ run: exit 0 }', '{ call: "http://127.0.0.1:9" }', '{ together: [{ send: pay }, { run: exit 0 }] }'])(
    'is skipped if they cannot reach the gateway: %s',
    async (step) => {
      expect(await reasonOf(`steps: [${step}]`, true)).toBe(
        'it starts programs, which cannot reach a gateway that only runs in this process',
      );
    },
  );

  it('is skipped if it needs an integration and none is given', async () => {
    const text = 'needs: [integration]\nsteps: [{ run: "${integration}", expect: { program: { stdout: shop } } }]';
    expect(await reasonOf(text, false)).toBe('no integration is given (--integration)');
    expect(await reasonOf(text, false, { integration: 'echo shop' })).toBe('passed');
  });
});
