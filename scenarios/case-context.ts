import { type Control, StageError } from './control.js';
import type { Exchange } from './exchange.js';
import type { Failure } from './expectations.js';
import { InterpolationError, type Names } from './interpolate.js';
import type { JournalRequest } from './journal-request.js';
import type { Step } from './scenario.js';
import type { Endpoint } from './target.js';
import { type Earlier, USUAL_CARD } from './usual-variables.js';

/** How a program ended, or what an application answered. */
export interface Made {
  readonly exchange?: Exchange;
  readonly program?: { readonly status: number | null; readonly stdout: string; readonly stderr: string };
  readonly http?: { readonly status: number; readonly body: string };
}

/** A step that was made, and what came of it. */
export interface StepRecord extends Made {
  readonly step: Step;
  /** The way to the step within the scenario. */
  readonly path: readonly (string | number)[];
  readonly failures: readonly Failure[];
  /** What the gateway received of a program or application, where the step failed. */
  readonly received?: readonly JournalRequest[];
  /** The steps that were made at once, of a step that makes several. */
  readonly parts?: readonly StepRecord[];
}

const random = (below: number): number => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % below;

const newNumber = (): string => String(1 + random(2_147_483_646));

/** Five digits, so that zeros can be put before it. */
const newShortNumber = (): string => String(10_000 + random(90_000));

const parisDate = (now: Date): string => now.toLocaleDateString('en-GB', { timeZone: 'Europe/Paris' }).replaceAll('/', '');

const PAGE = 1000;

/** What the steps of a case share: its endpoint, its time, and what has come back so far. */
export class CaseContext {
  readonly endpoint: Endpoint;
  readonly unique: { readonly reference: string; readonly subscriber: string };
  readonly earlier = new Map<string, Earlier>();
  readonly #values: Readonly<Record<string, string>>;
  now: () => Date = () => new Date();

  /** @param values what `${name}` stands for beside the usual values: the row of the examples, the options of the run */
  constructor(endpoint: Endpoint, token: string, values: Readonly<Record<string, string>>) {
    this.endpoint = endpoint;
    this.unique = { reference: `SIM-${token}`, subscriber: `SUB-${token}` };
    this.#values = values;
  }

  /** What `${…}` may name now. NUMQUESTION is a fresh one each time. */
  names(): Names {
    const { account, url, backupUrl } = this.endpoint;
    return {
      values: {
        reference: this.unique.reference,
        subscriber: this.unique.subscriber,
        site: account.site,
        rang: account.rang,
        rang3: account.rang.padStart(3, '0'),
        cle: account.cle ?? '',
        version: account.version,
        numquestion: newNumber(),
        shortNumber: newShortNumber(),
        dateq: parisDate(this.now()),
        card: USUAL_CARD.PORTEUR,
        expiry: USUAL_CARD.DATEVAL,
        cvv: USUAL_CARD.CVV,
        url,
        backupUrl: backupUrl ?? url,
        ...this.#values,
      },
      replies: Object.fromEntries(Array.from(this.earlier, ([name, { reply }]) => [name, reply])),
    };
  }

  /** @throws InterpolationError where no step of that name was made */
  earlierNamed(name: string): Earlier {
    const known = this.earlier.get(name);
    if (known) return known;
    const names = [...this.earlier.keys()].join(', ') || 'none';
    throw new InterpolationError(`No earlier step is named ${name}; there are ${names}.`);
  }

  /** @throws StageError where the endpoint has none */
  control(): Control {
    if (!this.endpoint.control) throw new StageError('This endpoint has no control API.');
    return this.endpoint.control;
  }

  /** Takes the gateway's time for the case's. */
  async readClock(): Promise<void> {
    const now = await this.control().now();
    this.now = () => now;
  }

  /** Number of the last request that the gateway received. */
  async lastSeq(): Promise<number> {
    const { entries } = (await this.control().call('GET', '/journal?limit=1')) as { entries: JournalRequest[] };
    return entries[0]?.seq ?? 0;
  }

  /** The requests that the gateway received after one, in their order. */
  async requestsSince(seq: number): Promise<JournalRequest[]> {
    const { entries } = (await this.control().call('GET', `/journal?limit=${PAGE}`)) as { entries: JournalRequest[] };
    return entries.filter((entry) => entry.seq > seq).reverse();
  }
}
