import type { LoadedScenario } from './parse.js';
import type {
  ActionStep,
  AuthenticateStep,
  BrowseStep,
  CallStep,
  Given,
  RawStep,
  RuleStep,
  RunStep,
  Scenario,
  SendStep,
  StateExpectation,
  Step,
} from './scenario.js';

type About = Pick<Scenario, 'id' | 'why' | 'section' | 'weight'> &
  Partial<Pick<Scenario, 'safe' | 'unknown' | 'tags' | 'needs' | 'catches'>>;

/** Builds a scenario in code, with the keys of scenario files as methods. Immutable: each method returns a new builder. */
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

  #append(step: Step): ScenarioBuilder {
    return new ScenarioBuilder(this.#about, this.#given, this.#examples, [...this.#steps, step]);
  }

  /** Sets the state before the first step. Keys given earlier stay unless they are given again. */
  given(given: Given): ScenarioBuilder {
    return new ScenarioBuilder(this.#about, { ...this.#given, ...given }, this.#examples, this.#steps);
  }

  /** Runs the scenario once for each row, with its values as `${name}`. */
  examples(...rows: Scenario['examples']): ScenarioBuilder {
    return new ScenarioBuilder(this.#about, this.#given, rows, this.#steps);
  }

  /** Sends a question: an operation by name or TYPE. */
  send(operation: string, more: Omit<SendStep, 'send'> = {}): ScenarioBuilder {
    return this.#append({ send: operation, ...more });
  }

  /** Sends bytes exactly as written, one character per byte. */
  raw(body: string, more: Omit<RawStep, 'raw'> = {}): ScenarioBuilder {
    return this.#append({ raw: body, ...more });
  }

  /** Runs a program. The gateway's URL and the account are in its environment. */
  run(command: string, more: Omit<RunStep, 'run'> = {}): ScenarioBuilder {
    return this.#append({ run: command, ...more });
  }

  /** Sends an HTTP request to the application under test. */
  call(url: string, more: Omit<CallStep, 'call'> = {}): ScenarioBuilder {
    return this.#append({ call: url, ...more });
  }

  /** Starts an authentication at RemoteMPI, with these variables in addition to the default ones. */
  authenticate(variables: AuthenticateStep['authenticate'] = {}, more: Omit<AuthenticateStep, 'authenticate'> = {}): ScenarioBuilder {
    return this.#append({ authenticate: variables, ...more });
  }

  /** Visits the application under test as a customer. */
  browse(url: string, more: Omit<BrowseStep, 'browse'> = {}): ScenarioBuilder {
    return this.#append({ browse: url, ...more });
  }

  /** Runs several steps concurrently. */
  together(steps: readonly ActionStep[], expectation?: StateExpectation): ScenarioBuilder {
    return this.#append({ together: steps, ...(expectation && { expect: expectation }) });
  }

  /** Adds a rule of the control API. */
  rule(rule: RuleStep['rule']): ScenarioBuilder {
    return this.#append({ rule });
  }

  /** Moves the gateway's clock forward by an ISO 8601 duration. */
  advance(duration: string): ScenarioBuilder {
    return this.#append({ advance: duration });
  }

  /** Runs the remittance of the coming night. */
  remit(): ScenarioBuilder {
    return this.#append({ remit: true });
  }

  /** Checks the gateway's state. */
  expect(expectation: StateExpectation): ScenarioBuilder {
    return this.#append({ expect: expectation });
  }

  /** Returns the scenario, ready to run. */
  build(): LoadedScenario {
    return {
      safe: false,
      unknown: false,
      tags: [],
      needs: [],
      catches: [],
      ...this.#about,
      given: this.#given,
      examples: this.#examples,
      steps: this.#steps,
      file: '(code)',
      positionOf: () => ({ line: 1, column: 1 }),
    };
  }
}

/**
 * Starts a scenario in code.
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
