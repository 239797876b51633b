import type { Authentication } from '../../engine/authentication.js';
import type { AuthenticationFilter } from '../store.js';
import { TimeSlice } from '../time-slice.js';
import { TrackedMap } from './tracked-map.js';

/** Reads the authentications as they were at one instant. */
interface AuthenticationReader {
  /** Ascending by ID3D. */
  readonly authentications: Generator<Authentication>;
  /** Ends the reading. */
  close(): void;
}

const sessionKey = (account: string, idSession: string): string => `${account}\n${idSession}`;

/** The authentications of a gateway. */
export class MemoryAuthentications {
  #byID3D = new TrackedMap<string, Authentication>();
  /** Ascending. Only appended to, so that a reader can go on reading it. */
  #ids: string[] = [];
  /** By account and IdSession: the highest ID3D. */
  #sessions = new Map<string, string>();

  get size(): number {
    return this.#ids.length;
  }

  get(id3d: string): Authentication | undefined {
    return this.#byID3D.get(id3d);
  }

  /** Returns the newest authentication of an account with this IdSession. */
  ofSession(account: string, idSession: string): Authentication | undefined {
    return this.get(this.#sessions.get(sessionKey(account, idSession)) ?? '');
  }

  /** Adds an authentication, or replaces the one with its ID3D. */
  set(authentication: Authentication): void {
    const { ID3D, account, IdSession } = authentication;
    if (!this.#byID3D.has(ID3D)) this.#addId(ID3D);
    this.#byID3D.set(ID3D, authentication);
    const session = sessionKey(account, IdSession);
    if (ID3D > (this.#sessions.get(session) ?? '')) this.#sessions.set(session, ID3D);
  }

  /** Lists authentications, highest ID3D first. */
  async list({ IdSession, account, before, limit }: AuthenticationFilter): Promise<Authentication[]> {
    const found: Authentication[] = [];
    const [ids, authentications] = [this.#ids, this.#byID3D];
    const slice = new TimeSlice();
    for (let i = ids.length - 1; i >= 0 && found.length < limit; i--) {
      if (slice.isOver) await slice.giveWay();
      const id = ids[i] as string;
      if (before !== undefined && id >= before) continue;
      const authentication = authentications.get(id) as Authentication;
      if (
        (IdSession ?? authentication.IdSession) === authentication.IdSession &&
        (account ?? authentication.account) === authentication.account
      )
        found.push(authentication);
    }
    return found;
  }

  /** Returns a reader of the authentications as they are now. It must be closed. */
  open(): AuthenticationReader {
    const [ids, count, reader] = [this.#ids, this.#ids.length, this.#byID3D.open()];
    return {
      authentications: (function* () {
        for (let i = 0; i < count; i++) yield reader.get(ids[i] as string) as Authentication;
      })(),
      close: () => reader.close(),
    };
  }

  #addId(id: string): void {
    if (id > (this.#ids.at(-1) ?? '')) this.#ids.push(id);
    else this.#ids = [...this.#ids, id].sort();
  }
}
