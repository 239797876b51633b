import { Document, visit } from 'yaml';
import { type Operation, operationOf } from '../../../contracts/index.js';
import { parisTime } from '../../engine/calendar.js';
import type { RuleInput } from '../../engine/rule.js';
import type { JournalEntry } from '../../journal/entry.js';
import { escapeInvisible, INVISIBLE } from '../invisible-characters.js';
import { isMasked, requestValue } from '../request-values.js';
import { cardOfMask, DEFAULT_CARD } from './fill-request.js';

/** Variables that the scenario runner adds itself. */
const RUNNER_VARIABLES = new Set([
  'VERSION',
  'TYPE',
  'SITE',
  'RANG',
  'IDENTIFIANT',
  'CLE',
  'HASH',
  'HMAC',
  'NUMQUESTION',
  'DATEQ',
  '(more)',
]);

/** Variables that a step takes from the step it names in `on`. */
const INHERITED_VARIABLES = new Set(['NUMTRANS', 'NUMAPPEL', 'REFABONNE', 'PORTEUR', 'DATEVAL']);

/** Shortest pause between two exchanges that the scenario reproduces by advancing the clock. Milliseconds. */
const MIN_PAUSE = 60_000;

/** A step of a scenario, before it is written as YAML. */
type ReplayStep = Readonly<Record<string, unknown>>;

const isDefault = (name: string, value: string): boolean =>
  Object.hasOwn(DEFAULT_CARD, name) && DEFAULT_CARD[name as keyof typeof DEFAULT_CARD] === value;

function replayedValue(name: string, value: string, entry: JournalEntry): string {
  if (!isMasked(name, value)) return value;
  return name === 'PORTEUR' ? cardOfMask(value, entry.CODEREPONSE) : DEFAULT_CARD.CVV;
}

function sendStep(entry: JournalEntry, operation: Operation, on: string | undefined, as: string): ReplayStep {
  const sent = entry.request
    .filter(([name]) => !RUNNER_VARIABLES.has(name) && (on === undefined || !INHERITED_VARIABLES.has(name)))
    .map(([name, value]) => [name, replayedValue(name, value, entry)] as const)
    .filter(([name, value]) => !isDefault(name, value));
  const given = entry.request.filter(([, value]) => value !== '').map(([name]) => name);
  const without = operation.takes.filter((name) => !given.includes(name) && !(on !== undefined && INHERITED_VARIABLES.has(name)));
  return {
    send: operation.name,
    ...(on !== undefined && { on }),
    as,
    ...(sent.length > 0 && { with: Object.fromEntries(sent) }),
    ...(without.length > 0 && { without }),
    expect: { reply: { CODEREPONSE: entry.CODEREPONSE } },
  };
}

/** Returns the name of the step whose reply has the NUMTRANS that an exchange names, or else of the previous step. */
function referencedStep(entry: JournalEntry, operation: Operation, earlier: readonly JournalEntry[]): string | undefined {
  if (operation.finds === 'nothing') return undefined;
  const number = requestValue(entry, 'NUMTRANS').padStart(10, '0');
  const named = earlier.findLastIndex(({ reply }) => reply.NUMTRANS === number);
  const at = named === -1 ? earlier.length - 1 : named;
  return at < 0 ? undefined : `step${at + 1}`;
}

function stepsOf(entries: readonly JournalEntry[]): ReplayStep[] {
  return entries.flatMap((entry, at) => {
    const operation = operationOf(entry.TYPE);
    if (!operation) return [];
    const earlier = entries.slice(0, at);
    const pause = entry.at - (earlier.at(-1)?.at ?? entry.at);
    return [
      ...(pause >= MIN_PAUSE ? [{ advance: `PT${Math.round(pause / 1000)}S` }] : []),
      sendStep(entry, operation, referencedStep(entry, operation, earlier), `step${at + 1}`),
    ];
  });
}

/** Returns a rule without its id and without the settings that are at their default. */
const withoutDefaults = ({ match, payment, host, from, times, probability, seed, answer, fault, authentication }: RuleInput) => ({
  ...(match && Object.keys(match).length > 0 && { match }),
  ...(payment && Object.keys(payment).length > 0 && { payment }),
  ...(host !== undefined && { host }),
  ...(from !== undefined && from !== 1 && { from }),
  ...(times !== undefined && times !== 0 && { times }),
  ...(probability !== undefined && probability !== 1 && { probability, seed }),
  ...(answer !== undefined && { answer }),
  ...(fault && { fault }),
  ...(authentication && { authentication }),
});

function yaml(value: unknown): string {
  const document = new Document(value);
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && INVISIBLE.test(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return escapeInvisible(document.toString({ lineWidth: 0 }));
}

/**
 * Returns a scenario in YAML that repeats exchanges.
 *
 * @param entries the exchanges of one payment up to the one of the page, oldest first
 * @param rules the rules of the gateway, which the scenario adds before its first step
 */
export function scenarioOf(entries: readonly JournalEntry[], rules: readonly RuleInput[]): string {
  const [first, last] = [entries[0], entries.at(-1)];
  return yaml({
    id: `exchange-${last?.seq ?? 0}`,
    why: `Repeats exchange ${last?.seq ?? 0}, answered ${last?.CODEREPONSE ?? ''}. Replace this text with the reason for the scenario.`,
    section: '§3',
    weight: 'I',
    given: {
      clock: parisTime(first?.at ?? 0),
      ...(rules.length > 0 && { rules: rules.map(withoutDefaults) }),
    },
    steps: stepsOf(entries),
  });
}

/** Returns the `given` block of a scenario that adds a rule. */
export function ruleInScenario(rule: RuleInput): string {
  return yaml({ given: { rules: [withoutDefaults(rule)] } });
}
