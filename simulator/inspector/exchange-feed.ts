import { setTimeout as delay } from 'node:timers/promises';
import { entryBody } from '../control/response-bodies.js';
import type { Gateways } from '../gateway/gateways.js';
import type { JournalEntry } from '../journal/entry.js';
import { TimeSlice } from '../store/time-slice.js';
import { EventReader, encodeEvent } from './event-reader.js';
import { newestSeq } from './journal-queries.js';

/** How much is sent at once: as many exchanges as fit, and at least one. */
interface Batch {
  readonly exchanges: number;
  readonly bytes: number;
}

/** To all readers that follow. */
const BATCH: Batch = { exchanges: 500, bytes: 2 ** 20 };
/** To a single reader that reads earlier exchanges. */
const SINGLE_BATCH: Batch = { exchanges: 25, bytes: 2 ** 16 };

/** The shortest and the longest time between two batches, so that a batch has several exchanges. Milliseconds. */
const [PAUSE, LONGEST_PAUSE] = [20, 250];

/** Longest silence of a stream, in milliseconds. A comment is sent then, so that the client notices a dead connection. */
const HEARTBEAT = 15_000;

/** How often to query a store that other processes write to as well. Milliseconds. */
const POLL_INTERVAL = 500;

/** How long a client waits before it reconnects. Milliseconds. */
const RECONNECT_DELAY = 1000;

const encoder = new TextEncoder();
const FIRST_CHUNK = encoder.encode(`retry: ${RECONNECT_DELAY}\n\n`);
const COMMENT = encoder.encode(':\n\n');

/** An exchange as the bytes of its event. */
interface EncodedExchange {
  readonly seq: number;
  readonly event: Uint8Array;
}

async function encodeBatch(entries: readonly JournalEntry[], { bytes }: Batch): Promise<EncodedExchange[]> {
  const slice = new TimeSlice();
  const encoded: EncodedExchange[] = [];
  let total = 0;
  for (const entry of entries) {
    if (slice.isOver) await slice.giveWay();
    const event = encodeEvent('exchange', entryBody(entry), entry.seq);
    total += event.length;
    if (total > bytes && encoded.length > 0) break;
    encoded.push({ seq: entry.seq, event });
  }
  return encoded;
}

const joined = (exchanges: readonly EncodedExchange[]): Uint8Array => Buffer.concat(exchanges.map(({ event }) => event));

/** Sends the new exchanges of one gateway to its readers. Each exchange is read and encoded once for all of them. */
export class ExchangeFeed {
  readonly #gateways: Gateways;
  readonly #name: string;
  readonly #onEmpty: () => void;
  /** All readers. */
  readonly #readers = new Set<EventReader>();
  /** The readers that have received at least everything up to `#position`. The others read earlier exchanges on their own. */
  readonly #live = new Set<EventReader>();
  #position = 0;
  #wake: () => void = () => {};
  #hasNews = false;
  /** When something was sent to all, on the clock of `performance`. */
  #lastSent = performance.now();
  #stop: (() => void) | undefined;

  /** @param onEmpty called when the last reader has left */
  constructor(gateways: Gateways, name: string, onEmpty: () => void) {
    this.#gateways = gateways;
    this.#name = name;
    this.#onEmpty = onEmpty;
  }

  /**
   * Adds a reader.
   *
   * @param after seq of the last exchange that it knows. Default: the newest one
   * @returns its stream of server-sent events; the id of an event is the seq of its exchange
   */
  async add(after: number | undefined): Promise<ReadableStream<Uint8Array>> {
    // Before anything is awaited: an outage ends readers that are just connecting too.
    const reader: EventReader = new EventReader(after ?? 0, () => this.#remove(reader));
    this.#readers.add(reader);
    this.#follow();
    try {
      if (after === undefined) reader.position = await newestSeq(this.#gateway);
    } catch (error) {
      reader.end();
      throw error;
    }
    reader.send(FIRST_CHUNK);
    this.#catchUp(reader).catch(() => reader.end());
    return reader.stream;
  }

  // A session that was deleted is a new gateway under the same name.
  get #gateway() {
    return this.#gateways.get(this.#name);
  }

  #remove(reader: EventReader): void {
    this.#readers.delete(reader);
    this.#live.delete(reader);
    if (this.#readers.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
    this.#wake();
    this.#onEmpty();
  }

  #follow(): void {
    if (this.#stop) return;
    this.#stop = this.#gateways.listeners.add(this.#name, {
      onExchange: () => this.#fire(),
      onEnd: () => {
        for (const reader of [...this.#readers]) reader.end();
      },
    });
    this.#run().catch(() => {
      for (const reader of [...this.#readers]) reader.end();
    });
  }

  #fire(): void {
    this.#hasNews = true;
    this.#wake();
  }

