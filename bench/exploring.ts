import { inProcessSandboxes } from '../cli/explore/in-process-sandbox.js';
import { createClient, minorUnits } from '../client/index.js';
import { codeFlow, type ShopStep } from '../scenarios/explore/code-flow.js';
import { execute } from '../scenarios/explore/execute.js';
import { explore } from '../scenarios/explore/explore.js';
import { type Benchmark, median } from './benchmark.js';

const AMOUNT = 1000;

/** A shop with the reference client. It asks three questions: whether the order is paid, the payment, and its state. */
const threeQuestions: ShopStep = async ({ url, backupUrl, account, fetch, reference, card }) => {
  const { site, rang, cle = '' } = account;
  const client = createClient({ url, backupUrl, site, rang, cle, version: '00104', timeout: 1000, fetch, askAfter: [0, 0, 0] });
  const order = { amount: minorUnits(AMOUNT, 'EUR'), reference };
  try {
    const known = await client.exists(order);
    if (known.kind === 'found') return 'paid';
    const outcome = await client.pay({ ...order, card });
    if (outcome.kind !== 'approved') return outcome.kind;
    const { transaction } = outcome;
    return (await client.inquire({ transaction })).kind === 'found' ? 'paid' : 'unknown';
  } catch {
    return 'unknown';
  }
};

/** The same questions without a client: what is left is the time of the gateway, of the faults and of the explorer. */
const threePlainQuestions: ShopStep = async ({ url, account, fetch, reference, card }) => {
  let questions = 0;
  const ask = async (fields: Readonly<Record<string, string>>): Promise<URLSearchParams> => {
    const { site, rang, cle = '' } = account;
    const own = { VERSION: '00104', SITE: site, RANG: rang, CLE: cle, NUMQUESTION: String(++questions), DATEQ: '01012026' };
    const body = new URLSearchParams({ ...own, ...fields }).toString();
    const reply = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body });
    return new URLSearchParams(await reply.text());
  };
  const order = { MONTANT: String(AMOUNT), DEVISE: '978', REFERENCE: reference };
  if ((await ask({ TYPE: '00011', ...order })).get('CODEREPONSE') === '00000') return 'paid';
  const paid = await ask({ TYPE: '00003', ...order, PORTEUR: card.number, DATEVAL: card.expiry, CVV: card.cvv });
  const state = await ask({ TYPE: '00017', NUMTRANS: paid.get('NUMTRANS') ?? '' });
  return state.get('CODEREPONSE') === '00000' ? 'paid' : 'unknown';
};

const processorMilliseconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Measures how many runs a second an exploration in process makes: of one plan again and again, and of the whole space with up to two faults. */
export const exploring: Benchmark = async ({ rounds, requests, print }) => {
  const sandboxes = inProcessSandboxes();
  const runs = Math.max(50, Math.round(requests / 20));
  const plan = [{ kind: 'utf-8', at: 2 }];
  const measure = async (pay: ShopStep) => {
    const flow = codeFlow({ amount: AMOUNT, steps: { pay } });
    const figures: { perSecond: number; perProcessorSecond: number }[] = [];
    for (let round = -1; round < rounds; round++) {
      const [start, processor] = [performance.now(), processorMilliseconds()];
      for (let run = 0; run < runs; run++) await execute(flow, sandboxes, plan);
      const seconds = (performance.now() - start) / 1000;
      const processorSeconds = (processorMilliseconds() - processor) / 1000;
      // The first round warms up.
      if (round >= 0) figures.push({ perSecond: runs / seconds, perProcessorSecond: runs / processorSeconds });
    }
    return {
      perSecond: Math.round(median(figures.map(({ perSecond }) => perSecond))),
      perProcessorSecond: Math.round(median(figures.map(({ perProcessorSecond }) => perProcessorSecond))),
    };
  };
  const plain = await measure(threePlainQuestions);
  const client = await measure(threeQuestions);
  for (const [name, { perSecond, perProcessorSecond }] of Object.entries({ plain, client }))
    print(
      `exploring in process, three questions a run (${name}): ${perSecond} runs a second, ${perProcessorSecond} a second of the processor`,
    );
  const flow = codeFlow({ amount: AMOUNT, steps: { pay: threeQuestions } });
  const { results, milliseconds } = await explore({ flow, sandboxes, jobs: 1, budget: 600_000 });
  print(`the whole space with up to two faults: ${results.length} runs in ${(milliseconds / 1000).toFixed(1)} s`);
  return { plain, client, space: { runs: results.length, milliseconds: Math.round(milliseconds) } };
};
