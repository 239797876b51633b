import { describe, expect, onTestFinished, test } from 'vitest';
import { type ExploreOptions, explore } from '../../../scenarios/explore/explore.js';
import { KINDS } from '../../../scenarios/explore/kinds.js';
import { readyFlow } from '../../../scenarios/explore/ready-flows.js';
import { explorationText } from '../../../scenarios/explore/report/text.js';
import { sandboxesOf } from '../../../scenarios/explore/sandbox.js';
import { failureId, scenarioFile } from '../../../scenarios/explore/scenario-file.js';
import { scenarioFlow } from '../../../scenarios/explore/scenario-flow.js';
import { hasPhp, openPhpShop } from '../../support/php-shop.js';
import { listeningTarget } from '../runs.js';

const RESULT_KINDS = KINDS.filter(({ group }) => group === 'result');

async function exploreShop(which: 'safe' | 'careless', name: 'hosted-page' | 'three-d-secure', more: Partial<ExploreOptions> = {}) {
  const shop = await openPhpShop(which, { SHOP_PER_REQUEST: '1' });
  // PHP warns of orders that the careless shop reads while it writes them.
  onTestFinished(() => (which === 'safe' ? shop.close() : shop.close().catch(() => {})));
  const { scenario, order, recover, leftToPerson } = readyFlow(name, 1999);
  const limits = { timeout: 1, within: 30 };
  const flow = scenarioFlow(scenario, { order, limits, leftToPerson, values: { shop: shop.url }, ...(recover && { recover }) });
  const exploration = await explore({ flow, sandboxes: sandboxesOf(await listeningTarget()), depth: 1, jobs: 4, ...more });
  const file = (law: string): string => {
    const failure = exploration.failures.find((one) => one.law === law);
    if (!failure) throw new Error(`No failure of ${law}.`);
    expect(failureId('shop', failure)).toContain(law);
    return scenarioFile(failure, { scenario, order, timeout: limits.timeout, usual: [], ...(recover && { recover }) });
  };
  return { exploration, file };
}

const triedIn = ({ results }: Awaited<ReturnType<typeof explore>>): Set<string> =>
  new Set(results.flatMap(({ plan }) => plan.map(({ kind, at }) => `${kind}@${at}`)));

describe.skipIf(!hasPhp && !process.env.CI)('the web shop in PHP', () => {
  test('breaks no law on the hosted page, whatever happens to the page, the results and the capture', { timeout: 120_000 }, async () => {
    const { exploration } = await exploreShop('safe', 'hosted-page');
    expect(exploration.failures, explorationText(exploration)).toEqual([]);
    const tried = triedIn(exploration);
    for (const expected of [
      'call-lost@0',
      'call-late@0',
      'return-forged@0',
      'both-at-once@0',
      'http-503@1',
      '00105@1',
      'drop@2',
      'midnight@2',
    ])
      expect(tried).toContain(expected);
    // An attempt on the page has no echo and no time limit.
    for (const senseless of ['never@1', 'echo-site@1', 'twice@1', 'switch@2']) expect(tried).not.toContain(senseless);
  });

  test('breaks no law when both results are lost, late or forged', { timeout: 120_000 }, async () => {
    const { exploration } = await exploreShop('safe', 'hosted-page', { depth: 2, kinds: RESULT_KINDS });
    expect(exploration.failures, explorationText(exploration)).toEqual([]);
    expect(exploration.left).toEqual([0, 0, 0]);
    expect(triedIn(exploration).size).toBe(13);
    expect(exploration.results.some(({ plan }) => plan.map(({ kind }) => kind).join(' ') === 'call-lost return-lost')).toBe(true);
  });

  test('that is careless is found, with a scenario that shows it', { timeout: 120_000 }, async () => {
    const { exploration, file } = await exploreShop('careless', 'hosted-page');
    expect(exploration.failures.map(({ law, place }) => `${law} at ${place}`)).toContain('said-paid at capture');
    expect(file('said-paid')).toContain('needs:\n  - shop\n');
  });

  test('breaks no law with 3-D Secure, whatever happens to its results', { timeout: 120_000 }, async () => {
    const { exploration } = await exploreShop('safe', 'three-d-secure', { kinds: RESULT_KINDS });
    expect(exploration.failures, explorationText(exploration)).toEqual([]);
    // The results of 3-D Secure have no amount.
    expect(triedIn(exploration).size).toBe(11);
  });
});
