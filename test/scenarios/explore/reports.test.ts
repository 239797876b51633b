import { beforeAll, describe, expect, test } from 'vitest';
import { inProcessSandboxes } from '../../../cli/explore/in-process-sandbox.js';
import { codeFlow } from '../../../scenarios/explore/code-flow.js';
import { type Exploration, explore } from '../../../scenarios/explore/explore.js';
import type { Failure } from '../../../scenarios/explore/failures.js';
import { KINDS } from '../../../scenarios/explore/kinds.js';
import { explorationReport } from '../../../scenarios/explore/report/index.js';
import { spaceMap, spaceTable } from '../../../scenarios/explore/report/table.js';
import { explorationText } from '../../../scenarios/explore/report/text.js';
import { shopSteps } from './shop.js';

let exploration: Exploration;
let files: ReadonlyMap<Failure, string>;

beforeAll(async () => {
  const flow = codeFlow({ name: 'order', amount: 1000, steps: { pay: shopSteps('sends again after a lost reply').pay } });
  exploration = await explore({ flow, sandboxes: inProcessSandboxes(), depth: 1, jobs: 1 });
  files = new Map(exploration.failures.map((failure) => [failure, 'explored/order.yaml']));
});

describe('the map of the space', () => {
  test('says where a law was broken, held, and what cannot happen', () => {
    const marks = Object.fromEntries(spaceMap(exploration, KINDS).map((row) => [row.kind.id, row.marks.join(' ')]));
    expect(marks).toMatchObject({
      drop: 'none held broken',
      'drop-before': 'none held held',
      'echo-rang-after': 'none held broken',
      '00105': 'none none held',
      'main-down': 'held none none',
      'captureNumbers=new': 'none none none',
      switch: 'none none none',
    });
  });

  test('counts by place and group', () => {
    const [whole, exists, pay] = spaceTable(exploration);
    expect([whole?.place, exists?.place, pay?.place]).toEqual(['the whole run', '1 exists', '2 pay']);
    expect(whole?.cells.host).toEqual({ runs: 2, broken: 0 });
    expect(exists?.cells.reply.broken).toBe(0);
    expect(pay?.cells.reply.broken).toBeGreaterThan(5);
    expect(pay?.cells.program).toEqual({ runs: 2, broken: 0 });
  });
});

describe('a report', () => {
  test('for a terminal has the timeline, the remedy and the file', () => {
    const text = explorationText(exploration, files);
    expect(text).toContain('✗ charged-once, at pay');
    expect(text).toContain('pay MONTANT=1000 REFERENCE=ORDER-1 → 00000   ⚡ Rule drop-at-2: reply: drop.');
    expect(text).toContain('→ Look up the order (00011, then 00017)');
    expect(text).toContain('→ paybox-sim run explored/order.yaml');
  });

  test('as JUnit has a failed case for each failure and a passed one for each law that held', async () => {
    const xml = await explorationReport('junit', exploration, files);
    expect(xml.match(/<failure/g)).toHaveLength(exploration.failures.length);
    expect(xml).toContain('name="order charged-once at pay"');
    expect(xml).toContain('name="order ends"');
    expect(xml).not.toContain('left-authorized');
  });

  test('as GitHub annotations names the file', async () => {
    expect(await explorationReport('github', exploration, files)).toContain('::error file=explored/order.yaml,');
  });

  test('as JSON has the plans', async () => {
    const report = JSON.parse(await explorationReport('json', exploration, files)) as {
      failures: { law: string; plan: string; file: string }[];
    };
    expect(report.failures[0]).toMatchObject({ law: 'charged-once', plan: 'drop@2', file: 'explored/order.yaml' });
  });

  test('as HTML has the map', async () => {
    const page = await explorationReport('html', exploration);
    expect(page).toMatch(
      /<th scope="row"[^>]*>drop<\/th><td class="mark none"[^>]*>·<\/td><td class="mark held"[^>]*>✓<\/td><td class="mark broken"[^>]*>✗<\/td>/,
    );
    expect(page).not.toContain('<script');
  });
});
