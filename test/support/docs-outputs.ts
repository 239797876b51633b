import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { exchangeLine } from '../../cli/exchange-line.js';
import { findingsText } from '../../cli/findings-report.js';
import { startMessage } from '../../cli/start-message.js';
import { decodeReply, encodeForm, latin1Text } from '../../contracts/index.js';
import { parseScenario, prettyReport, runScenarios, simulatorTarget } from '../../scenarios/index.js';
import { createSimulator, type Finding, type Simulator, type SimulatorOptions } from '../../simulator/index.js';
import { docsBlock } from './markdown.js';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const GATEWAY = 'http://127.0.0.1:8888';

async function withSimulator<Result>(work: (simulator: Simulator) => Promise<Result>, options: SimulatorOptions = {}): Promise<Result> {
  const simulator = createSimulator(options);
  try {
    return await work(simulator);
  } finally {
    await simulator.close();
  }
}

async function post(simulator: Simulator, body: BodyInit): Promise<Uint8Array> {
  const response = await simulator.fetch(new Request(`${GATEWAY}/PPPS.php`, { method: 'POST', body, headers: FORM }));
  return new Uint8Array(await response.arrayBuffer());
}

/** The day in Paris in the format of DATEQ, DDMMYYYY, like `date +%d%m%Y` prints it. */
const today = (): string => new Date().toLocaleDateString('en-GB', { timeZone: 'Europe/Paris' }).replaceAll('/', '');

/** Returns the body that the curl command of the README sends. */
function readmeBody(): string {
  const [, body = ''] = /^curl -s -d "([^"]+)" \S+\/PPPS\.php/m.exec(readFileSync('README.md', 'utf8')) ?? [];
  return body.replace('$(date +%s)', String(Math.floor(Date.now() / 1000))).replace('$(date +%d%m%Y)', today());
}

const startOutput = (): string => {
  const text = startMessage({ url: GATEWAY, store: 'memory', proxy: false, httpsUrl: undefined, certificateAuthority: undefined });
  return text.split('\n\n')[0] ?? '';
};

const payOutput = (): Promise<string> => withSimulator(async (simulator) => latin1Text(await post(simulator, readmeBody())));

async function exchangeLineOutput(): Promise<string> {
  let line = '';
  const onExchange: SimulatorOptions['onExchange'] = (...exchange) => {
    line = exchangeLine(...exchange);
  };
  await withSimulator((simulator) => post(simulator, readmeBody()), { onExchange });
  return line;
}

const ruleOutput = (): Promise<string> =>
  withSimulator(async (simulator) => {
    const [, body = ''] = /_sim\/rules -d '([^']+)'/.exec(readFileSync('docs/outcomes-and-faults.md', 'utf8')) ?? [];
    const response = await simulator.fetch(new Request(`${GATEWAY}/_sim/rules`, { method: 'POST', body }));
    return response.text();
  });

type Located = Parameters<typeof findingsText>[0][number];

const findingOutput = (): Promise<string> =>
  withSimulator(async (simulator) => {
    const head = { VERSION: '00104', SITE: '1999888', RANG: '32', CLE: '1999888I', DATEQ: today(), MONTANT: '1000', DEVISE: '978' };
    const card = { REFERENCE: 'ORDER-1', PORTEUR: '1111222233334444', DATEVAL: '1249', CVV: '123' };
    const paid = decodeReply(await post(simulator, encodeForm(Object.entries({ ...head, ...card, TYPE: '00003', NUMQUESTION: '1' }))));
    const swapped = { NUMTRANS: paid.get('NUMAPPEL') ?? '', NUMAPPEL: paid.get('NUMTRANS') ?? '' };
    await post(simulator, encodeForm(Object.entries({ ...head, ...swapped, TYPE: '00014', NUMQUESTION: '2' })));
    const response = await simulator.fetch(new Request(`${GATEWAY}/_sim/journal`));
    const { entries } = (await response.json()) as { entries: readonly (Located['request'] & { readonly findings: readonly Finding[] })[] };
    const found = entries.flatMap(({ findings, ...request }) => findings.map((one) => ({ gateway: 'main', request, ...one })));
    return `$ npx paybox-sim findings --fail-on warning\n${findingsText(found)}`;
  });

const runBlock = (file: string, integration?: string): Promise<string> =>
  withSimulator(async (simulator) => {
    const scenarios = [await parseScenario(docsBlock(file), file)];
    const target = simulatorTarget(await simulator.listen());
    return prettyReport(await runScenarios(scenarios, { target, ...(integration !== undefined && { values: { integration } }) }));
  });

async function lostReplyOutput(): Promise<string> {
  const runs: string[] = [];
  for (const merchant of ['safe', 'careless']) {
    const program = `scenarios/examples/php/${merchant}.php`;
    const command = `$ npx paybox-sim run lost-reply.yaml --integration 'php node_modules/paybox-direct-simulator/${program}'`;
    runs.push(`${command}\n${await runBlock('lost-reply.yaml', `php ${program}`)}`);
  }
  return runs.join('\n\n');
}

/** Returns the report without the steps that pass before the failed one. */
async function partialRefundOutput(): Promise<string> {
  const report = await runBlock('partial-refund.yaml');
  return `$ npx paybox-sim run partial-refund.yaml\n${report.replace(/^ {2}1 {2}[\s\S]*?(?=^ {2}4 {2})/m, '  …\n')}`;
}

const OUTPUTS: Readonly<Record<string, () => string | Promise<string>>> = {
  start: startOutput,
  pay: payOutput,
  'exchange-line': exchangeLineOutput,
  rule: ruleOutput,
  finding: findingOutput,
  'lost-reply': lostReplyOutput,
  'partial-refund': partialRefundOutput,
};

/** Outputs that the docs must show. */
export const REQUIRED_OUTPUTS: readonly string[] = Object.keys(OUTPUTS);

/**
 * Generates the output for the docs between `<!-- output: NAME -->` and `<!-- end -->`, by running the commands that the docs show.
 *
 * @throws Error when there is no output of this name
 */
export async function docsOutput(name: string): Promise<string> {
  const generate = OUTPUTS[name];
  if (!generate) throw new Error(`<!-- output: ${name} -->: there is no output of this name.`);
  return `\`\`\`text\n${stripVTControlCharacters(await generate()).trimEnd()}\n\`\`\``;
}

/** Replaces the parts of an output that differ from run to run: times, question numbers, references, durations. */
export const withoutVariableParts = (output: string): string =>
  output
    .replace(/\b\d\d:\d\d:\d\d\b/g, '[time]')
    .replace(/NUMQUESTION=\d+/g, 'NUMQUESTION=[number]')
    .replace(/\bSIM-[a-z]+\b/g, 'SIM-[reference]')
    .replace(/ in \d+\.\d s/g, ' in [seconds] s');
