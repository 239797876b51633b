import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { entryBody } from '../control/response-bodies.js';
import type { Gateway } from '../gateway/gateway.js';
import type { Gateways } from '../gateway/gateways.js';
import type { JournalEntry } from '../journal/entry.js';
import { newestSeq, parseSeq } from './journal-queries.js';

/** Number of journal entries read at once. */
const BATCH = 200;

/** Longest silence of a stream, in milliseconds. A comment is sent then, so that the client notices a dead connection. */
const HEARTBEAT = 15_000;

/** How often to query a store that other processes write to as well. Milliseconds. */
const POLL_INTERVAL = 500;

/** How long a client waits before it reconnects. Milliseconds. */
const RECONNECT_DELAY = 1000;

/** Wakes one waiter; remembers a signal sent before the wait. */
class Signal {
  #isFired = false;
  #isEnded = false;
  #wake: () => void = () => {};

  fire(): void {
    this.#isFired = true;
    this.#wake();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  /** Resolves at the next signal or after a number of milliseconds, with false once the signal has ended. */
  async wait(milliseconds: number): Promise<boolean> {
    if (!this.#isFired && !this.#isEnded) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#isFired = false;
    return !this.#isEnded;
  }
}

/** Yields the exchanges after a seq, oldest first. */
async function* entriesAfter(gateway: Pick<Gateway, 'journal'>, after: number): AsyncGenerator<JournalEntry> {
  const newest = await newestSeq(gateway);
  // After a reset the journal numbers its entries from 1 again.
  for (let last = newest < after ? 0 : after; last < newest; last += BATCH) {
    yield* (await gateway.journal({ after: last, before: last + BATCH + 1, limit: BATCH })).reverse();
  }
}

/**
 * Streams the exchanges of a gateway as server-sent events; the id of an event is the seq of its exchange.
 * Starts after the seq in the Last-Event-ID header or in the `after` parameter. Default: only new exchanges.
 */
export function exchangeEvents(c: Context, gateways: Gateways, name: string): Response {
  const after = parseSeq(c.req.header('last-event-id')) ?? parseSeq(c.req.query('after'));
  return streamSSE(c, async (stream) => {
    const signal = new Signal();
    const stop = gateways.listeners.add(name, { onExchange: () => signal.fire(), onEnd: () => signal.end() });
    stream.onAbort(() => signal.end());
    try {
      const gateway = gateways.get(name);
      let last = after ?? (await newestSeq(gateway));
      await stream.write(`retry: ${RECONNECT_DELAY}\n\n`);
      const pause = gateway.isShared ? POLL_INTERVAL : HEARTBEAT;
      let silence = 0;
      do {
        if (silence >= HEARTBEAT) await stream.write(':\n\n');
        if (silence >= HEARTBEAT) silence = 0;
        for await (const entry of entriesAfter(gateways.get(name), last)) {
          await stream.writeSSE({ id: String(entry.seq), event: 'exchange', data: JSON.stringify(entryBody(entry)) });
          last = entry.seq;
        }
        silence += pause;
      } while (await signal.wait(pause));
    } finally {
      stop();
    }
  });
}
