import { describe, expect, test } from 'vitest';
import { groupFailures, shrink } from '../../../scenarios/explore/failures.js';
import { kindBy } from '../../../scenarios/explore/kinds.js';
import { type Plan, planKey } from '../../../scenarios/explore/perturbation.js';
import type { RunResult } from '../../../scenarios/explore/run-result.js';
import { type Progress, type SearchOptions, search } from '../../../scenarios/explore/search.js';

const KINDS = ['drop', 'http-500', '00003', 'main-down'].map(kindBy);
const POINTS = ['exists', 'pay'].map((operation) => ({ TYPE: '00003', operation, request: [] }));
const readPlan = (key: string): Plan =>
  key.split(' ').map((part) => {
    const [kind = '', at] = part.split('@');
    return { kind, at: Number(at) };
  });

const OPTIONS: SearchOptions = { kinds: KINDS, depth: 2, jobs: 1, seed: 1, isOver: () => false };

type Behaviour = Partial<RunResult>;

/** Runs of a program that breaks a law or behaves alike under some plans. */
function program(behaviour: (key: string) => Behaviour = () => ({})) {
  const ran: string[] = [];
  const run = async (plan: Plan): Promise<RunResult> => {
    const key = planKey(plan);
    ran.push(key);
    return { plan, points: POINTS, happened: true, signature: key, breaches: [], timeline: [], milliseconds: 1, ...behaviour(key) };
  };
  return { run, ran };
}

const breaks = (law = 'charged-once'): Behaviour => ({ breaches: [{ law, problem: 'twice' }] });

describe('the search', () => {
  test('runs every fault at every question, then every pair', async () => {
    const { run, ran } = program();
    await search(run, OPTIONS);
    expect(ran.slice(0, 8)).toEqual(['nothing', 'drop@1', 'http-500@1', '00003@1', 'drop@2', 'http-500@2', '00003@2', 'main-down@0']);
    const pairs = ran.slice(8);
    expect(new Set(pairs).size).toBe(pairs.length);
    // Three by three at the two questions, and six beside the host.
    expect(pairs).toHaveLength(9 + 6);
  });

  test('does not continue a run that broke a law, nor tries it beside a host', async () => {
    const { run, ran } = program((key) => (key === 'drop@1' ? breaks() : {}));
    await search(run, OPTIONS);
    expect(ran.filter((key) => key.includes('drop@1'))).toEqual(['drop@1']);
  });

  test('continues one of several runs that behave alike', async () => {
    const { run, ran } = program((key) => (key === 'drop@1' || key === 'http-500@1' ? { signature: 'lost' } : {}));
    const { alike } = await search(run, OPTIONS);
    expect(alike).toBe(1);
    expect(ran.filter((key) => key.startsWith('http-500@1 '))).toEqual([]);
    expect(ran.filter((key) => key.startsWith('drop@1 '))).toHaveLength(3);
  });

  test('does not continue a run in which a fault did not happen', async () => {
    const { run, ran } = program((key) => ({ happened: key !== 'drop@1' }));
    await search(run, OPTIONS);
    expect(ran.filter((key) => key.startsWith('drop@1 '))).toEqual([]);
  });

  test('makes all runs with one fault when the time is over, and counts the others', async () => {
    const { run, ran } = program();
    const { left } = await search(run, { ...OPTIONS, isOver: () => true });
    expect(ran).toHaveLength(8);
    expect(left).toEqual([0, 0, 15]);
  });

  test('runs pairs in the order of the seed', async () => {
    const order = async (seed: number, jobs = 1) => {
      const { run, ran } = program();
      await search(run, { ...OPTIONS, seed, jobs });
      return ran;
    };
    expect(await order(1)).toEqual(await order(1));
    expect(await order(1)).not.toEqual(await order(2));
    expect((await order(1, 3)).sort()).toEqual((await order(2)).sort());
  });

  test('ends with the first failure if it is asked to', async () => {
    const { run, ran } = program((key) => (key === 'http-500@1' ? breaks() : {}));
    const { results } = await search(run, { ...OPTIONS, stopsAtFailure: true });
    expect(ran).toEqual(['nothing', 'drop@1', 'http-500@1']);
    expect(results).toHaveLength(3);
  });

  test('tells what is left', async () => {
    const { run } = program((key) => (key === 'drop@1' ? breaks() : {}));
    const seen: Progress[] = [];
    await search(run, { ...OPTIONS, depth: 1, onProgress: (progress) => seen.push(progress) });
    expect(seen.at(0)).toEqual({ depth: 0, done: 1, left: 0, failures: 0 });
    expect(seen.at(-1)).toEqual({ depth: 1, done: 7, left: 0, failures: 1 });
  });
});

describe('failures', () => {
  test('are grouped by law and place, and the shortest run stands for them', async () => {
    const broken = ['drop@1', 'http-500@2', 'drop@2', '00003@1 drop@2'];
    const { run } = program((key) => (broken.includes(key) ? breaks() : {}));
    const results = await Promise.all([...broken].reverse().map((key) => run(readPlan(key))));
    const failures = groupFailures(results, () => true);
    expect(failures.map(({ place, run: { plan }, plans }) => [place, planKey(plan), plans.length])).toEqual([
      ['pay', 'drop@2', 3],
      ['exists', 'drop@1', 1],
    ]);
  });

  test('are shrunk to the faults that they need', async () => {
    const { run } = program((key) => (key.includes('drop@2') ? breaks() : {}));
    const shrunk = await shrink(await run(readPlan('main-down@0 00003@1 drop@2')), 'charged-once', run);
    expect(planKey(shrunk.plan)).toBe('drop@2');
  });

  test('stay as they are if every fault is needed', async () => {
    const { run } = program((key) => (key === '00003@1 drop@2' ? breaks() : {}));
    const shrunk = await shrink(await run(readPlan('00003@1 drop@2')), 'charged-once', run);
    expect(planKey(shrunk.plan)).toBe('00003@1 drop@2');
  });
});
