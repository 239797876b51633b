import { describe, expect, it, onTestFinished } from 'vitest';
import { TEST_HMAC_KEY } from '../../contracts/index.js';
import { maskDeep, maskedTail } from '../../scenarios/masking.js';
import { parseScenario } from '../../scenarios/parse.js';
import { wireExchanges } from '../../scenarios/recording.js';
import { makeReport, prettyReport, REPORT_NAMES } from '../../scenarios/reports/index.js';
import { type CaseResult, type RunSummary, runScenarios } from '../../scenarios/runner.js';
import { endpointTarget, simulatorTarget } from '../../scenarios/target.js';
import { timeline } from '../../scenarios/timeline.js';
import { createSimulator } from '../../simulator/index.js';
import { inline } from './inline.js';
import { inProcessFetch } from './run-contract.js';

const CARD = '4012001037141112';
const TEST_CLE = '1999888I';
const SECRETS = /4012001037141112|4012 0010 3714 1112|\b987\b|s3cr3tkey/;

const BODIES: Readonly<Record<string, string>> = {
  JSON: `{"VERSION":"00104","PORTEUR":"${CARD}","CVV":"987","CLE":"s3cr3tkey"}`,
  'JSON with & and =': `{"REFERENCE":"a=b&TYPE=00003","PORTEUR":"${CARD}","CVV":"987","CLE":"s3cr3tkey"}`,
  'JSON after a form': `TYPE=00003&x={"PORTEUR":"${CARD}"}&{"CVV":"987","CLE":"s3cr3tkey"}`,
  XML: `<pay><PORTEUR>4012 0010 3714 1112</PORTEUR><CVV>987</CVV><CLE>s3cr3tkey</CLE></pay>`,
  multipart: `--x\r\nContent-Disposition: form-data; name="PORTEUR"\r\n\r\n${CARD}\r\n--x\r\nContent-Disposition: form-data; name="CVV"\r\n\r\n987\r\n`,
  'a form with a card for a name': `TYPE=00003&${CARD}=x&CVV=987&CLE=s3cr3tkey`,
  'a form in small letters': `type=00003&porteur=${CARD}&cvv=987&cle=s3cr3tkey`,
};

/** Sends a body to an endpoint with expectations that fail. */
async function send(body: string, fetch: typeof globalThis.fetch): Promise<RunSummary> {
  const scenario = await inline(
    `steps: [{ raw: ${JSON.stringify(body)}, expect: { reply: { CODEREPONSE: "x" }, wire: { order: [A], contains: "nowhere" } } }]`,
  );
  const target = endpointTarget('http://localhost/PPPS.php', { site: '1999888', rang: '32', cle: '1999888I', version: '00104' }, fetch);
  return runScenarios([scenario], { target });
}

async function shownOf(summary: RunSummary): Promise<string> {
  const [result] = summary.results as [CaseResult];
  if (result.outcome === 'skipped') throw new Error('The case did not run.');
  const reports = await Promise.all(REPORT_NAMES.map((name) => makeReport(name, summary)));
  return [timeline(result.case.scenario, result.record), JSON.stringify(wireExchanges(summary)), ...reports].join('\n');
}

const echo: typeof globalThis.fetch = async (input, init) => {
  const body = await new Request(input, init).arrayBuffer();
  return new Response(body, { status: 400 });
};

describe('a body with card number, CVV and key', () => {
  it.each(Object.keys(BODIES))('is masked in timeline, reports and recording: %s', async (name) => {
    const shown = await shownOf(await send(BODIES[name] ?? '', inProcessFetch(createSimulator())));
    expect(shown).toMatch(/1112|PORTEUR|porteur/);
    expect(shown).not.toMatch(SECRETS);
  });

  it.each(Object.keys(BODIES))('is masked if the endpoint sends it back: %s', async (name) => {
    const shown = await shownOf(await send(BODIES[name] ?? '', echo));
    expect(shown).toContain('400');
    expect(shown).not.toMatch(SECRETS);
  });
});

describe('a card number or a CVV in the texts of a scenario', () => {
  it('is shown in no report', async () => {
    const scenario = await parseScenario(
      `id: leaks\nwhy: "paid with 12-${CARD}"\nsteps: [{ rule: { match: { PORTEUR: "${CARD}" }, answer: "00105" } }, { send: pay, with: { PORTEUR: "${CARD}" }, expect: { reply: { REFABONNE: "4012.0010.3714.1112", COMMENTAIRE: "cvv=987" } } }]`,
      'leaks.yaml',
    );
    const simulator = createSimulator();
    const target = simulatorTarget('http://localhost', inProcessFetch(simulator));
    const summary = await runScenarios([scenario], { target });
    expect(summary.failed).toBe(1);
    const reports = await Promise.all(REPORT_NAMES.map((name) => makeReport(name, summary)));
    const shown = [...reports, prettyReport(summary)].join('\n');
    expect(shown).toContain('paid with 12-401200******1112');
    expect(shown).not.toMatch(/4012001037141112|4012.0010.3714.1112|\b987\b/);
  });
});

