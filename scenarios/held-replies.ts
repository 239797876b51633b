import { setTimeout as delay } from 'node:timers/promises';
import type { CaseContext } from './case-context.js';

/** How often what is held for the last part is released. Milliseconds. Only this part runs then, so the interval changes no result. */
const RELEASE_EVERY = 10;

/**
 * Releases the replies that rules hold for the last part of a `together` step that runs: they are held until others have asked, and there
 * are no others.
 */
export class HeldReplies {
  readonly #context: CaseContext;
  #running: number;

  /** @param parts how many parts run */
  constructor(context: CaseContext, parts: number) {
    this.#context = context;
    this.#running = parts;
  }

  /** Whether all parts but one have ended. */
  get isLast(): boolean {
    return this.#running <= 1;
  }

  /** Call when a part has ended. */
  async partEnded(): Promise<void> {
    this.#running--;
    if (this.#running !== 1 || !this.#context.endpoint.control) return;
    const { rules } = (await this.#context.control().call('GET', '/rules')) as { rules: { fault?: { hold?: number } }[] };
    if (rules.some(({ fault }) => fault?.hold !== undefined)) this.#releaseForTheLast().catch(() => {});
  }

  async #releaseForTheLast(): Promise<void> {
    while (this.#running === 1) {
      await this.#context.control().call('POST', '/release');
      await delay(RELEASE_EVERY);
    }
  }
}
