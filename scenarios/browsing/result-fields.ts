import { type ReceivedResult, readResult, verifySignature } from '../../contracts/index.js';
import { bankForm, type Visit } from './bank.js';
import { isBlank, type ReceivedPage } from './html-page.js';
import type { Arrival, ResultWay } from './result-listener.js';

/** Values of an authentication beside the variables of its result. */
export const RESULT_VALUES = ['first', 'server', 'browser', 'check', 'page', 'status', 'html', 'query', 'body', 'order'] as const;

/** What a step `authenticate` has seen so far. */
export interface SeenAuthentication {
  readonly arrivals: readonly Arrival[];
  /** The answer of RemoteMPI. Undefined: it has not come yet. */
  readonly first: ReceivedPage | undefined;
  /** Undefined: the customer waits for a page. */
  readonly visit: Visit | undefined;
  /** The ID3D that the gateway issued. */
  readonly ID3D: string | undefined;
  readonly publicKey: string;
  /** Whether an address is one of the shop's. */
  readonly isShop: (url: string) => boolean;
}

/** Where the customer is, by the last page. */
const PAGES: readonly (readonly [name: string, is: (page: ReceivedPage, isShop: SeenAuthentication['isShop']) => boolean])[] = [
  ['return', ({ url }, isShop) => isShop(url)],
  ['error', ({ status, text }) => status !== 200 || text.includes('Erreur')],
  ['bank', (page) => bankForm(page) !== undefined],
  ['blank', isBlank],
];

/** The name of a page: `error`, `bank`, `return`, `blank`, or `result` if the gateway keeps the customer with the result. */
function pageName({ visit, isShop }: Pick<SeenAuthentication, 'visit' | 'isShop'>): string {
  if (!visit) return 'waiting';
  return PAGES.find(([, is]) => is(visit.page, isShop))?.[0] ?? 'result';
}

async function isValid({ signedText, check }: ReceivedResult, publicKey: string): Promise<boolean> {
  return verifySignature(signedText, check, publicKey);
}

/** The names of the variables of a query or form, in their order. */
const namesIn = (raw: string): string =>
  raw
    .split('&')
    .map((pair) => pair.split('=', 1)[0])
    .join(' ');

/** Without the shop's own variables, which come first. */
const signedPart = (raw: string): string => raw.slice(Math.max(0, raw.search(/(?<=^|&)IdSession=/)));

async function wayFields(arrivals: readonly Arrival[], way: ResultWay, publicKey: string): Promise<Record<string, string>> {
  const last = arrivals.filter((arrival) => arrival.way === way).at(-1);
  const result = last && readResult(last.raw);
  if (!result) return {};
  return {
    ...(result.fields as Record<string, string>),
    check: (await isValid(result, publicKey)) ? 'valid' : 'invalid',
    order: namesIn(signedPart(last.raw)),
  };
}

const countOf = (arrivals: readonly Arrival[], way: ResultWay): string => String(arrivals.filter((arrival) => arrival.way === way).length);

const prefixed = (way: ResultWay, fields: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(fields).map(([name, value]) => [`${way}.${name}`, value]);

/**
 * Returns the values that expectations and later steps can use: the variables of the result (of the gateway's call, or of the browser's form
 * if there is no call), the same by their way (`server.IdSession`), and {@link RESULT_VALUES}.
 */
export async function resultFields(seen: SeenAuthentication): Promise<ReadonlyMap<string, string>> {
  const { arrivals, first, visit, ID3D, publicKey } = seen;
  const [server, browser] = [await wayFields(arrivals, 'server', publicKey), await wayFields(arrivals, 'browser', publicKey)];
  const checks = [server.check, browser.check].filter((check) => check !== undefined);
  const { check: _, order: __, ...variables } = { ...browser, ...server };
  const [query, body] = (['server', 'browser'] as const).map((way) => arrivals.filter((arrival) => arrival.way === way).at(-1)?.raw);
  const optional = {
    ID3D,
    check: checks.length === 0 ? undefined : checks.includes('invalid') ? 'invalid' : 'valid',
    first: arrivals[0]?.way,
    status: visit && String(visit.page.status),
    html: first?.text,
    query: query && signedPart(query),
    body,
    order: server.order ?? browser.order,
    ...variables,
  };
  return new Map([
    ...Object.entries(optional).filter((pair): pair is [string, string] => pair[1] !== undefined),
    ...prefixed('server', server),
    ...prefixed('browser', browser),
    ['server', countOf(arrivals, 'server')],
    ['browser', countOf(arrivals, 'browser')],
    ['page', pageName(seen)],
  ]);
}
