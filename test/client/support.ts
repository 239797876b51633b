import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Client, type ClientOptions, createClient, minorUnits } from '../../client/index.js';
import { encodeReply, type Reply } from '../../contracts/index.js';
import { createSimulator, type Payment, type Simulator, type SimulatorOptions } from '../../simulator/index.js';

export const CARD = { number: '1111222233334444', expiry: '1299', cvv: '123' };

/** What every client of the tests is set up with, but for its URL. */
export const ACCOUNT = { site: '1999888', rang: '32', cle: '1999888I', version: '00104', timeout: 2_000, askAfter: [0] } as const;

/** A simulator on a port, closed when the test ends. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator & { readonly url: string }> {
  const simulator = createSimulator(options);
  await simulator.listen();
  onTestFinished(() => simulator.close());
  return simulator as Simulator & { readonly url: string };
}

/** A client of the test account. */
export function clientOf(url: string, more: Partial<ClientOptions> = {}): Client {
  return createClient({ ...ACCOUNT, url, ...more } as ClientOptions);
}

/** The variables of a request. */
export type Asked = Readonly<Record<string, string>>;

/** A server that stages bad behaviour, and what it was asked. */
export interface Stage {
  readonly url: string;
  readonly asked: Asked[];
  /** The TYPEs it was asked, in order. */
  types(): string[];
}

type Play = (asked: Asked, body: Buffer, response: ServerResponse, request: IncomingMessage) => void | Promise<void>;

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

/** A server of the test's own making. */
export async function stage(play: Play): Promise<Stage> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const variables = Object.fromEntries(new URLSearchParams(body.toString('latin1')));
    asked.push(variables);
    await play(variables, body, response, request);
  });
  const url = await listening(server);
  return { url, asked, types: () => asked.map(({ TYPE = '' }) => TYPE) };
}

/** Passes a question on to a simulator and hands back what it answered. */
export async function passOn(simulator: Simulator, body: Buffer): Promise<Buffer> {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const request = new Request('http://localhost/PPPS.php', { method: 'POST', body: new Uint8Array(body), headers });
  return Buffer.from(await (await simulator.fetch(request)).arrayBuffer());
}

/** A proxy before a simulator that does as told with the reply to some questions, once the simulator has committed. */
export function proxy(
  simulator: Simulator,
  isLost: (asked: Asked, nth: number) => boolean,
  lose: (response: ServerResponse, reply: Buffer) => void = (response) => void response.socket?.destroy(),
): Promise<Stage> {
  let nth = 0;
  return stage(async (asked, body, response) => {
    const isThisLost = isLost(asked, ++nth);
    const reply = await passOn(simulator, body);
    if (isThisLost) lose(response, reply);
    else response.end(reply);
  });
}

/** A server that answers every question with these variables, the echo being right unless they say otherwise. */
export function answering(variables: (asked: Asked) => Reply): Promise<Stage> {
  return stage((asked, _, response) => {
    const { SITE = '', RANG = '', NUMQUESTION = '' } = asked;
    const echo = { SITE, RANG, NUMQUESTION };
    response.end(encodeReply({ NUMTRANS: '0000000000', NUMAPPEL: '0000000000', ...echo, COMMENTAIRE: 'PAYBOX : x', ...variables(asked) }));
  });
}

/** A URL where nobody listens. */
export async function deadUrl(): Promise<string> {
  const server = createServer();
  const url = await new Promise<string>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
  );
  await new Promise((resolve) => server.close(resolve));
  return url;
}

/** A payment's parameters. */
export const order = (reference: string, amount = 1000) => ({ amount: minorUnits(amount, 'EUR'), reference, card: CARD });

/** The simulator's payments of a reference, by its control API. */
export async function paymentsOf(simulator: Simulator, reference: string): Promise<(Payment & { captured: number; refunded: number })[]> {
  const response = await simulator.fetch(new Request(`http://localhost/_sim/payments?REFERENCE=${encodeURIComponent(reference)}`));
  return ((await response.json()) as { payments: (Payment & { captured: number; refunded: number })[] }).payments;
}

/** Fails the test where an outcome is of another kind, and narrows it where it is. */
export function expectKind<O extends { readonly kind: string }, K extends O['kind']>(outcome: O, kind: K): Extract<O, { kind: K }> {
  if (outcome.kind !== kind) throw new Error(`Expected ${kind}, got ${JSON.stringify(outcome)}`);
  return outcome as Extract<O, { kind: K }>;
}