describe('an ordinary question', () => {
  it('is shown variable by variable', async () => {
    const summary = await send('VERSION=00104&TYPE=00003&SHOP[id]=5&CVV=987', inProcessFetch(createSimulator()));
    expect(await shownOf(summary)).toContain('→ VERSION=00104 TYPE=00003 SHOP[id]=5 CVV=***');
  });
});

describe('the card number that a refusal repeats in PORTEUR', () => {
  it('is shown in no report', async () => {
    const simulator = createSimulator();
    const scenario = await inline(
      `steps: [{ send: subscribers.register, with: { PORTEUR: "4111111111111112" }, expect: { reply: { PORTEUR: "x", CODEREPONSE: "y" } } }]`,
    );
    const fetch = inProcessFetch(simulator);
    const target = endpointTarget('http://localhost/PPPS.php', { site: '1999888', rang: '32', cle: '1999888I', version: '00104' }, fetch);
    const shown = await shownOf(await runScenarios([scenario], { target }));
    expect(shown).toContain('411111******1112');
    expect(shown).not.toContain('4111111111111112');
    await simulator.close();
  });
});

/** Runs a scenario that fails, and returns everything that is shown of it. */
async function shownOfStep(step: object): Promise<string> {
  const simulator = createSimulator();
  onTestFinished(() => simulator.close());
  const target = simulatorTarget(await simulator.listen());
  const summary = await runScenarios([await inline(`steps: ${JSON.stringify([step])}`)], { target });
  expect(summary.failed).toBe(1);
  return `${await shownOf(summary)}\n${prettyReport(summary)}`;
}

describe('a step that starts a program or calls an application', () => {
  it.each([
    [{ run: `true --card ${CARD} --cvv 987`, expect: { program: { status: 1 } } }, `run true --card 401200******1112 --cvv ***`],
    [{ run: `true 'PORTEUR=${CARD}&CVV=987&CLE=s3cr3tkey'`, expect: { program: { status: 1 } } }, 'CVV=***'],
    [{ call: `http://127.0.0.1:9/?pan=${CARD}&cvv=987`, expect: { http: { status: 200 } } }, 'pan=401200******1112&cvv=***'],
    [{ run: `echo 'CVV=987 ${CARD}'; exit 1`, expect: { program: { status: 0 } } }, 'status 1'],
    [{ run: `echo 'CVV=987 ${CARD}' >&2; sleep 60`, within: 0.3, expect: { program: { status: 0 } } }, 'was killed'],
  ])('shows no card number and no CVV in any report: %j', async (step, part) => {
    const shown = await shownOfStep(step);
    expect(shown).toContain(part);
    expect(shown).not.toMatch(SECRETS);
  });

  it.each([
    'echo $PAYBOX_CLE $PAYBOX_HMAC_KEY',
    'env | grep PAYBOX_ >&2',
    'echo "$PAYBOX_CLE" | tr A-Z a-z; echo "$PAYBOX_HMAC_KEY" | tr a-f A-F',
    'echo "$PAYBOX_CLE$PAYBOX_HMAC_KEY"; echo line; sleep 0',
    'printf "%01000d" 1; printf "%s" "$PAYBOX_CLE"; printf "%0495d" 1',
    `true ${TEST_CLE}`,
  ])('shows the keys of the account in no report: %s', async (run) => {
    const shown = await shownOfStep({ run, expect: { program: { status: 1 } } });
    expect(shown).toContain('status 0');
    expect(shown.toLowerCase()).not.toContain(TEST_CLE.toLowerCase());
    expect(shown.toLowerCase()).not.toContain(TEST_HMAC_KEY.slice(0, 64).toLowerCase());
  });
});

describe('the last characters of an output', () => {
  it('begin with a whole line, or else with a whole word', () => {
    const cut = `${'x'.repeat(300)} `;
    expect(maskedTail(`${cut}${cut}end`)).toBe(`… ${'x'.repeat(300)} end`);
    expect(maskedTail(`${cut}\n${cut}end`)).toBe(`${cut}end`);
    expect(maskedTail('short')).toBe('short');
  });
});

describe('a masked value', () => {
  it('keeps its numbers, but for card numbers', () => {
    expect(maskDeep({ times: 2, within: 0.5, list: [1, 'a'], match: { PORTEUR: Number(CARD) } })).toEqual({
      times: 2,
      within: 0.5,
      list: [1, 'a'],
      match: { PORTEUR: '401200******1112' },
    });
  });
});
