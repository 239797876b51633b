import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { loadScenarios } from '../../scenarios/load.js';
import { runScenarios } from '../../scenarios/runner.js';
import { simulatorTarget } from '../../scenarios/target.js';
import { timeline } from '../../scenarios/timeline.js';
import { wait } from '../../simulator/wait.js';
import { CONTRACT } from '../scenarios/run-contract.js';
import { PAY } from '../simulator/storages.js';
import { run, type Served } from '../support/command.js';
import { numbersOf } from '../support/question.js';
import { tempFolder } from '../support/temp-folder.js';
import { askWorkers, controlWorkers, send, serveWorkers, workersOf } from '../support/workers.js';

const together = <Result>(count: number, work: (n: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));

const codesOf = (replies: readonly { readonly CODEREPONSE?: string }[]): Record<string, number> => {
  const codes: Record<string, number> = {};
  for (const { CODEREPONSE = '' } of replies) codes[CODEREPONSE] = (codes[CODEREPONSE] ?? 0) + 1;
  return codes;
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('the contract tests all hold on three workers', { timeout: 60_000 }, async () => {
  const { url } = await serveWorkers(3, '--quiet');
  const summary = await runScenarios(await loadScenarios([CONTRACT]), { target: simulatorTarget(url) });
  const broken = summary.results.flatMap((result) =>
    result.outcome === 'failed' ? [`${result.case.name}\n${timeline(result.case.scenario, result.record)}`] : [],
  );
  expect(broken).toEqual([]);
  expect(summary.passed).toBe(summary.results.length);
});

describe('many clients of several workers', () => {
  test('are never given the same numbers, and a question number passes once', async () => {
    const { url } = await serveWorkers(3, '--quiet');
    const replies = await together(150, () => askWorkers(url, PAY));
    expect(codesOf(replies)).toEqual({ '00000': 150 });
    expect(new Set(replies.map(({ NUMTRANS }) => NUMTRANS)).size).toBe(150);
    expect(new Set(replies.map(({ NUMAPPEL }) => NUMAPPEL)).size).toBe(150);
    expect(codesOf(await together(60, () => askWorkers(url, { ...PAY, NUMQUESTION: '999999' })))).toEqual({ '00000': 1, '00039': 59 });
  });

  test('capture an authorization once, of two hundred tries at once', async () => {
    const { url } = await serveWorkers(3, '--quiet');
    const authorization = await askWorkers(url, { ...PAY, TYPE: '00001' });
    const capture = { TYPE: '00002', MONTANT: '1000', DEVISE: '978', ...numbersOf(authorization) };
    expect(codesOf(await together(200, () => askWorkers(url, capture)))).toEqual({ '00000': 1, '00015': 199 });
    const { payments } = await controlWorkers(url, 'GET', '/_sim/payments');
    expect(payments).toMatchObject([{ captured: 1000 }]);
  });

  test('meet a rule for one call once; clock, rules and accounts changed through one worker hold on all', async () => {
    const { url } = await serveWorkers(3, '--quiet');
    await controlWorkers(url, 'POST', '/_sim/rules', { id: 'once', times: 1, answer: '00105' });
    expect(codesOf(await together(90, () => askWorkers(url, PAY)))).toEqual({ '00105': 1, '00000': 89 });
    for (let n = 0; n < 3; n++) expect((await controlWorkers(url, 'GET', '/_sim/rules/once')).calls).toBe(90);
    await together(30, () => controlWorkers(url, 'POST', '/_sim/rules', { match: { REFERENCE: 'none' }, answer: '00105' }));
    await controlWorkers(url, 'PUT', '/_sim/clock', { now: '2030-06-07T08:09', frozen: true });
    await together(6, () => controlWorkers(url, 'POST', '/_sim/clock/advance', { by: 'P1D' }));
    await controlWorkers(url, 'PUT', '/_sim/accounts/1999888/7', { CLE: '1999888I' });
    for (let n = 0; n < 6; n++) {
      expect((await controlWorkers(url, 'GET', '/_sim/rules')).rules).toHaveLength(31);
      expect((await controlWorkers(url, 'GET', '/_sim/clock')).now).toContain('2030-06-13T08:09');
      expect((await askWorkers(url, { ...PAY, RANG: '7' })).CODEREPONSE).toBe('00000');
    }
  });

  test('find a session everywhere, and after it was dropped a new one', async () => {
    const { url } = await serveWorkers(3, '--quiet');
    for (let round = 0; round < 3; round++) {
      const replies = await together(12, () => askWorkers(url, PAY, '/s/a'));
      expect(replies.map(({ NUMTRANS }) => Number(NUMTRANS)).sort((a, b) => a - b)).toEqual(replies.map((_, n) => 1_000_001 + n));
      await controlWorkers(url, 'POST', '/s/a/_sim/rules', { answer: '00105' });
      await controlWorkers(url, 'DELETE', '/_sim/sessions/a');
      for (let n = 0; n < 3; n++) expect(await controlWorkers(url, 'GET', '/_sim/sessions')).toEqual({ sessions: [] });
    }
  });

  test('have their replies exchanged whichever worker each came to', async () => {
    const { url } = await serveWorkers(3, '--quiet');
    await controlWorkers(url, 'POST', '/_sim/rules', { fault: { reply: 'swap' } });
    const replies = await together(6, (n) => askWorkers(url, { ...PAY, NUMQUESTION: String(100 + n) }));
    const got = replies.map(({ NUMQUESTION }) => Number(NUMQUESTION) - 100);
    expect([...got].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    for (const [asked, answered] of got.entries()) {
      expect(answered).not.toBe(asked);
      expect(got[answered]).toBe(asked);
    }
  });
});

async function untilReplaced(served: Served, before: readonly number[]): Promise<void> {
  await expect.poll(() => workersOf(served).filter((pid) => !before.includes(pid)).length, { timeout: 10_000 }).toBe(1);
}

test('a worker that is killed under load takes nothing with it that was acknowledged, and is started again', async () => {
  const served = await serveWorkers(3, '--quiet');
  const { url } = served;
  const workers = workersOf(served);
  expect(workers).toHaveLength(3);
  const told: string[] = [];
  let isOver = false;
  const shop = async (): Promise<void> => {
    while (!isOver) {
      // Who is cut off hears nothing, and asks again.
      const reply = await askWorkers(url, PAY).catch(() => undefined);
      if (reply) {
        expect(reply.CODEREPONSE).toBe('00000');
        told.push(reply.NUMTRANS ?? '');
      }
    }
  };
  const shops = together(12, shop);
  await expect.poll(() => told.length).toBeGreaterThan(30);
  process.kill(workers[0] as number, 'SIGKILL');
  await untilReplaced(served, workers);
  const before = told.length;
  await expect.poll(() => told.length).toBeGreaterThan(before + 30);
  isOver = true;
  await shops;

  expect(new Set(told).size).toBe(told.length);
  const kept = new Set<string>();
  for (let page = '9999999999'; page !== ''; ) {
    const { payments } = await controlWorkers(url, 'GET', `/_sim/payments?limit=1000&before=${page}`);
    for (const { id } of payments) kept.add(id);
    page = payments.at(-1)?.id ?? '';
  }
  expect(told.filter((number) => !kept.has(number))).toEqual([]);
  expect(served.complaints()).toBe(`Worker ${workers[0]} ended (SIGKILL); another takes its place.\n`);
});

test('an outage is one of all workers, and the port the same after it, for one that is started again too', async () => {
  const served = await serveWorkers(3, '--quiet');
  const { url } = served;
  const isDown = (): Promise<boolean> =>
    send(`${url}/load.html`, 'GET').then(
      () => false,
      (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
    );
  await controlWorkers(url, 'POST', '/_sim/outage', { milliseconds: 600 });
  await wait(200);
  expect(await together(6, isDown)).toEqual(Array.from({ length: 6 }, () => true));
  await expect.poll(isDown, { timeout: 5000 }).toBe(false);
  const workers = workersOf(served);
  process.kill(workers[0] as number, 'SIGKILL');
  await untilReplaced(served, workers);
  await wait(300);
  expect(await together(9, isDown)).toEqual(Array.from({ length: 9 }, () => false));
  expect(served.complaints().split('\n')).toHaveLength(2);
});

describe('paybox-sim serve --workers', () => {
  test('says once that it is up, and prints the lines of all workers whole', async () => {
    const served = await serveWorkers(3, '--json');
    await together(120, (n) => askWorkers(served.url, { ...PAY, REFERENCE: `${n}-${'x'.repeat(200)}`, DATEQ: '01012020' }));
    await served.stop();
    const [first, ...lines] = served.lines().map((line) => JSON.parse(line));
    expect(first).toMatchObject({ event: 'listening', workers: 3, store: served.db });
    expect(new Set(lines.map(({ reply }) => reply.NUMTRANS)).size).toBe(120);
    expect(lines).toHaveLength(120);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('ends with all its workers on %s, and answers what is at work', async (signal) => {
    const served = await serveWorkers(2, '--quiet');
    const workers = workersOf(served);
    await controlWorkers(served.url, 'POST', '/_sim/rules', { fault: { delay: 400 } });
    const replies = together(4, () => askWorkers(served.url, PAY));
    await wait(150);
    expect(await served.stop(signal)).toBe(0);
    expect(codesOf(await replies)).toEqual({ '00000': 4 });
    expect(workers.filter(isAlive)).toEqual([]);
    expect(served.complaints()).toBe('');
  });

  test('ends its workers with it, however it ends', async () => {
    const served = await serveWorkers(2, '--quiet');
    const workers = workersOf(served);
    served.child.kill('SIGKILL');
    await expect.poll(() => workers.filter(isAlive), { timeout: 5000 }).toEqual([]);
  });

  test('takes the number from its configuration, and the scenario to begin with', async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'config.yaml'), 'workers: 2\nrules:\n  - { match: { REFERENCE: a }, answer: "00151" }\n');
    const given = 'given:\n  clock: 2031-05-06T07:08\n  rules:\n    - { match: { REFERENCE: b }, answer: 00105 }';
    await writeFile(
      join(folder, 'order.yaml'),
      `id: order\nwhy: An order that is paid at once.\nsection: §3\nweight: I\n${given}\nsteps: [{ send: pay }]\n`,
    );
    const served = await serveWorkers(2, '--config', join(folder, 'config.yaml'), '--scenario', join(folder, 'order.yaml'));
    expect(await served.printed('Workers')).toBe('  Workers    2  processes that serve together');
    await served.printed('Staged as order begins');
    for (let n = 0; n < 4; n++) {
      expect((await askWorkers(served.url, { ...PAY, REFERENCE: 'a' })).CODEREPONSE).toBe('00151');
      expect((await askWorkers(served.url, { ...PAY, REFERENCE: 'b' })).CODEREPONSE).toBe('00105');
      expect((await controlWorkers(served.url, 'GET', '/_sim/clock')).now).toContain('2031-05-06T07:0');
    }
  });

  test('speaks HTTPS with certificates of one authority', async () => {
    const before = process.env.PAYBOX_SIM_HOME;
    process.env.PAYBOX_SIM_HOME = await tempFolder();
    const served = await serveWorkers(3, '--quiet', '--json', '--https', '--proxy');
    if (before === undefined) delete process.env.PAYBOX_SIM_HOME;
    else process.env.PAYBOX_SIM_HOME = before;
    const { ca, httpsUrl } = JSON.parse(served.lines()[0] ?? '');
    const { readFileSync } = await import('node:fs');
    const port = Number(new URL(httpsUrl).port);
    const isTrusted = (): Promise<boolean> =>
      new Promise((resolve, reject) => {
        const socket = connect({ port, servername: 'localhost', ca: readFileSync(ca) }, () => {
          resolve(socket.authorized);
          socket.destroy();
        }).once('error', reject);
      });
    expect(await together(6, isTrusted)).toEqual(Array.from({ length: 6 }, () => true));
  });

  test('asks for a file that the workers can share', async () => {
    const { status, err } = await run('--workers', '2', '--port', '0');
    expect(status).toBe(2);
    expect(err).toBe(
      '2 workers share their state through a file: give --db FILE too, or leave --workers out (in memory there is one process).\n',
    );
  });

  test('says once why it cannot serve', async () => {
    const taken = await serveWorkers(2, '--quiet');
    const { port } = new URL(taken.url);
    const { status, err } = await run('--workers', '3', '--port', port, '--db', join(await tempFolder(), 'other.db'));
    expect(status).toBe(2);
    expect(err).toMatch(/^Port \d+ is in use, perhaps by another simulator\..*\n$/);
    expect((await run('--workers', '0')).err).toContain('--workers is a whole number from 1 to 64');
  });
});
