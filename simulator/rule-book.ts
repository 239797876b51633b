import { operationBy, RESPONSE_CODE_BY_CODE, SECRET_WORDS, VARIABLE_BY_NAME } from '../contracts/index.js';
import { type Matcher, makeRule, type Rule, type RuleInput } from './engine/rule.js';

/** A rule that cannot be applied: an unknown code, a pattern that is no regular expression, a name taken. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
}

// What must not be kept must not be kept in a rule either.
const SECRETS: ReadonlySet<string> = new Set(SECRET_WORDS);

const valuesOf = (matcher: Matcher): readonly string[] => {
  if (typeof matcher === 'string') return [matcher];
  return Array.isArray(matcher) ? (matcher as readonly string[]) : [];
};

// A rule that can never be met is a slip of the pen.
function checkNames(name: string, matcher: Matcher): void {
  if (!VARIABLE_BY_NAME.has(name))
    throw new RuleError(`${name}: no variable of the gateway; there are ${[...VARIABLE_BY_NAME.keys()].join(', ')}.`);
  const unknown = name === 'TYPE' ? valuesOf(matcher).find((value) => !operationBy(value)) : undefined;
  if (unknown !== undefined)
    throw new RuleError(`TYPE: ${unknown} is no operation; \`paybox-sim operations\` lists them by number and name.`);
}

function checkMatchers(matchers: Readonly<Record<string, Matcher>>): void {
  for (const [name, matcher] of Object.entries(matchers)) {
    checkNames(name, matcher);
    if (SECRETS.has(name) && (typeof matcher === 'string' || !('present' in matcher))) {
      throw new RuleError(`${name}: its values are not kept, so a rule can ask only whether it is there: {"present": true}.`);
    }
    if (typeof matcher === 'string' || !('pattern' in matcher)) continue;
    if (/\d{13}/.test(matcher.pattern))
      throw new RuleError(`${name}: a pattern is kept as it is, so it must not hold a card number. Write the number as a value.`);
    try {
      new RegExp(matcher.pattern, 'u');
    } catch (cause) {
      throw new RuleError(`${name}: ${(cause as Error).message}.`, { cause });
    }
  }
}

function check({ answer, fault, match, payment }: Rule): void {
  if (answer === undefined && fault === undefined) throw new RuleError('A rule has an answer (a CODEREPONSE) or a fault, or both.');
  if (answer !== undefined && !RESPONSE_CODE_BY_CODE.has(answer))
    throw new RuleError(`answer: no code ${answer}; \`paybox-sim codes\` lists them.`);
  checkMatchers(match);
  checkMatchers(payment as Record<string, Matcher>);
}

/** The rules of a gateway, in the order they are asked, and how often each was met. */
export class RuleBook {
  readonly #rules = new Map<string, Rule>();
  #made = 0;

  list(): readonly Rule[] {
    return [...this.#rules.values()];
  }

  get(id: string): Rule | undefined {
    return this.#rules.get(id);
  }

  /**
   * Adds a rule after those there are.
   *
   * @throws RuleError when it cannot be applied
   */
  add(input: RuleInput): Rule {
    if (input.id !== undefined && this.#rules.has(input.id))
      throw new RuleError(`id: there is a rule ${input.id} already; delete it first.`);
    const rule = makeRule(input, this.#nextId());
    check(rule);
    this.#rules.set(rule.id, rule);
    return rule;
  }

  /**
   * Replaces the rules by those of a listing, with the calls they had.
   *
   * @throws RuleError when one cannot be applied; the rules are then as they were
   */
  restore(rules: readonly Rule[]): void {
    for (const rule of rules) check(rule);
    this.#rules.clear();
    for (const rule of rules) this.#rules.set(rule.id, rule);
  }

  /** @returns whether there was such a rule */
  remove(id: string): boolean {
    return this.#rules.delete(id);
  }

  clear(): void {
    this.#rules.clear();
  }

  /** Counts a call for each of these rules; with -1, takes it back. */
  count(ids: readonly string[], calls: 1 | -1 = 1): void {
    for (const id of ids) {
      const rule = this.#rules.get(id);
      if (rule) this.#rules.set(id, { ...rule, calls: rule.calls + calls });
    }
  }

  #nextId(): string {
    let id: string;
    do id = `rule-${++this.#made}`;
    while (this.#rules.has(id));
    return id;
  }
}
