import type { InjectedFault } from '../engine/fault.js';
import type { Answer } from '../gateway/answer.js';
import { wait } from '../wait.js';
import { errorPage, faultyBody } from './faulty-reply.js';
import type { ReplyChannel } from './reply-channel.js';
import { ReplySwapper } from './reply-swapper.js';

type Body = Uint8Array<ArrayBuffer>;
type Headers = Readonly<Record<string, string>>;

function untilGone(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function slow(body: Body, milliseconds: number, headers: Headers): Response {
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
  return new Response(stream, { headers });
}

/** Makes what goes wrong with replies really happen: on the socket where there is one, else in the answer to `fetch`. */
export class FaultInjector {
  readonly #closing = new AbortController();
  readonly #swapper = new ReplySwapper();

  /** Sends the reply of an answer as its fault will have it. */
  async send(answer: Answer, fault: InjectedFault, gateway: string, headers: Headers, channel: ReplyChannel): Promise<Response> {
    if (fault.delay > 0) await wait(fault.delay);
    if (fault.reply === 'drop') return channel.cut();
    const signal = AbortSignal.any([channel.signal, this.#closing.signal]);
    if (fault.reply === 'never') {
      await untilGone(signal);
      return channel.cut();
    }
    if (fault.http !== undefined) return errorPage(fault.http);
    const faulty = faultyBody(fault, answer);
    const body = fault.reply === 'swap' ? await this.#swapper.swap(`${gateway}\n${fault.rule}`, faulty, signal) : faulty;
    if (body === undefined) return channel.cut();
    if (fault.reply === 'half') return channel.part(body.subarray(0, Math.floor(body.length / 2)), body.length, headers);
    const whole = { ...headers, 'Content-Length': String(body.length) };
    return fault.slow === undefined ? new Response(body, { headers: whole }) : slow(body, fault.slow, whole);
  }

  /** Cuts the connections that are kept waiting. */
  close(): void {
    this.#closing.abort();
  }
}
