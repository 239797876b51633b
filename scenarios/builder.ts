import type { LoadedScenario } from './parse.js';
import type { AskingStep, CallStep, Given, RawStep, RuleStep, RunStep, Scenario, SendStep, StateExpectation, Step } from './scenario.js';

type About = Pick<Scenario, 'id' | 'why' | 'section' | 'weight'> & Partial<Pick<Scenario, 'safe' | 'tags' | 'needs' | 'catches'>>;

/** Writes a scenario in code, with the words of the files. Each call gives a new builder; none changes the one it is called on. */
export class ScenarioBuilder {
  readonly #about: About;
  readonly #given: Given;
  readonly #examples: Scenario['examples'];
  readonly #steps: readonly Step[];

  constructor(about: About, given: Given = {}, examples: Scenario['examples'] = [{}], steps: readonly Step[] = []) {
    this.#about = about;
    this.#given = given;
    this.#examples = examples;
    this.#steps = steps;
  }

  #and(step: Step): ScenarioBuilder {
    return new ScenarioBuilder(this.#about, this.#given, this.#examples, [...this.#steps, step]);
  }

  given(given: Given): ScenarioBuilder {
    return new ScenarioBuilder(this.#about, { ...this.#given, ...given }, this.#examples, this.#steps);
  }

  examples(...rows: Scenario['examples']): ScenarioBuilder {
    return new ScenarioBuilder(this.#about, this.#given, rows, this.#steps);
  }

  /** Puts a question: an operation by name or TYPE. */
  send(operation: string, more: Omit<SendStep, 'send'> = {}): ScenarioBuilder {
    return this.#and({ send: operation, ...more });
  }

  /** Sends bytes exactly as written, one character a byte. */
  raw(body: string, more: Omit<RawStep, 'raw'> = {}): ScenarioBuilder {
    return this.#and({ raw: body, ...more });
  }

  /** Runs a program, with the gateway's URL and the account in its environment. */
  run(command: string, more: Omit<RunStep, 'run'> = {}): ScenarioBuilder {
    return this.#and({ run: command, ...more });
  }

  /** Sends a request to the application under test. */
  call(url: string, more: Omit<CallStep, 'call'> = {}): ScenarioBuilder {
    return this.#and({ call: url, ...more });
  }

  /** Makes several steps at once. */
  together(steps: readonly AskingStep[], expectation?: StateExpectation): ScenarioBuilder {
    return this.#and({ together: steps, ...(expectation && { expect: expectation }) });
  }

  /** Adds a rule, as the control API takes it. */
  rule(rule: RuleStep['rule']): ScenarioBuilder {
    return this.#and({ rule });
  }

  /** Moves the clock on by an ISO 8601 duration. */
  advance(duration: string): ScenarioBuilder {
    return this.#and({ advance: duration });
  }

  /** Runs tonight's remittance. */
  remit(): ScenarioBuilder {
    return this.#and({ remit: true });
  }

  /** Holds something against the state. */
  expect(expectation: StateExpectation): ScenarioBuilder {
    return this.#and({ expect: expectation });
  }

  /** The scenario, ready to be run. */
  build(): LoadedScenario {
    return {
      safe: false,
      tags: [],
      needs: [],
      catches: [],
      ...this.#about,
      given: this.#given,
      examples: this.#examples,
      steps: this.#steps,
      file: '(code)',
      placeOf: () => ({ line: 1, column: 1 }),
    };
  }
}

/**
 * Begins a scenario in code.
 *
 * @example
 * const twice = defineScenario({ id: 'capture-twice', why: 'A second capture must not take money.', section: '§3', weight: 'I' })
 *   .send('authorize', { as: 'order' })
 *   .send('capture', { on: 'order' })
 *   .send('capture', { on: 'order', expect: { reply: { CODEREPONSE: '00015' } } })
 *   .build();
 */
export function defineScenario(about: About): ScenarioBuilder {
  return new ScenarioBuilder(about);
}
