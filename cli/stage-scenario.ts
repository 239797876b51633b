import { maskCardsIn, maskField } from '../contracts/index.js';
import { CaseContext } from '../scenarios/case-context.js';
import { interpolateAll } from '../scenarios/interpolate.js';
import { scenario } from '../scenarios/load.js';
import type { LoadedScenario } from '../scenarios/parse.js';
import { stage } from '../scenarios/stage.js';
import { simulatorEndpoint } from '../scenarios/target.js';
import type { Simulator } from '../simulator/index.js';
import { asUserError } from './as-user-error.js';
import { UserError } from './user-error.js';

/** Something that was set up, as it is shown. */
interface StagedItem {
  readonly what: 'clock' | 'account' | 'payment' | 'rule' | 'subscriber';
  readonly item: Readonly<Record<string, unknown>>;
}

/** What a scenario set up on the main gateway. */
export interface Staged {
  /** Id of the scenario. */
  readonly scenario: string;
  /** What its steps would know as `${reference}`. */
  readonly reference: string;
  readonly items: readonly StagedItem[];
}

/** A value as it may be shown, however deep: no card number, CVV or key. */
const masked = <Value>(value: Value): Value =>
  JSON.parse(
    JSON.stringify(value, (name, item: unknown) => {
      if (name === 'hmacKey') return '***';
      if (typeof item !== 'string' && typeof item !== 'number') return item;
      const shown = maskField(name, String(item));
      return shown === String(item) ? item : shown;
    }),
  ) as Value;

function subscriberItem(context: CaseContext, as: string): StagedItem {
  const { sent, reply } = context.earlierNamed(as);
  const { REFABONNE, DATEVAL } = sent;
  return { what: 'subscriber', item: { as, REFABONNE, PORTEUR: reply.PORTEUR, DATEVAL } };
}

async function itemsOf({ given }: Pick<LoadedScenario, 'given'>, context: CaseContext): Promise<StagedItem[]> {
  const { clock, account, payments = [], rules = [] } = interpolateAll(given, context.names());
  const { site, rang } = context.endpoint.account;
  const { now, frozen } = (await context.control().call('GET', '/clock')) as { now: string; frozen: boolean };
  const items: StagedItem[] = [
    ...(clock === undefined ? [] : [{ what: 'clock', item: { now, frozen } } as const]),
    ...(account ? [{ what: 'account', item: { SITE: site, RANG: rang, ...account } } as const] : []),
    ...payments.map((item) => ({ what: 'payment', item }) as const),
    ...rules.map((item) => ({ what: 'rule', item: item as StagedItem['item'] }) as const),
  ];
  return [...items.map(masked), ...(given.subscribers ?? []).map(({ as }) => subscriberItem(context, as))];
}

async function read(file: string): Promise<LoadedScenario> {
  try {
    return await scenario(file);
  } catch (error) {
    throw asUserError(error);
  }
}

/** Sets a simulator's main gateway up; its base URL is known by then. */
export type Stage = (simulator: Simulator, url: string) => Promise<Staged>;

/**
 * Reads a scenario whose beginning shall be set up for work by hand: its `given`, with the first row of its examples.
 *
 * @param keepsClock the clock was set otherwise and stays as it is
 * @throws UserError naming the place of everything that is wrong; so does what is returned where something cannot be set up
 */
export async function readStage(file: string, keepsClock: boolean): Promise<Stage> {
  const whole = await read(file);
  const { clock: _, ...withoutClock } = whole.given;
  const known = keepsClock ? { ...whole, given: withoutClock } : whole;
  return async (simulator, url) => {
    const endpoint = simulatorEndpoint(url, (input, init) => simulator.fetch(new Request(input, init)));
    const context = new CaseContext(endpoint, known.id, known.examples[0] ?? {});
    const failures = (await stage(known.given, context))?.failures ?? [];
    if (failures.length > 0) {
      const shown = failures.map(({ path, expected, received }) => {
        const { line, column } = known.placeOf(path);
        return `${known.file}:${line}:${column}: expected ${expected}, received ${received}`;
      });
      throw new UserError(maskCardsIn(shown.join('\n')));
    }
    return { scenario: known.id, reference: context.unique.reference, items: await itemsOf(known, context) };
  };
}
