/** The simulator would not stage something, or show it. */
export class StageError extends Error {
  override readonly name = 'StageError';
}

interface ControlFailure {
  readonly error?: string;
  readonly problems?: readonly { readonly where: string; readonly what: string }[];
}

const describe = ({ error = 'no reason given', problems = [] }: ControlFailure): string =>
  [error, ...problems.map(({ where, what }) => `${where}: ${what}`)].join('\n  ');

/** Asks the control API of one gateway. */
export class Control {
  readonly #base: string;
  readonly #fetch: typeof globalThis.fetch;

  /** @param base the API's URL up to and with `/_sim` */
  constructor(base: string, fetch: typeof globalThis.fetch) {
    this.#base = base;
    this.#fetch = fetch;
  }

  /**
   * @returns the answer's body; undefined for an empty one
   * @throws StageError when it refuses, with its reason
   */
  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.#fetch(`${this.#base}${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok) throw new StageError(`${method} /_sim${path} was answered ${response.status}: ${describe(read(text))}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** The gateway's time. */
  async now(): Promise<Date> {
    const { epochMilliseconds } = (await this.call('GET', '/clock')) as { epochMilliseconds: number };
    return new Date(epochMilliseconds);
  }
}

function read(text: string): ControlFailure {
  try {
    return JSON.parse(text) as ControlFailure;
  } catch {
    return { error: text.slice(0, 200) };
  }
}
