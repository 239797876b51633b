import { setupWorker } from 'msw/browser';
import { controlRoutes } from '../../simulator/control/control-routes.js';
import type { Gateways } from '../../simulator/gateway/gateways.js';
import { type MockedGateway, payboxHandlers } from '../../simulator/testing/msw/index.js';

/** A request as it crosses into the page: bytes as the characters of their values. */
export interface Sent {
  /** By which it is aborted. */
  readonly id: string;
  readonly url: string;
  readonly method: string;
  readonly headers: [string, string][];
  readonly body?: string;
}

/** What came of a request. */
export type Came =
  | { readonly status: number; readonly headers: [string, string][]; readonly body: string }
  | { readonly failed: { readonly name: string; readonly message: string } };

const worker = setupWorker();
const aborts = new Map<string, AbortController>();

/** The gateway of the running case. */
export let paybox: MockedGateway;

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (character) => character.charCodeAt(0));

const textOf = (bytes: ArrayBuffer): string => Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('');

async function came(response: Response): Promise<Came> {
  return { status: response.status, headers: [...response.headers], body: textOf(await response.arrayBuffer()) };
}

/** Registers the service worker. */
export async function start(): Promise<void> {
  await worker.start({ quiet: true, onUnhandledRequest: 'bypass' });
}

/** Puts a new gateway in the place of the one before; answers where it is asked. */
export function openGateway(): { url: string; backupUrl: string } {
  paybox = payboxHandlers();
  worker.resetHandlers(...paybox.handlers);
  return { url: paybox.url, backupUrl: paybox.backupUrl };
}

/** Asks with the page's own `fetch`: through the service worker. */
export async function ask({ id, url, body, ...init }: Sent): Promise<Came> {
  const abort = new AbortController();
  aborts.set(id, abort);
  try {
    return await came(await fetch(url, { ...init, signal: abort.signal, ...(body !== undefined && { body: bytesOf(body) }) }));
  } catch (error) {
    const { name, message } = error as Error;
    return { failed: { name, message } };
  } finally {
    aborts.delete(id);
  }
}

/** Aborts a request that is under way. */
export function abort(id: string): void {
  aborts.get(id)?.abort();
}

/** Asks the control API of the gateway, which has no door of its own behind MSW. */
export async function control({ url, body, method }: Sent): Promise<Came> {
  const gateways = { get: () => paybox.gateway } as unknown as Gateways;
  const door = controlRoutes(gateways, 'any', async () => {});
  return came(await door.fetch(new Request(url, { method, ...(body && { body }) })));
}
