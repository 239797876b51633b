import { setupWorker } from 'msw/browser';
import { controlRoutes } from '../../simulator/control/control-routes.js';
import type { Gateways } from '../../simulator/gateway/gateways.js';
import { type MockedGateway, payboxHandlers } from '../../simulator/testing/msw/index.js';

/** A request that the test passes to the page. Each byte of the body is a character. */
export interface PageRequest {
  /** Identifies the request for {@link abort}. */
  readonly id: string;
  readonly url: string;
  readonly method: string;
  readonly headers: [string, string][];
  readonly body?: string;
}

/** The response to a request, or the error of `fetch`. Each byte of the body is a character. */
export type PageResponse =
  | { readonly status: number; readonly headers: [string, string][]; readonly body: string }
  | { readonly failed: { readonly name: string; readonly message: string } };

const worker = setupWorker();
const aborts = new Map<string, AbortController>();

/** The gateway behind the service worker. */
export let paybox: MockedGateway;

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (character) => character.charCodeAt(0));

const textOf = (bytes: ArrayBuffer): string => Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('');

async function toPageResponse(response: Response): Promise<PageResponse> {
  return { status: response.status, headers: [...response.headers], body: textOf(await response.arrayBuffer()) };
}

/** Registers the service worker. */
export async function start(): Promise<void> {
  await worker.start({ quiet: true, onUnhandledRequest: 'bypass' });
}

/** Replaces the gateway by a new one. Returns its URLs. */
export function openGateway(): { url: string; backupUrl: string } {
  paybox = payboxHandlers();
  worker.resetHandlers(...paybox.handlers);
  return { url: paybox.url, backupUrl: paybox.backupUrl };
}

/** Sends a request with the page's `fetch`, through the service worker. */
export async function send({ id, url, body, ...init }: PageRequest): Promise<PageResponse> {
  const controller = new AbortController();
  aborts.set(id, controller);
  try {
    return await toPageResponse(
      await fetch(url, { ...init, signal: controller.signal, ...(body !== undefined && { body: bytesOf(body) }) }),
    );
  } catch (error) {
    const { name, message } = error as Error;
    return { failed: { name, message } };
  } finally {
    aborts.delete(id);
  }
}

/** Aborts a request in progress. */
export function abort(id: string): void {
  aborts.get(id)?.abort();
}

/** Calls the control API of the gateway, which the MSW handlers do not serve. */
export async function callControl({ url, body, method }: PageRequest): Promise<PageResponse> {
  const gateways = { get: () => paybox.gateway } as unknown as Gateways;
  const routes = controlRoutes(
    { gateways, outage: async () => {}, publicKey: async () => '', resend: async () => undefined },
    { access: 'any', hosts: [] },
  );
  return toPageResponse(await routes.fetch(new Request(url, { method, ...(body && { body }) })));
}
