import type { Socket } from 'node:net';
import { LocalSwapDesk } from '../../simulator/door/swap-desk.js';
import { wait } from '../../simulator/wait.js';
import { Front } from './front.js';
import { type Asked, Hand } from './hand.js';
import type { Listening, Role } from './messages.js';

/** Where the words of the workers go. */
export interface Voices {
  /** Whole lines for standard output. */
  print(lines: string): void;
  /** A sentence for standard error. */
  notice(text: string): void;
}

/** How long a worker may take to answer what is at work when all end. Milliseconds. */
const PARTING = 10_000;

/** How long is waited before another worker is started where the last could not be. Milliseconds. */
const PAUSE = 1000;

/** Workers that serve one port in turn, a connection each. Those that die are started again. */
export class Pool {
  readonly #role: Role;
  readonly #voices: Voices;
  readonly #swaps = new LocalSwapDesk();
  readonly #front = new Front((socket) => this.#handOut(socket));
  readonly #hands = new Set<Hand>();
  /** Those that serve, the one whose turn it is first. */
  #turns: Hand[] = [];
  /** Connections that came while nobody served. */
  #waiting: Socket[] = [];
  #isEnding = false;

  constructor(role: Role, voices: Voices) {
    this.#role = role;
    this.#voices = voices;
  }

  /**
   * Starts so many workers.
   *
   * @returns where they listen
   * @throws ListenError when the port cannot be opened
   * @throws UserError when they cannot serve
   */
  async start(count: number): Promise<Listening> {
    const { place } = this.#role;
    const role = { ...this.#role, place: { ...place, ...(await this.#front.open(place.port, place.host)) } };
    // One first: what keeps it from serving is said once.
    const listening = await this.#add(role);
    await Promise.all(Array.from({ length: count - 1 }, () => this.#add(role)));
    return listening;
  }

  /** Ends all of them; questions at work are answered. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.#front.close();
    for (const socket of this.#waiting) socket.destroy();
    const late = setTimeout(() => {
      for (const hand of this.#hands) hand.kill();
    }, PARTING);
    await Promise.all([...this.#hands].map((hand) => hand.stop()));
    clearTimeout(late);
  }

  async #add(role: Role): Promise<Listening> {
    const hand = new Hand(role, this.#swaps, (asked) => this.#hear(asked));
    this.#hands.add(hand);
    void hand.ended.then(() => this.#hands.delete(hand));
    const listening = await hand.up;
    this.#turns.push(hand);
    void hand.ended.then((how) => this.#replace(hand, how, role));
    for (const socket of this.#waiting.splice(0)) this.#handOut(socket);
    return listening;
  }

  #handOut(socket: Socket): void {
    const hand = this.#turns.shift();
    if (!hand) {
      this.#waiting.push(socket);
      return;
    }
    this.#turns.push(hand);
    hand.hand(socket);
  }

  #hear({ lines, notice, outage }: Asked): void {
    if (lines !== undefined) this.#voices.print(lines);
    if (notice !== undefined) this.#voices.notice(notice);
    if (outage !== undefined) void this.#refuse(outage);
  }

  async #refuse(milliseconds: number): Promise<void> {
    const drained = this.#turns.map((hand) => hand.drain());
    await this.#front
      .refuseUntil(Promise.all([...drained, wait(milliseconds)]))
      .catch((error: unknown) => this.#voices.notice((error as Error).message));
  }

  async #replace(hand: Hand, how: string, role: Role): Promise<void> {
    this.#turns = this.#turns.filter((other) => other !== hand);
    if (this.#isEnding) return;
    this.#voices.notice(`Worker ${hand.pid} ended (${how}); another takes its place.`);
    while (!this.#isEnding) {
      try {
        await this.#add(role);
        return;
      } catch (error) {
        if (!this.#isEnding) this.#voices.notice((error as Error).message);
        await wait(PAUSE);
      }
    }
  }
}
