import { maskText } from '../contracts/index.js';
import { CaseContext } from '../scenarios/case-context.js';
import { interpolateAll } from '../scenarios/interpolate.js';
import { scenario } from '../scenarios/load.js';
import { maskDeep } from '../scenarios/masking.js';
import type { LoadedScenario } from '../scenarios/parse.js';
import { accountSettingsOf, stage } from '../scenarios/stage.js';
import { simulatorEndpoint } from '../scenarios/target.js';
import type { Simulator } from '../simulator/index.js';
import { messages } from './messages/index.js';
import { asUserError, UserError } from './user-error.js';

/** One part of the state that was set up, masked. */
interface StagedItem {
  readonly what: 'clock' | 'account' | 'payment' | 'rule' | 'subscriber';
  readonly item: Readonly<Record<string, unknown>>;
}

/** The state that a scenario set up on the main gateway. */
export interface StagedScenario {
  /** Id of the scenario. */
  readonly scenario: string;
  /** Value of `${reference}`. */
  readonly reference: string;
  readonly items: readonly StagedItem[];
}

/**
 * Sets up the `given` of a scenario on the main gateway of a simulator.
 *
 * @param url base URL of the simulator
 * @throws UserError when something cannot be set up
 */
export type ScenarioSetup = (simulator: Simulator, url: string) => Promise<StagedScenario>;

function subscriberItem(context: CaseContext, as: string): StagedItem {
  const { sent, reply } = context.earlierNamed(as);
  const { REFABONNE, DATEVAL } = sent;
  return { what: 'subscriber', item: { as, REFABONNE, PORTEUR: reply.PORTEUR, DATEVAL } };
}

async function stagedItems({ given }: Pick<LoadedScenario, 'given'>, context: CaseContext): Promise<StagedItem[]> {
  const { clock, payments = [], rules = [], ...settings } = interpolateAll(given, context.names());
  const account = accountSettingsOf(settings);
  const { site, rang } = context.endpoint.account;
  const { now, frozen } = (await context.control().call('GET', '/clock')) as { now: string; frozen: boolean };
  const items: StagedItem[] = [
    ...(clock === undefined ? [] : [{ what: 'clock', item: { now, frozen } } as const]),
    ...(account ? [{ what: 'account', item: { SITE: site, RANG: rang, ...account } } as const] : []),
    ...payments.map((item) => ({ what: 'payment', item }) as const),
    ...rules.map((item) => ({ what: 'rule', item: item as StagedItem['item'] }) as const),
  ];
  return [...items.map(maskDeep), ...(given.subscribers ?? []).map(({ as }) => subscriberItem(context, as))];
}

async function readScenario(file: string): Promise<LoadedScenario> {
  try {
    return await scenario(file);
  } catch (error) {
    throw asUserError(error);
  }
}

/**
 * Reads a scenario and prepares to set up its `given`, with the first row of its examples.
 *
 * @param keepsClock whether to ignore the scenario's clock, because the user has set another one
 * @throws UserError listing every mistake in the file with its position
 */
export async function readScenarioSetup(file: string, keepsClock: boolean): Promise<ScenarioSetup> {
  const complete = await readScenario(file);
  const { clock: _, ...withoutClock } = complete.given;
  const loaded = keepsClock ? { ...complete, given: withoutClock } : complete;
  return async (simulator, url) => {
    const endpoint = simulatorEndpoint(url, (input, init) => simulator.fetch(new Request(input, init)));
    const context = new CaseContext(endpoint, loaded.id, loaded.examples[0] ?? {});
    const failures = (await stage(loaded.given, context))?.failures ?? [];
    if (failures.length > 0) {
      const lines = failures.map(({ path, expected, received }) => {
        const { line, column } = loaded.positionOf(path);
        return `${loaded.file}:${line}:${column}: ${messages().start.expected(expected, received)}`;
      });
      throw new UserError(maskText(lines.join('\n')));
    }
    return { scenario: loaded.id, reference: context.unique.reference, items: await stagedItems(loaded, context) };
  };
}
