import { isQuestion, OPERATIONS, SOFT_DECLINE, VARIANTS } from '../../contracts/index.js';
import type { ObservedQuestion } from './observation.js';

/** The groups of kinds, in the order in which they are shown. */
export const KIND_GROUPS = ['reply', 'code', 'program', 'time', 'order', 'result', 'host', 'variant'] as const;

/**
 * What a kind of perturbation is about: a reply on its way, its code, the program, the clock, who goes on, a result of a page of the gateway on its
 * way to the shop, a host, or an unknown of the gateway.
 */
export type KindGroup = (typeof KIND_GROUPS)[number];

/** Effects of a rule of the control API. */
type Effects = Readonly<Record<string, unknown>>;

/** The operations of the journal that begin a visit of a page with a result. */
export const RESULT_PAGES = ['authenticate', 'checkout'] as const;

/** A page of the gateway with a result. */
type ResultPage = (typeof RESULT_PAGES)[number];

/** A kind of perturbation: something that can happen to a question, or to a whole run. */
export interface Kind {
  /** Unique. */
  readonly id: string;
  readonly group: KindGroup;
  /** What happens, as part of a sentence: "the reply is lost". */
  readonly happens: string;
  /** Of a kind that happens to a question: the effects of its rule. */
  readonly rule?: Effects;
  /** Of a kind that lasts the whole run: the variant that is set, with the TYPEs that it touches. */
  readonly variant?: { readonly name: string; readonly value: string; readonly types: readonly string[] };
  /** Of a kind that lasts the whole run: the host that cannot be reached. */
  readonly down?: 'main' | 'backup';
  /**
   * Of a kind that lasts the whole run: what happens to the results of RemoteMPI and of the hosted page, on their way by the gateway's call
   * (`server`) or by the customer's browser.
   */
  readonly result?: {
    readonly way: 'server' | 'browser';
    readonly fault: Effects;
    /** The pages whose results it can happen to. */
    readonly pages: readonly ResultPage[];
  };
  /** Of a kind that lasts the whole run: a setting of the account. */
  readonly setting?: Readonly<Record<string, string>>;
  /** What it delays comes so much later: an ISO 8601 duration. */
  readonly later?: string;
  /** The program is killed while it waits for the reply. */
  readonly kills?: true;
  /** The other worker goes on, until it ends or has to wait in turn. Only with several workers. */
  readonly switches?: true;
  /** Happens only where the gateway changes something: processing an inquiry twice shows nothing. */
  readonly onChanges?: true;
  /** Happens only to questions that ask the bank of the card. */
  readonly onIssuer?: true;
}

const reply = (id: string, happens: string, fault: Effects, more: Partial<Kind> = {}): Kind => ({
  id,
  group: 'reply',
  happens,
  rule: { fault },
  ...more,
});
const code = (answer: string, happens: string, more: Partial<Kind> = {}): Kind => ({
  id: answer,
  group: 'code',
  happens: `the gateway answers ${answer}: ${happens}`,
  rule: { answer },
  ...more,
});
const time = (id: string, clock: string, happens: string): Kind => ({ id, group: 'time', happens, rule: { fault: { clock } } });

/** A delay that no client waits for. Milliseconds. */
const BEYOND_EVERY_LIMIT = 600_000;

