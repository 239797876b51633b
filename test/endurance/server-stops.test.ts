import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from 'vitest';
import { readReplyText } from '../../contracts/index.js';
import { buildSimulator, type ServingProcess, serveProcess } from '../support/built-simulator.js';
import { databaseOf, hasPostgres, type PostgresServer, postgres } from '../support/postgres.js';
import { expectStored, GivenNumbers } from './acknowledged.js';
import { campaign } from './campaign.js';
import { Random } from './random.js';
import { Shop } from './shop.js';

const SIMULATORS = 3;
const CUSTOMERS = 16;
/** Most replies between two stops. */
const MAX_REPLIES = 40;
/** One in this many stops kills a simulator too. */
const KILLING = 5;
/** One in this many stops lasts longer than questions wait for the server. */
const LONG = 30;
/** Milliseconds. */
const LONG_STOP = 6000;
const SHORT_STOP = 150;

let build: string;

beforeAll(async () => {
  build = await buildSimulator();
});

afterAll(() => rm(build, { recursive: true, force: true }));

/** Simulators on one database, each in its own process. */
class Cluster {
  readonly #db: string;
  readonly #running: ServingProcess[] = [];
  #next = 0;

  constructor(db: string) {
    this.#db = db;
  }

  async start(): Promise<void> {
    this.#running.push(await serveProcess(build, this.#db));
  }

  /** Kills one simulator, and starts another one in its place. The database server must run. */
  async replace(random: Random): Promise<void> {
    const [killed] = this.#running.splice(random.below(this.#running.length), 1);
    await killed?.kill();
    await this.start();
  }

  /** The URLs in turn. */
  url(): string {
    const { firstLine } = this.#running[this.#next++ % this.#running.length] as ServingProcess;
    return firstLine;
  }

  async end(): Promise<void> {
    await Promise.all(this.#running.map(({ kill }) => kill()));
  }
}

/** Returns the replies in the journal, by gateway, TYPE and NUMQUESTION. Checks that each number is stored once. */
function readStored(server: PostgresServer, db: string) {
  const database = databaseOf(db);
  const twice = server.sql(
    database,
    "SELECT gateway, NUMTRANS FROM transactions WHERE kind <> 'capture' GROUP BY gateway, NUMTRANS HAVING count(*) > 1",
  );
  expect(twice, 'numbers that are stored twice').toBe('');
  const lines = server.sql(database, 'SELECT json_build_array(g.name, j.TYPE, j.reply) FROM journal j JOIN gateways g ON g.id = j.gateway');
  const replies = new Map<string, Record<string, string>>();
  for (const line of lines.split('\n')) {
    const [gateway, TYPE, text] = JSON.parse(line) as [string, string, string];
    const reply = Object.fromEntries(readReplyText(text));
    const key = `${gateway} ${TYPE} ${reply.NUMQUESTION}`;
    expect(replies.has(key), `${key} was processed twice`).toBe(false);
    replies.set(key, reply);
  }
  return { replies };
}

campaign(
  {
    name: 'PostgreSQL stops at once under load: all acknowledged questions are stored, no number is given twice, and 00003 leaves no trace',
    unit: 'stops',
    short: 20,
    long: 300,
    skipReason: hasPostgres ? '' : 'PostgreSQL is not installed',
  },
  async (stops, seed) => {
    const random = new Random(seed);
    const server = await postgres();
    const db = server.makeDatabase();
    const cluster = new Cluster(db);
    for (let n = 0; n < SIMULATORS; n++) await cluster.start();
    let replied = 0;
    const shop = new Shop(
      () => cluster.url(),
      1,
      () => replied++,
    );
    const serving = shop.serve(CUSTOMERS);
    for (let stop = 0; stop < stops; stop++) {
      const from = replied;
      const replies = random.between(1, MAX_REPLIES);
      while (replied < from + replies) await wait(2);
      await server.stop('QUIT');
      const isLong = stop % LONG === LONG - 1;
      await wait(isLong ? LONG_STOP : random.below(SHORT_STOP));
      await server.start();
      if (random.onceIn(KILLING)) await cluster.replace(random);
    }
    shop.close();
    await serving;
    await cluster.end();
    const refused = expectStored(shop.acknowledged, readStored(server, db));
    new GivenNumbers().add(shop.acknowledged);
    return `${shop.acknowledged.length - refused} acknowledged and stored, ${refused} answered 00003 and not stored, ${shop.lost} without a reply`;
  },
);
