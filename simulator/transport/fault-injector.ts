import type { InjectedFault } from '../engine/fault.js';
import type { Answer } from '../gateway/answer.js';
import { delay } from './delay.js';
import { errorPage, faultyBody } from './faulty-reply.js';
import type { ReplyChannel } from './reply-channel.js';
import { ReplySwapper } from './reply-swapper.js';

type Body = Uint8Array<ArrayBuffer>;
type Headers = Readonly<Record<string, string>>;

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function slowResponse(body: Body, milliseconds: number, headers: Headers): Response {
  let at = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      if (at === body.length) {
        controller.close();
        return;
      }
      if (at > 0) await delay(milliseconds);
      controller.enqueue(body.subarray(at, ++at));
    },
  });
  return new Response(stream, { headers });
}

/** Makes faults happen while replies are sent: on the socket if there is one, otherwise in the response to `fetch`. */
export class FaultInjector {
  readonly #closing = new AbortController();
  readonly #swapper = new ReplySwapper();

  /** Sends the reply of an answer with its fault. */
  async send(
    answer: Pick<Answer, 'reply' | 'body' | 'isUrlEncoded'>,
    fault: InjectedFault,
    gateway: string,
    headers: Headers,
    channel: ReplyChannel,
  ): Promise<Response> {
    if (fault.delay > 0) await delay(fault.delay, channel.signal);
    // Nothing can be sent to a client that has gone.
    if (fault.reply === 'drop' || channel.signal.aborted) return channel.cut();
    const signal = AbortSignal.any([channel.signal, this.#closing.signal]);
    if (fault.reply === 'never') {
      await untilAborted(signal);
      return channel.cut();
    }
    if (fault.http !== undefined) return errorPage(fault.http);
    const faulty = faultyBody(fault, answer);
    const body = fault.reply === 'swap' ? await this.#swapper.swap(`${gateway}\n${fault.rule}`, faulty, signal) : faulty;
    if (body === undefined) return channel.cut();
    if (fault.reply === 'half') return channel.truncate(body.subarray(0, Math.floor(body.length / 2)), body.length, headers);
    const whole = { ...headers, 'Content-Length': String(body.length) };
    return fault.slow === undefined ? new Response(body, { headers: whole }) : slowResponse(body, fault.slow, whole);
  }

  /** Cuts the connections that wait for a reply. */
  close(): void {
    this.#closing.abort();
  }
}