const REPLIES: readonly Kind[] = [
  reply('drop', 'the gateway processes the question, and its reply is lost', { reply: 'drop' }),
  reply('drop-before', 'the question is lost before the gateway processes it', { processed: 'no', reply: 'drop' }),
  reply('half', 'only half of the reply arrives', { reply: 'half' }),
  reply('empty', 'the reply is HTTP 200 without a body', { reply: 'empty' }),
  reply('garbage', 'the reply is not one of the gateway', { reply: 'garbage' }),
  reply('utf-8', 'the reply is in UTF-8', { reply: 'utf-8' }),
  reply('http-500', 'a server answers 500 after the gateway processed the question', { http: 500 }),
  reply('http-502', 'a proxy answers 502 after the gateway processed the question', { http: 502 }),
  reply('http-503', 'a server answers 503 and the gateway does not process the question', { processed: 'no', http: 503 }),
  reply('http-504', 'a proxy answers 504 after the gateway processed the question', { http: 504 }),
  reply('echo-number', 'the reply answers another question (NUMQUESTION)', { processed: 'no', echo: { NUMQUESTION: '1' } }),
  reply('echo-number-after', 'the reply has another NUMQUESTION', { echo: { NUMQUESTION: '1' } }),
  reply('echo-site', 'the reply answers a question of another shop (SITE)', { processed: 'no', echo: { SITE: '7' } }),
  reply('echo-site-after', 'the reply has another SITE', { echo: { SITE: '7' } }),
  reply('echo-rang', 'the reply answers a question of another RANG', { processed: 'no', echo: { RANG: '99' } }),
  reply('echo-rang-after', 'the reply has another RANG', { echo: { RANG: '99' } }),
  reply('twice', 'the gateway processes the question twice', { processed: 'twice' }, { onChanges: true }),
  reply(
    'twice-lost',
    'the gateway processes the question twice, and the reply is lost',
    { processed: 'twice', reply: 'drop' },
    { onChanges: true },
  ),
  reply('never', 'the reply never comes', { reply: 'never' }),
  reply('never-before', 'the question is not processed, and no reply comes', { processed: 'no', reply: 'never' }),
  reply('delay', 'the reply comes after the time limit of the client', { delay: BEYOND_EVERY_LIMIT }),
  reply('slow', 'the reply comes byte by byte', { slow: 5 }),
];

const CODES: readonly Kind[] = [
  code('00001', 'the bank cannot be reached, or an internal error'),
  code('00003', 'an error of the gateway'),
  code('00097', 'a connection timed out'),
  code('00098', 'an internal connection failed'),
  code('00099', 'question and reply are incoherent, try later'),
  code('00105', 'the bank refuses', { onIssuer: true }),
  code('00151', 'insufficient funds', { onIssuer: true }),
  code(SOFT_DECLINE, 'the bank wants an authentication', { onIssuer: true }),
  code('00042', 'a code that no list has'),
  code('00005', 'the question number is not valid'),
  code('00039', 'the question number was used before'),
];

const TIMES: readonly Kind[] = [
  time('remittance', 'remit', 'the remittance of the night runs before the reply arrives'),
  time('midnight', 'midnight', 'the day ends in Paris before the reply arrives'),
  time('expiry', 'P31D', 'a month passes before the reply arrives, and authorizations end'),
];

const PROGRAM: readonly Kind[] = [
  {
    id: 'kill',
    group: 'program',
    happens: 'the program is killed after the gateway processed the question',
    rule: { fault: { reply: 'never' } },
    kills: true,
  },
  {
    id: 'kill-before',
    group: 'program',
    happens: 'the program is killed before the gateway processed the question',
    rule: { fault: { processed: 'no', reply: 'never' } },
    kills: true,
  },
];

/** More questions than a run asks: the reply is held until it is released. */
const UNTIL_RELEASED = 1000;

const SWITCH: Kind = {
  id: 'switch',
  group: 'order',
  happens: 'the other worker goes on before the reply arrives',
  rule: { fault: { hold: UNTIL_RELEASED } },
  switches: true,
};

const result = (
  id: string,
  happens: string,
  way: 'server' | 'browser',
  fault: Effects,
  more: Partial<Kind> & { readonly pages?: readonly ResultPage[] } = {},
): Kind => {
  const { pages = RESULT_PAGES, ...rest } = more;
  return { id, group: 'result', happens, result: { way, fault, pages }, ...rest };
};
const inOrder = (id: string, happens: string, resultOrder: string): Kind => ({ id, group: 'result', happens, setting: { resultOrder } });

const LATE = 'PT10M';

