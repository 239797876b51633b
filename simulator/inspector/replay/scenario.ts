import { Document, visit } from 'yaml';
import { type Operation, operationOf } from '../../../contracts/index.js';
import { parisTime } from '../../engine/calendar.js';
import type { RuleInput } from '../../engine/rule.js';
import type { JournalEntry } from '../../journal/entry.js';
import { isMasked, sentValue, USUAL_CARD } from '../entry-facts.js';
import { escapeUnseen, UNSEEN } from '../unseen.js';
import { cardOfMask } from './fill-in.js';

/** What the runner sends by itself. */
const OF_THE_RUNNER = new Set(['VERSION', 'TYPE', 'SITE', 'RANG', 'IDENTIFIANT', 'CLE', 'HASH', 'HMAC', 'NUMQUESTION', 'DATEQ', '(more)']);

/** What a step that goes on with another has from it. */
const OF_THE_STEP_BEFORE = new Set(['NUMTRANS', 'NUMAPPEL', 'REFABONNE', 'PORTEUR', 'DATEVAL']);

/** Exchanges further apart than this are as far apart in the scenario. Milliseconds. */
const PAUSE = 60_000;

type Step = Readonly<Record<string, unknown>>;

const isUsual = (name: string, value: string): boolean =>
  Object.hasOwn(USUAL_CARD, name) && USUAL_CARD[name as keyof typeof USUAL_CARD] === value;

function shownOrUsual(name: string, value: string, entry: JournalEntry): string {
  if (!isMasked(name, value)) return value;
  return name === 'PORTEUR' ? cardOfMask(value, entry.CODEREPONSE) : USUAL_CARD.CVV;
}

function sendStep(entry: JournalEntry, operation: Operation, on: string | undefined, as: string): Step {
  const sent = entry.request
    .filter(([name]) => !OF_THE_RUNNER.has(name) && (on === undefined || !OF_THE_STEP_BEFORE.has(name)))
    .map(([name, value]) => [name, shownOrUsual(name, value, entry)] as const)
    .filter(([name, value]) => !isUsual(name, value));
  const given = entry.request.filter(([, value]) => value !== '').map(([name]) => name);
  const without = operation.takes.filter((name) => !given.includes(name) && !(on !== undefined && OF_THE_STEP_BEFORE.has(name)));
  return {
    send: operation.name,
    ...(on !== undefined && { on }),
    as,
    ...(sent.length > 0 && { with: Object.fromEntries(sent) }),
    ...(without.length > 0 && { without }),
    expect: { reply: { CODEREPONSE: entry.CODEREPONSE } },
  };
}

/** The step whose reply has the numbers that an exchange names. */
function stepBefore(entry: JournalEntry, operation: Operation, earlier: readonly JournalEntry[]): string | undefined {
  if (operation.finds === 'nothing') return undefined;
  const number = sentValue(entry, 'NUMTRANS').padStart(10, '0');
  const named = earlier.findLastIndex(({ reply }) => reply.NUMTRANS === number);
  const at = named === -1 ? earlier.length - 1 : named;
  return at < 0 ? undefined : `step${at + 1}`;
}

function stepsOf(entries: readonly JournalEntry[]): Step[] {
  return entries.flatMap((entry, at) => {
    const operation = operationOf(entry.TYPE);
    if (!operation) return [];
    const earlier = entries.slice(0, at);
    const pause = entry.at - (earlier.at(-1)?.at ?? entry.at);
    return [
      ...(pause >= PAUSE ? [{ advance: `PT${Math.round(pause / 1000)}S` }] : []),
      sendStep(entry, operation, stepBefore(entry, operation, earlier), `step${at + 1}`),
    ];
  });
}

/** A rule as somebody would write it: nothing that is so anyhow. */
const writtenRule = ({ match, payment, host, from, times, probability, seed, answer, fault }: RuleInput) => ({
  ...(match && Object.keys(match).length > 0 && { match }),
  ...(payment && Object.keys(payment).length > 0 && { payment }),
  ...(host !== undefined && { host }),
  ...(from !== undefined && from !== 1 && { from }),
  ...(times !== undefined && times !== 0 && { times }),
  ...(probability !== undefined && probability !== 1 && { probability, seed }),
  ...(answer !== undefined && { answer }),
  ...(fault && { fault }),
});

function yaml(value: unknown): string {
  const document = new Document(value);
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && UNSEEN.test(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return escapeUnseen(document.toString({ lineWidth: 0 }));
}

/**
 * The scenario that does what was done: the exchanges of one payment, up to the one that is looked at.
 *
 * @param entries first to last
 * @param rules that were in force
 */
export function scenarioOf(entries: readonly JournalEntry[], rules: readonly RuleInput[]): string {
  const [first, last] = [entries[0], entries.at(-1)];
  return yaml({
    id: `exchange-${last?.seq ?? 0}`,
    why: `What happened in exchange ${last?.seq ?? 0}, answered ${last?.CODEREPONSE ?? ''}; say here why it matters.`,
    section: '§3',
    weight: 'I',
    given: {
      clock: parisTime(first?.at ?? 0),
      ...(rules.length > 0 && { rules: rules.map(writtenRule) }),
    },
    steps: stepsOf(entries),
  });
}

/** A rule as a scenario is given it. */
export function ruleInScenario(rule: RuleInput): string {
  return yaml({ given: { rules: [writtenRule(rule)] } });
}
