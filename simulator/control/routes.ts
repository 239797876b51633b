import { accountId, operationBy, tenDigits } from '../../contracts/index.js';
import type { AccountInput } from '../engine/account.js';
import { parisTime, readParisTime } from '../engine/calendar.js';
import type { RuleInput } from '../engine/rule.js';
import { DEFAULT_PAGE } from '../gateway/gateway.js';
import type { PaymentInput } from '../gateway/import-payment.js';
import { VERSION } from '../version.js';
import { ControlError } from './errors.js';
import { entryBody, paymentBody, subscriberBody } from './response-bodies.js';
import type { ControlRequest, ControlRoute } from './route.js';

const MAX_PAGE = 1000;

function limitOf({ query }: ControlRequest): number {
  const text = query('limit');
  if (text === undefined) return DEFAULT_PAGE;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE)
    throw new ControlError(400, `limit: ${text} is not a whole number from 1 to ${MAX_PAGE}.`);
  return limit;
}

function timeOf({ query }: ControlRequest, name: string): number | undefined {
  const text = query(name);
  if (text === undefined) return undefined;
  try {
    return readParisTime(text);
  } catch {
    throw new ControlError(400, `${name}: ${text} is no ISO 8601 time (2026-03-28T12:00, in Paris, or with an offset; + is %2B in a URL).`);
  }
}

function typeOf({ query }: ControlRequest): string | undefined {
  const text = query('TYPE');
  if (text === undefined) return undefined;
  const operation = operationBy(text);
  if (!operation) throw new ControlError(400, `TYPE: ${text} is no operation; \`paybox-sim operations\` lists them.`);
  return operation.TYPE;
}

function sequenceOf({ query }: ControlRequest): number | undefined {
  const text = query('before');
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new ControlError(400, `before: ${text} is not the seq of an entry.`);
  return Number(text);
}

const PAGING = { limit: `At most so many, 1 to ${MAX_PAGE}; ${DEFAULT_PAGE} unless told.` };

const journalRoutes: readonly ControlRoute[] = [
  {
    method: 'get',
    path: '/journal',
    summary: 'Requests and replies, newest first, with what is to be remarked on them.',
    query: {
      REFERENCE: 'Only those of this REFERENCE.',
      TYPE: 'Only those of this operation, by number or name.',
      CODEREPONSE: 'Only those answered so.',
      since: 'Only from this time on.',
      until: 'Only before this time.',
      before: 'Only entries whose seq is lower: the next page.',
      ...PAGING,
    },
    answers: 'The entries.',
    run: async (request) => {
      const entries = await request.gateway.journal({
        REFERENCE: request.query('REFERENCE'),
        TYPE: typeOf(request),
        CODEREPONSE: request.query('CODEREPONSE')?.padStart(5, '0'),
        since: timeOf(request, 'since'),
        until: timeOf(request, 'until'),
        before: sequenceOf(request),
        limit: limitOf(request),
      });
      return { entries: entries.map(entryBody) };
    },
  },
];