const RESULTS: readonly Kind[] = [
  result('call-lost', 'the gateway does not call the shop', 'server', { lost: true }),
  result('call-late', "the gateway's call to the shop comes ten minutes late", 'server', { late: LATE }, { later: LATE }),
  result('call-twice', "the gateway's call to the shop comes twice", 'server', { times: 2 }),
  result('call-forged', 'the call to the shop has a wrong signature', 'server', { check: 'wrong' }),
  result('call-other-order', 'the call to the shop is about another order', 'server', { session: 'other' }),
  result('call-other-amount', 'the call to the shop has another amount', 'server', { amount: 'other' }, { pages: ['checkout'] }),
  result('return-lost', 'the customer does not come back with the result', 'browser', { lost: true }),
  result('return-forged', "the customer's browser brings a wrong signature", 'browser', { check: 'wrong' }),
  result('return-other-order', "the customer's browser brings the result of another order", 'browser', { session: 'other' }),
  result('return-other-amount', "the customer's browser brings another amount", 'browser', { amount: 'other' }, { pages: ['checkout'] }),
  inOrder('call-first', 'the call to the shop comes before the customer', 'server-first'),
  inOrder('return-first', 'the customer comes back before the call to the shop', 'browser-first'),
  inOrder('both-at-once', 'the call to the shop and the customer come at the same time', 'together'),
];

const HOSTS: readonly Kind[] = [
  { id: 'main-down', group: 'host', happens: 'the main host refuses connections', down: 'main' },
  { id: 'backup-down', group: 'host', happens: 'the backup host refuses connections', down: 'backup' },
];

const VARIANT_KINDS: readonly Kind[] = VARIANTS.flatMap(({ name, meaning, operations, values: [, ...others] }) =>
  others.map(
    ({ value, meaning: behaviour }): Kind => ({
      id: `${name}=${value}`,
      group: 'variant',
      happens: `${meaning.en}: ${behaviour.en}`,
      variant: { name, value, types: operations },
    }),
  ),
);

/** Everything that can happen to a question or to a run. Of kinds with the same effect the first is reported. */
export const KINDS: readonly Kind[] = [...REPLIES, ...CODES, ...PROGRAM, ...TIMES, SWITCH, ...RESULTS, ...HOSTS, ...VARIANT_KINDS];

const KIND_BY_ID = new Map(KINDS.map((kind) => [kind.id, kind]));

const KIND_PLACE = new Map(KINDS.map(({ id }, index) => [id, index]));

/** The place of a kind in the table; 0 if there is no such kind. */
export const kindPlace = (id: string): number => KIND_PLACE.get(id) ?? 0;

/** @throws RangeError when there is no such kind */
export function kindBy(id: string): Kind {
  const kind = KIND_BY_ID.get(id);
  if (!kind) throw new RangeError(`${id} is not a kind of perturbation.`);
  return kind;
}

const CHANGING = new Set(OPERATIONS.filter(({ finds }) => finds === 'nothing' || finds === 'payment').map(({ TYPE }) => TYPE as string));

/** Whether a kind happens to one question, and not to the whole run. */
export const isOfQuestion = ({ rule }: Kind): boolean => rule !== undefined;

/** What can happen to the reply to an attempt on the hosted page: it goes to the customer's browser, which has no time limit and checks nothing. */
const AT_PAGES: ReadonlySet<string> = new Set(['drop', 'drop-before', 'half', 'empty', 'http-500', 'http-502', 'http-503', 'http-504']);

/** Whether a kind can show at a question, or at an attempt to pay on the hosted page. */
export function canMeet(
  { id, group, onChanges, onIssuer }: Kind,
  { TYPE, operation, request }: Pick<ObservedQuestion, 'TYPE' | 'operation' | 'request'>,
): boolean {
  if (!isQuestion({ operation })) return AT_PAGES.has(id) || group === 'code' || group === 'time';
  if (onChanges && !CHANGING.has(TYPE)) return false;
  return !onIssuer || request.some(([name, value]) => name === 'PORTEUR' && value !== '');
}

/**
 * Whether a kind that lasts the whole run can show in a run.
 *
 * @param types the TYPEs of its questions
 * @param pages the pages that its customer visits
 */
export function canTouch({ variant, down, result: ofPages, setting }: Kind, types: ReadonlySet<string>, pages: readonly string[]): boolean {
  if (down !== undefined) return true;
  if (setting) return pages.length > 0;
  if (ofPages) return ofPages.pages.some((page) => pages.includes(page));
  return variant?.types.some((type) => types.has(type)) ?? false;
}
