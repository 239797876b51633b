import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished, vi } from 'vitest';
import { type Client, type ClientOptions, createClient, minorUnits } from '../../client/index.js';
import { encodeReply, type ReplyFields } from '../../contracts/index.js';
import { createSimulator, type Payment, type Simulator, type SimulatorOptions } from '../../simulator/index.js';

export const CARD = { number: '1111222233334444', expiry: '1299', cvv: '123' };

/** The options of every client in the tests, without its URL. The time limit is never reached, also on a busy machine. */
export const ACCOUNT = { site: '1999888', rang: '32', cle: '1999888I', version: '00104', timeout: 30_000, askAfter: [0] } as const;

/**
 * Replaces the timers by ones that only end when the test calls the returned function: it ends those of the next `milliseconds`. A client then
 * times out exactly when the test says so, and not because the machine is busy.
 */
export function useManualTime(): (milliseconds: number) => void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  return (milliseconds) => void vi.advanceTimersByTime(milliseconds);
}

/** Starts a simulator on a free port. It is closed when the test ends. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator & { readonly url: string }> {
  const simulator = createSimulator(options);
  await simulator.listen();
  onTestFinished(() => simulator.close());
  return simulator as Simulator & { readonly url: string };
}

/** Creates a client for the test account. */
export function clientOf(url: string, more: Partial<ClientOptions> = {}): Client {
  return createClient({ ...ACCOUNT, url, ...more } as ClientOptions);
}

/** The variables of one question, as the server received them. */
export type ReceivedVariables = Readonly<Record<string, string>>;

/** A server controlled by a test, and the questions it received. */
export interface TestServer {
  readonly url: string;
  readonly received: ReceivedVariables[];
  /** The TYPEs it received, in order. */
  receivedTypes(): string[];
}

type RequestHandler = (
  variables: ReceivedVariables,
  body: Buffer,
  response: ServerResponse,
  request: IncomingMessage,
) => void | Promise<void>;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function listening(server: Server): Promise<string> {
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
  );
}

/** Starts a server that answers as the handler does. */
export async function startServer(handle: RequestHandler): Promise<TestServer> {
  const received: ReceivedVariables[] = [];
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const variables = Object.fromEntries(new URLSearchParams(body.toString('latin1')));
    received.push(variables);
    await handle(variables, body, response, request);
  });
  const url = await listening(server);
  return { url, received, receivedTypes: () => received.map(({ TYPE = '' }) => TYPE) };
}

/** Forwards a question to a simulator and resolves with the body of its reply. */
export async function forward(simulator: Simulator, body: Buffer): Promise<Buffer> {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const request = new Request('http://localhost/PPPS.php', { method: 'POST', body: new Uint8Array(body), headers });
  return Buffer.from(await (await simulator.fetch(request)).arrayBuffer());
}

/**
 * Starts a proxy in front of a simulator. It forwards every question, and loses the replies to some of them after the simulator has
 * committed.
 */
export function startProxy(
  simulator: Simulator,
  isLost: (variables: ReceivedVariables, nth: number) => boolean,
  lose: (response: ServerResponse, reply: Buffer) => void = (response) => void response.socket?.destroy(),
): Promise<TestServer> {
  let nth = 0;
  return startServer(async (variables, body, response) => {
    const isThisLost = isLost(variables, ++nth);
    const reply = await forward(simulator, body);
    if (isThisLost) lose(response, reply);
    else response.end(reply);
  });
}

/** Starts a server that answers every question with the given variables, and with the right echo unless they replace it. */
export function startReplyServer(variablesOf: (received: ReceivedVariables) => ReplyFields): Promise<TestServer> {
  return startServer((received, _, response) => {
    const { SITE = '', RANG = '', NUMQUESTION = '' } = received;
    const echo = { SITE, RANG, NUMQUESTION };
    response.end(
      encodeReply({ NUMTRANS: '0000000000', NUMAPPEL: '0000000000', ...echo, COMMENTAIRE: 'PAYBOX : x', ...variablesOf(received) }),
    );
  });
}

/** Returns a URL whose port is closed. */
export async function unreachableUrl(): Promise<string> {
  const server = createServer();
  const url = await new Promise<string>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
  );
  await new Promise((resolve) => server.close(resolve));
  return url;
}

/** The parameters of a payment. */
export const order = (reference: string, amount = 1000) => ({ amount: minorUnits(amount, 'EUR'), reference, card: CARD });

/** Reads the payments of a reference from the control API of a simulator. */
export async function paymentsOf(simulator: Simulator, reference: string): Promise<(Payment & { captured: number; refunded: number })[]> {
  const response = await simulator.fetch(new Request(`http://localhost/_sim/payments?REFERENCE=${encodeURIComponent(reference)}`));
  return ((await response.json()) as { payments: (Payment & { captured: number; refunded: number })[] }).payments;
}

/** Returns the outcome with its type narrowed, or fails the test if it is of another kind. */
export function expectKind<O extends { readonly kind: string }, K extends O['kind']>(outcome: O, kind: K): Extract<O, { kind: K }> {
  if (outcome.kind !== kind) throw new Error(`Expected ${kind}, got ${JSON.stringify(outcome)}`);
  return outcome as Extract<O, { kind: K }>;
}
