import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { StagedFault } from '../engine/verdict.js';
import type { Answer } from '../gateway.js';
import { wait } from '../wait.js';
import { errorPage, faultyBody } from './faulty-reply.js';

/** Where a faulty reply goes: a socket, or whoever called `fetch` in this process. */
export interface Way {
  /** Node's response, where there is a socket. */
  readonly outgoing: ServerResponse | undefined;
  /** Fires when whoever asked has gone. */
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
}

const lost = (): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('The connection was cut.'), { code: 'ECONNRESET' }) });

function untilGone(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function cut({ outgoing }: Way): Response {
  if (!outgoing) throw lost();
  outgoing.destroy();
  return RESPONSE_ALREADY_SENT;
}

function half(body: Uint8Array<ArrayBuffer>, { outgoing, headers }: Way): Response {
  const part = body.subarray(0, Math.floor(body.length / 2));
  const whole = { ...headers, 'Content-Length': String(body.length) };
  if (outgoing) {
    outgoing.writeHead(200, whole);
    outgoing.write(part, () => outgoing.destroy());
    return RESPONSE_ALREADY_SENT;
  }
  let isSent = false;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (isSent) controller.error(lost());
      else controller.enqueue(part);
      isSent = true;
    },
  });
  return new Response(stream, { headers: whole });
}

function slow(body: Uint8Array<ArrayBuffer>, milliseconds: number, { headers }: Way): Response {
  let at = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      if (at === body.length) {
        controller.close();
        return;
      }
      if (at > 0) await wait(milliseconds);
      controller.enqueue(body.subarray(at, ++at));
    },
  });
  return new Response(stream, { headers: { ...headers, 'Content-Length': String(body.length) } });
}

type Body = Uint8Array<ArrayBuffer>;

/** Makes what goes wrong with replies really happen: on the socket where there is one, else in the answer to `fetch`. */
export class FaultDoor {
  readonly #closing = new AbortController();
  readonly #waiting = new Map<string, { body: Body; resolve: (other: Body) => void }>();

  /** Sends the reply of an answer as its fault will have it. */
  async send(answer: Answer, fault: StagedFault, gateway: string, way: Way): Promise<Response> {
    if (fault.delay > 0) await wait(fault.delay);
    if (fault.reply === 'drop') return cut(way);
    const signal = AbortSignal.any([way.signal, this.#closing.signal]);
    if (fault.reply === 'never') {
      await untilGone(signal);
      return cut(way);
    }
    if (fault.http !== undefined) return errorPage(fault.http);
    const faulty = faultyBody(fault, answer);
    const body = fault.reply === 'swap' ? await this.#swap(`${gateway}\n${fault.rule}`, faulty, signal) : faulty;
    if (body === undefined) return cut(way);
    if (fault.reply === 'half') return half(body, way);
    return fault.slow === undefined ? new Response(body, { headers: way.headers }) : slow(body, fault.slow, way);
  }

  /** Cuts the connections that are kept waiting. */
  close(): void {
    this.#closing.abort();
  }

  // The first of two waits for the second; gone before that, it leaves no trace.
  #swap(key: string, body: Body, signal: AbortSignal): Promise<Body | undefined> | Body | undefined {
    if (signal.aborted) return undefined;
    const other = this.#waiting.get(key);
    if (other) {
      this.#waiting.delete(key);
      other.resolve(body);
      return other.body;
    }
    return new Promise((resolve) => {
      this.#waiting.set(key, { body, resolve });
      signal.addEventListener('abort', () => {
        if (this.#waiting.get(key)?.resolve === resolve) this.#waiting.delete(key);
        resolve(undefined);
      });
    });
  }
}
