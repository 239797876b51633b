import {
  commentOf,
  decodeForm,
  decodeReply,
  encodeForm,
  type FormField,
  GATEWAY_PATH,
  hmacHex,
  hmacMessage,
  isHashName,
  latin1Bytes,
  latin1Text,
  needsDirectPlus,
  type Operation,
  operationOf,
  REMOTE_MPI_PATH,
  REPLY_CONTENT_TYPE,
  SUCCESS,
  TEST_HMAC_KEY,
} from '../../contracts/index.js';
import type { Simulator } from '../../simulator/index.js';
import { inProcessFetch } from './run-contract.js';

/** The variables of a reply in order. */
export type Reply = ReadonlyMap<string, string>;

/** A question that a mutant receives. */
export class Question {
  readonly fields: readonly FormField[];
  readonly body: Uint8Array<ArrayBuffer>;

  constructor(body: Uint8Array<ArrayBuffer>) {
    this.body = body;
    this.fields = decodeForm(body).fields;
  }

  /** Returns the value of a variable, or an empty string if it is missing. */
  get(name: string): string {
    return this.fields.find((field) => field.name === name)?.value ?? '';
  }

  has(name: string): boolean {
    return this.fields.some((field) => field.name === name);
  }

  get operation(): Operation | undefined {
    return operationOf(this.get('TYPE'));
  }

  get amount(): number {
    return /^\d{1,10}$/.test(this.get('MONTANT')) ? Number(this.get('MONTANT')) : 0;
  }

  /** Computes the correct HMAC with the test key, of the decoded values (`raw`) or of the percent-encoded ones. */
  hmac(over: 'raw' | 'encoded' = 'raw'): string {
    const hash = this.get('HASH').toUpperCase();
    const fields = this.fields.map((field) => ({ name: field.name, raw: field[over] }));
    return hmacHex(isHashName(hash) ? hash : 'SHA512', TEST_HMAC_KEY, hmacMessage(fields));
  }

  /** Returns the question with other values; undefined omits a variable. A correctly signed question is signed again. */
  with(changes: Readonly<Record<string, string | undefined>>): Question {
    const kept = this.fields.map(({ name, raw }) => [name, Object.hasOwn(changes, name) ? changes[name] : raw] as const);
    const added = Object.entries(changes).filter(([name]) => !this.has(name));
    const changed = questionOf([...kept, ...added]);
    const wasSigned = !Object.hasOwn(changes, 'HMAC') && this.get('HMAC').toUpperCase() === this.hmac();
    return wasSigned ? changed.signed() : changed;
  }

  signed(): Question {
    const hmac = this.hmac();
    return questionOf(this.fields.map(({ name, raw }) => [name, name === 'HMAC' ? hmac : raw] as const));
  }
}

function questionOf(pairs: readonly (readonly [name: string, raw: string | undefined])[]): Question {
  return new Question(
    encodeForm(
      pairs.flatMap(([name, raw]) => (raw === undefined ? [] : [[name, raw] as const])),
      'iso-8859-1',
    ),
  );
}

/** A payment as the control API returns it. */
interface Payment {
  readonly standing: string;
  readonly authorized: number;
  readonly captured: number;
  readonly remitted: number;
  readonly remittance: { readonly done: boolean } | null;
  readonly transactions: readonly { readonly NUMTRANS: string; readonly NUMAPPEL: string }[];
}

/** The correct gateway behind a mutant. */
export interface Unbroken {
  ask(question: Question): Promise<Reply>;
  /** Sends a request to the control API. */
  control(method: string, path: string, body?: unknown): Promise<Response>;
  /** Returns the payment with the question's NUMTRANS. */
  payment(question: Question): Promise<Payment | undefined>;
  /** State of the mutant, shared by all questions of a gateway. */
  readonly memory: Map<string, string>;
}

/** The answer of a mutant: a reply, and how to send it. Default: as the gateway sends it. */
export interface Answer {
  readonly reply: Reply;
  readonly status?: number;
  readonly contentType?: string;
  readonly body?: Uint8Array<ArrayBuffer>;
}

/** A page of the gateway, one character per byte. */
export interface Page {
  readonly status: number;
  readonly html: string;
}

/** A mistake in authentications. */
export interface AuthenticationMistake {
  /** Changes the variables that RemoteMPI reads. */
  readonly read?: (variables: URLSearchParams) => void;
  /** Changes a page before it is sent. */
  readonly write?: (page: Page) => Page;
  /** Returns the queries to call the shop with, from IdSession on, instead of this one. */
  readonly call?: (query: string) => readonly string[];
}

/** A gateway with one mistake. */
export interface Mutant {
  /** The mistake, as it occurs in hand-written test doubles. */
  readonly mistake: string;
  readonly answer: (question: Question, gateway: Unbroken) => Promise<Answer>;
  readonly authentication?: AuthenticationMistake;
}

