import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { entryBody } from '../control/response-bodies.js';
import type { Gateway } from '../gateway/gateway.js';
import type { Gateways } from '../gateway/gateways.js';
import type { JournalEntry } from '../journal/entry.js';

/** Entries read at once. */
const BATCH = 200;

/** How long a stream may be silent, in milliseconds: whoever reads it shall notice when nobody is there any more. */
const SILENCE = 15_000;

/** How often a store is looked into that other processes write to as well. Milliseconds. */
const LOOK = 500;

/** The time after which a reader that lost the stream comes back. Milliseconds. */
const COME_BACK = 1000;

/** Rings for one who waits; what rang before counts. */
class Signal {
  #hasRung = false;
  #isOver = false;
  #wake: () => void = () => {};

  fire(): void {
    this.#hasRung = true;
    this.#wake();
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  /** @returns false: it is over */
  async wait(milliseconds: number): Promise<boolean> {
    if (!this.#hasRung && !this.#isOver) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#hasRung = false;
    return !this.#isOver;
  }
}

/** The number of the newest entry; 0: there is none. */
export async function newestEntry(gateway: Pick<Gateway, 'journal'>): Promise<number> {
  return (await gateway.journal({ limit: 1 }))[0]?.seq ?? 0;
}

/** What came after a number, first to last. */
async function* entriesAfter(gateway: Pick<Gateway, 'journal'>, after: number): AsyncGenerator<JournalEntry> {
  const newest = await newestEntry(gateway);
  // A journal that was forgotten is numbered anew.
  for (let last = newest < after ? 0 : after; last < newest; last += BATCH) {
    yield* (await gateway.journal({ after: last, before: last + BATCH + 1, limit: BATCH })).reverse();
  }
}

const numberIn = (text: string | undefined): number | undefined => (/^\d{1,15}$/.test(text ?? '') ? Number(text) : undefined);

/**
 * Every exchange of a gateway as it comes, as server-sent events numbered like the journal: after the one that Last-Event-ID or the
 * parameter `after` names, else from now on.
 */
export function exchangeEvents(c: Context, gateways: Gateways, name: string): Response {
  const asked = numberIn(c.req.header('last-event-id')) ?? numberIn(c.req.query('after'));
  return streamSSE(c, async (stream) => {
    const signal = new Signal();
    const stop = gateways.listeners.add(name, { onExchange: () => signal.fire(), onEnd: () => signal.end() });
    stream.onAbort(() => signal.end());
    try {
      const gateway = gateways.get(name);
      let last = asked ?? (await newestEntry(gateway));
      await stream.write(`retry: ${COME_BACK}\n\n`);
      const pause = gateway.isShared ? LOOK : SILENCE;
      let silence = 0;
      do {
        if (silence >= SILENCE) await stream.write(':\n\n');
        if (silence >= SILENCE) silence = 0;
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