  /** Sends a reader the exchanges that the others have received already, then lets it follow with them. */
  async #catchUp(reader: EventReader): Promise<void> {
    while (!reader.isEnded) {
      const newest = await newestSeq(this.#gateway);
      // After a reset the journal numbers its entries from 1 again.
      if (newest < reader.position) reader.position = 0;
      if (reader.position >= newest && (this.#live.size === 0 || reader.position >= this.#position)) {
        if (this.#live.size === 0) this.#position = reader.position;
        this.#live.add(reader);
        this.#fire();
        return;
      }
      // Else the feed has not noticed a reset yet.
      if (reader.position < newest) await this.#sendEarlier(reader, newest);
      else await delay(PAUSE);
      await reader.taken();
    }
  }

  async #sendEarlier(reader: EventReader, newest: number): Promise<void> {
    const after = reader.position;
    const exchanges = await this.#encodeAfter(after, SINGLE_BATCH);
    if (exchanges.length > 0) reader.send(joined(exchanges), exchanges.at(-1)?.seq);
    // The journal starts later than this reader: a journal in memory deletes its oldest entries.
    else reader.position = Math.min(newest, after + SINGLE_BATCH.exchanges);
  }

  async #run(): Promise<void> {
    while (this.#readers.size > 0) {
      const began = performance.now();
      const isSent = this.#live.size > 0 && (await this.#sendNew());
      if (isSent) this.#lastSent = began;
      else this.#sendHeartbeat(began);
      // About half of the time is left to questions.
      await delay(Math.min(LONGEST_PAUSE, Math.max(PAUSE, performance.now() - began)));
      if (!isSent) await this.#news(this.#gateway.isShared ? POLL_INTERVAL : HEARTBEAT);
    }
  }

  #sendHeartbeat(now: number): void {
    if (now - this.#lastSent < HEARTBEAT) return;
    for (const reader of this.#readers) reader.send(COMMENT);
    this.#lastSent = now;
  }

  /** Sends the next batch to the readers that follow. Returns whether there was one. */
  async #sendNew(): Promise<boolean> {
    const newest = await newestSeq(this.#gateway);
    if (newest < this.#position) this.#moveTo(0);
    const after = this.#position;
    if (newest === after) return false;
    const exchanges = await this.#encodeAfter(after, BATCH);
    // All readers may have left, and the first new one may have begun at another position.
    if (this.#position !== after) return true;
    this.#position = exchanges.at(-1)?.seq ?? Math.min(newest, after + BATCH.exchanges);
    if (exchanges.length > 0) await this.#sendToLive(exchanges, after);
    return true;
  }

  async #encodeAfter(after: number, batch: Batch): Promise<EncodedExchange[]> {
    const entries = await this.#gateway.journal({ after, before: after + batch.exchanges + 1, limit: batch.exchanges });
    return encodeBatch(entries.reverse(), batch);
  }

  #moveTo(position: number): void {
    this.#position = position;
    for (const reader of this.#live) reader.position = position;
  }

  /** @param after the position that readers have, or a later one */
  async #sendToLive(exchanges: readonly EncodedExchange[], after: number): Promise<void> {
    const all = joined(exchanges);
    const last = exchanges.at(-1)?.seq;
    const slice = new TimeSlice();
    for (const reader of [...this.#live]) {
      if (slice.isOver) await slice.giveWay();
      const isLater = reader.position > after;
      const missing = isLater ? joined(exchanges.filter(({ seq }) => seq > reader.position)) : all;
      if (missing.length > 0) reader.send(missing, last);
    }
  }

  /** Resolves at the next exchange of this process, or after a number of milliseconds. */
  async #news(milliseconds: number): Promise<void> {
    if (!this.#hasNews && this.#readers.size > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#hasNews = false;
  }
}