/** Formats a reply. */
export const written = (reply: Reply): string => Array.from(reply, ([name, value]) => `${name}=${value}`).join('&');

function replyTo(question: Question, own: Readonly<Record<string, string>>): Reply {
  const { NUMTRANS = '0000000000', NUMAPPEL = '0000000000', AUTORISATION = '', CODEREPONSE = '', COMMENTAIRE = '', ...more } = own;
  const echo = { NUMQUESTION: question.get('NUMQUESTION'), SITE: question.get('SITE'), RANG: question.get('RANG') };
  const isRepeated = question.operation !== undefined && needsDirectPlus(question.operation);
  const subscriber = { REFABONNE: isRepeated ? question.get('REFABONNE') : '', PORTEUR: isRepeated ? question.get('PORTEUR') : '' };
  return new Map(Object.entries({ NUMTRANS, NUMAPPEL, ...echo, AUTORISATION, CODEREPONSE, COMMENTAIRE, ...subscriber, ...more }));
}

let successCount = 0;

/** Returns a success that is not based on any payment of the gateway. */
export function madeUpSuccess(question: Question, more: Readonly<Record<string, string>> = {}): Reply {
  const number = (first: number): string => String(first + successCount).padStart(10, '0');
  successCount += 1;
  return replyTo(question, {
    NUMTRANS: number(9_000_000),
    NUMAPPEL: number(90_000_000),
    AUTORISATION: 'XXXXXX',
    CODEREPONSE: SUCCESS,
    COMMENTAIRE: commentOf(SUCCESS),
    ...more,
  });
}

/** Returns a refusal that the gateway did not decide. */
export function madeUpRefusal(question: Question, code: string, comment = commentOf(code)): Reply {
  return replyTo(question, { AUTORISATION: code === '00006' ? '000000' : '', CODEREPONSE: code, COMMENTAIRE: comment });
}

function unbroken(base: string, headers: Headers, fetch: typeof globalThis.fetch, memory: Map<string, string>): Unbroken {
  const control: Unbroken['control'] = (method, path, body) =>
    fetch(`${base}/_sim${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return {
    memory,
    control,
    ask: async ({ body }) => {
      const response = await fetch(base + GATEWAY_PATH, { method: 'POST', headers, body });
      return decodeReply(new Uint8Array(await response.arrayBuffer()));
    },
    payment: async (question) => {
      const response = await control('GET', `/payments/${question.get('NUMTRANS') || '0'}`);
      return response.ok ? ((await response.json()) as Payment) : undefined;
    },
  };
}

async function brokenPage(request: Request, { read, write }: AuthenticationMistake, fetch: typeof globalThis.fetch): Promise<Response> {
  const variables = new URLSearchParams(await request.text());
  if (request.url.endsWith(REMOTE_MPI_PATH)) read?.(variables);
  const { method, url } = request;
  const response = await fetch(url, { method, ...(method === 'POST' && { body: variables }) });
  const page = { status: response.status, html: latin1Text(new Uint8Array(await response.arrayBuffer())) };
  const { status, html } = write?.(page) ?? page;
  return new Response(latin1Bytes(html), { status, headers: response.headers });
}

/** Returns a `fetch` that calls shops as the mutant does. Other requests are unchanged. */
export function brokenCalls({ authentication }: Mutant, fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const call = authentication?.call;
    const url = String(input);
    const start = url.indexOf('&IdSession=') + 1;
    if (!call || start === 0 || init?.method === 'POST') return fetch(input, init);
    const [last, ...others] = call(url.slice(start)).map((query) => url.slice(0, start) + query);
    for (const other of others) await (await fetch(other, init)).arrayBuffer();
    return fetch(last ?? url, init);
  };
}

/** Returns the `fetch` of a simulator with the mutant in front of its gateways. The control API is unchanged. */
export function brokenFetch(simulator: Pick<Simulator, 'fetch'>, mutant: Mutant): typeof globalThis.fetch {
  const fetch = inProcessFetch(simulator);
  const memories = new Map<string, Map<string, string>>();
  return async (input, init) => {
    const request = new Request(input, init);
    if (mutant.authentication && /\/cgi\/\w+\.cgi/.test(request.url)) return brokenPage(request, mutant.authentication, fetch);
    if (request.method !== 'POST' || !request.url.endsWith(GATEWAY_PATH)) return fetch(request);
    const base = request.url.slice(0, -GATEWAY_PATH.length);
    const memory = memories.get(base) ?? new Map<string, string>();
    memories.set(base, memory);
    const headers = new Headers(request.headers);
    headers.delete('Content-Length');
    const question = new Question(new Uint8Array(await request.arrayBuffer()));
    const answer = await mutant.answer(question, unbroken(base, headers, fetch, memory));
    const { reply, status = 200, contentType = REPLY_CONTENT_TYPE, body = latin1Bytes(written(reply)) } = answer;
    return new Response(body, { status, headers: { 'Content-Type': contentType } });
  };
}