const paymentRoutes: readonly ControlRoute[] = [
  {
    method: 'get',
    path: '/payments',
    summary: 'Payments with their chains, highest NUMTRANS first.',
    query: {
      REFERENCE: 'Only those of this REFERENCE.',
      account: 'Only those of this account, SITE/RANG.',
      before: 'Only payments of a lower NUMTRANS: the next page.',
      ...PAGING,
    },
    answers: 'The payments.',
    run: async (request) => {
      const { gateway, query } = request;
      const before = query('before');
      if (before !== undefined && !/^\d{1,10}$/.test(before))
        throw new ControlError(400, `before: ${before} is not a NUMTRANS (1 to 10 digits).`);
      const [site = '', rang = ''] = query('account')?.split('/') ?? [];
      const payments = await gateway.payments({
        REFERENCE: query('REFERENCE'),
        account: query('account') === undefined ? undefined : accountId(site, rang),
        before: before === undefined ? undefined : tenDigits(before),
        limit: limitOf(request),
      });
      return { payments: payments.map((payment) => paymentBody(payment, gateway.clock.now())) };
    },
  },
  {
    method: 'post',
    path: '/payments',
    summary: "Puts in a payment that Paybox System's hosted page took; captures, cancels and refunds then work on it.",
    body: 'payment',
    answers: 'The payment.',
    run: async ({ gateway, body }) => paymentBody(await gateway.importPayment(body as PaymentInput), gateway.clock.now()),
  },
  {
    method: 'get',
    path: '/payments/{NUMTRANS}',
    summary: 'The payment that has a transaction of this number.',
    answers: 'The payment.',
    run: async ({ gateway, param }) => {
      const payment = await gateway.payment(tenDigits(param('NUMTRANS')));
      if (!payment) throw new ControlError(404, `No payment has a transaction ${param('NUMTRANS')}.`);
      return paymentBody(payment, gateway.clock.now());
    },
  },
  {
    method: 'get',
    path: '/subscribers',
    summary: 'Subscribers of Direct Plus.',
    answers: 'The subscribers.',
    run: async ({ gateway }) => ({ subscribers: (await gateway.subscribers()).map(subscriberBody) }),
  },
];

const ruleRoutes: readonly ControlRoute[] = [
  {
    method: 'get',
    path: '/rules',
    summary: 'Rules in the order they are asked.',
    answers: 'The rules.',
    run: ({ gateway }) => ({ rules: gateway.rules.list() }),
  },
  {
    method: 'post',
    path: '/rules',
    summary: 'Adds a rule: who matches it is answered with its code.',
    body: 'rule',
    answers: 'The rule.',
    run: ({ gateway, body }) => gateway.addRule(body as RuleInput),
  },
  {
    method: 'delete',
    path: '/rules',
    summary: 'Removes all rules.',
    answers: 'Nothing.',
    run: ({ gateway }) => {
      gateway.rules.clear();
      return gateway.saved();
    },
  },
  {
    method: 'get',
    path: '/rules/{id}',
    summary: 'A rule, with the number of questions that matched it.',
    answers: 'The rule.',
    run: ({ gateway, param }) => {
      const rule = gateway.rules.get(param('id'));
      if (!rule) throw new ControlError(404, `There is no rule ${param('id')}.`);
      return rule;
    },
  },
  {
    method: 'delete',
    path: '/rules/{id}',
    summary: 'Removes a rule.',
    answers: 'Nothing.',
    run: async ({ gateway, param }) => {
      if (!gateway.rules.remove(param('id'))) throw new ControlError(404, `There is no rule ${param('id')}.`);
      await gateway.saved();
    },
  },
];

const clockRoutes: readonly ControlRoute[] = [
  { method: 'get', path: '/clock', summary: "The gateway's time.", answers: 'The clock.', run: ({ gateway }) => gateway.clock.state() },
  {
    method: 'put',
    path: '/clock',
    summary: 'Sets the time, stops it or lets it run on; without `now` and `frozen`, back to real time.',
    body: 'clock',
    bodyOptional: true,
    answers: 'The clock.',
    run: async ({ gateway, body }) => {
      const { now, frozen } = (body ?? {}) as { now?: string; frozen?: boolean };
      if (now !== undefined) gateway.clock.set(now, frozen);
      else if (frozen === undefined) gateway.clock.reset();
      else if (frozen) gateway.clock.freeze();
      else gateway.clock.resume();
      await gateway.saved();
      return gateway.clock.state();
    },
  },
  {
    method: 'post',
    path: '/clock/advance',
    summary: 'Moves the time on by an ISO 8601 duration; remittances of the nights passed are made.',
    body: 'advance',
    answers: 'The clock.',
    run: async ({ gateway, body }) => {
      gateway.clock.advance((body as { by: string }).by);
      await gateway.saved();
      return gateway.clock.state();
    },
  },
  {
    method: 'post',
    path: '/clock/remit',
    summary: "Runs tonight's remittance: moves the time to just past it.",
    answers: 'The clock.',
    run: async ({ gateway }) => {
      gateway.clock.remit();
      await gateway.saved();
      return gateway.clock.state();
    },
  },
];

