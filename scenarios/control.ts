/** The control API rejected a request, or the endpoint has none. The message contains the reason. */
export class ControlApiError extends Error {
  override readonly name = 'ControlApiError';
}

/** A request in the journal of a gateway, as the control API returns it. */
export interface JournalRequest {
  readonly seq: number;
  readonly TYPE: string;
  readonly operation: string;
  readonly CODEREPONSE: string;
  readonly request: readonly (readonly [name: string, value: string])[];
  readonly reply: Readonly<Record<string, string>>;
  readonly findings: readonly { readonly rule: string }[];
}

/** Returns what was answered: the CODEREPONSE, or in an authentication the page or the HTTP status of the shop. */
export function answerTo({ CODEREPONSE, reply }: JournalRequest): string {
  if (CODEREPONSE !== '') return CODEREPONSE;
  if (reply.HTTP === 'none') return 'no answer';
  return reply['(page)'] ?? (reply.HTTP === undefined ? '' : `HTTP ${reply.HTTP}`);
}

interface ControlErrorBody {
  readonly error?: string;
  readonly problems?: readonly { readonly where: string; readonly what: string }[];
}

const describe = ({ error = 'no reason given', problems = [] }: ControlErrorBody): string =>
  [error, ...problems.map(({ where, what }) => `${where}: ${what}`)].join('\n  ');

/** Client of the control API of one gateway. */
export class ControlClient {
  readonly #base: string;
  readonly #fetch: typeof globalThis.fetch;

  /** @param base URL of the API, including `/_sim` */
  constructor(base: string, fetch: typeof globalThis.fetch) {
    this.#base = base;
    this.#fetch = fetch;
  }

  /**
   * Sends a request to the control API.
   *
   * @returns the parsed response body, or undefined if it is empty
   * @throws ControlApiError when the API rejects the request
   */
  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.#fetch(`${this.#base}${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok)
      throw new ControlApiError(`${method} /_sim${path} was answered ${response.status}: ${describe(parseErrorBody(text))}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Returns a response body that is not JSON, as text. */
  async text(path: string): Promise<string> {
    const response = await this.#fetch(`${this.#base}${path}`);
    return response.text();
  }

  /**
   * Sends a request about the gateway's clock, by default to read it.
   *
   * @returns the time of the clock afterwards
   */
  async clock(method = 'GET', path = '/clock', body?: unknown): Promise<Date> {
    const { epochMilliseconds } = (await this.call(method, path, body)) as { epochMilliseconds: number };
    return new Date(epochMilliseconds);
  }
}

function parseErrorBody(text: string): ControlErrorBody {
  try {
    return JSON.parse(text) as ControlErrorBody;
  } catch {
    return { error: text.slice(0, 200) };
  }
}