const stateRoutes: readonly ControlRoute[] = [
  {
    method: 'post',
    path: '/reset',
    summary: 'Forgets payments, subscribers and journal; puts accounts, rules and clock back to the configuration.',
    answers: 'Nothing.',
    run: ({ gateway }) => gateway.reset(),
  },
  {
    method: 'get',
    path: '/snapshot',
    summary: 'The whole gateway as one document.',
    answers: 'The snapshot.',
    run: ({ gateway }) => gateway.snapshot(),
  },
  {
    method: 'put',
    path: '/snapshot',
    summary: 'Puts the gateway back as a snapshot shows it.',
    body: 'snapshot',
    answers: 'Nothing.',
    run: ({ gateway, body }) => gateway.restore(body),
  },
  {
    method: 'post',
    path: '/seed',
    summary: 'Makes up payments over past days, in every state.',
    body: 'seed',
    bodyOptional: true,
    answers: 'How many questions were put.',
    run: async ({ gateway, body }) => {
      const { seed } = await import('../gateway/seed.js');
      return seed(gateway, (body ?? {}) as { payments?: number; seed?: number; days?: number });
    },
  },
  {
    method: 'get',
    path: '/accounts',
    summary: 'Accounts with their settings.',
    answers: 'The accounts.',
    run: ({ gateway }) => ({ accounts: gateway.accounts }),
  },
  {
    method: 'put',
    path: '/accounts/{SITE}/{RANG}',
    summary: 'Adds an account, or changes the settings that are given of one that is there.',
    body: 'accountChange',
    answers: 'The account.',
    run: async ({ gateway, param, body }) => {
      const [SITE, RANG] = [param('SITE'), param('RANG')];
      if (!/^\d{1,7}$/.test(SITE) || !/^\d{1,3}$/.test(RANG))
        throw new ControlError(400, `${SITE}/${RANG}: SITE has 1 to 7 digits, RANG 1 to 3.`);
      gateway.setAccount({ ...(body as Partial<AccountInput>), SITE, RANG });
      await gateway.saved();
      return gateway.account(SITE, RANG);
    },
  },
];

const simulatorRoutes: readonly ControlRoute[] = [
  {
    method: 'get',
    path: '/health',
    summary: 'Whether the simulator is up, and where it keeps its state.',
    answers: 'Its health.',
    run: ({ gateways }) => ({ status: 'ok', version: VERSION, store: gateways.storage.description }),
  },
  {
    method: 'post',
    path: '/outage',
    summary: 'Refuses connections for a while, of the gateways and of this API, as a server that is down; then listens again.',
    body: 'outage',
    mainOnly: true,
    answers: 'When it will be up again, in real time.',
    run: ({ outage, body }) => {
      const { milliseconds } = body as { milliseconds: number };
      // Begun, not waited for: the answer must leave before the door closes.
      const ended = outage(milliseconds);
      ended.catch((error: unknown) => console.error(error));
      return { until: parisTime(Date.now() + milliseconds) };
    },
  },
  {
    method: 'get',
    path: '/sessions',
    summary: 'Names of the separate gateways at /s/{name}.',
    mainOnly: true,
    answers: 'The names.',
    run: async ({ gateways }) => ({ sessions: await gateways.sessions() }),
  },
  {
    method: 'delete',
    path: '/sessions/{name}',
    summary: 'Forgets a separate gateway with all it holds.',
    mainOnly: true,
    answers: 'Nothing.',
    run: async ({ gateways, param }) => {
      if (!(await gateways.drop(param('name')))) throw new ControlError(404, `There is no gateway at /s/${param('name')}.`);
    },
  },
];

/** Every route of the control API. */
export const CONTROL_ROUTES: readonly ControlRoute[] = [
  ...simulatorRoutes,
  ...journalRoutes,
  ...paymentRoutes,
  ...ruleRoutes,
  ...clockRoutes,
  ...stateRoutes,
];
