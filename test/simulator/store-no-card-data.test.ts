import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeForm, OPERATIONS, TEST_CARDS } from '../../contracts/index.js';
import { databaseOf, hasPostgres, postgres } from '../support/postgres.js';
import type { Variables } from '../support/question.js';
import { tempFolder } from '../support/temp-folder.js';
import type { TestSimulator } from '../support/test-simulator.js';
import { benchOnFile, HOSTED } from './storages.js';

const CARDS = TEST_CARDS.map(({ PORTEUR }) => PORTEUR);
const ACCEPTED = TEST_CARDS.filter(({ outcome }) => outcome === 'accepted').map(({ PORTEUR }) => PORTEUR);
// Higher than the number of questions, which the journal counts.
const CVV = '987';
const CLE = '1999888I';

const bodies = (PORTEUR: string): string[] => [
  JSON.stringify({ TYPE: '00003', PORTEUR, CVV, CLE }),
  `--b\r\nContent-Disposition: form-data; name="PORTEUR"\r\n\r\n${PORTEUR}\r\n--b\r\nContent-Disposition: form-data; name="CVV"\r\n\r\n${CVV}\r\n--b--\r\n`,
  `PORTEUR=${PORTEUR}&CVV=${CVV}`,
  `porteur=${PORTEUR}&cvv=${CVV}&cle=${CLE}`,
  `VERSION=00104&TYPE=00003&porteur=${PORTEUR}&cvv=${CVV}&cle=${CLE}`,
  `VERSION=00104&TYPE=00003&data[PORTEUR]=${PORTEUR}&data[CVV]=${CVV}&\nCVV=${CVV}&CLE =${CLE}`,
  `VERSION=00104&TYPE=00003&card=${PORTEUR}&note=paid+with+${PORTEUR}+at+noon&${PORTEUR}=x`,
  `VERSION=00104&TYPE=00003&PORTEUR=${PORTEUR}&REFERENCE=a&REFERENCE=${PORTEUR}&PORTEUR=${PORTEUR}`,
];

/** Sends every operation, with the card number in every variable. Returns PORTEUR of refused registrations, as it was in their replies. */
async function askEverything(bench: TestSimulator, PORTEUR: string): Promise<string[]> {
  const echoed: string[] = [];
  const common: Variables = { MONTANT: '1000', DEVISE: '978', PORTEUR, DATEVAL: '1299', CVV };
  const repeated: Variables = {
    REFERENCE: PORTEUR,
    REFABONNE: `sub-${PORTEUR}`,
    ARCHIVAGE: PORTEUR,
    IDENTIFIANT: PORTEUR,
    NUMTRANS: PORTEUR,
  };
  for (const { TYPE } of OPERATIONS) {
    const first = await bench.ask({ ...common, TYPE, REFERENCE: 'order', REFABONNE: 'alice', NUMTRANS: '1', NUMAPPEL: '1' });
    // The reply itself repeats the number: it must reach neither the journal nor a table.
    if (TYPE === '00056') echoed.push((await bench.ask({ ...common, TYPE, DATEVAL: '0120', REFABONNE: 'bob' })).PORTEUR ?? '');
    await bench.ask({ ...common, ...repeated, TYPE, NUMAPPEL: first.NUMAPPEL ?? '' });
    await bench.ask({ ...common, TYPE, SITE: PORTEUR, RANG: PORTEUR, NUMQUESTION: PORTEUR });
  }
  return echoed;
}

function bytesOf(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n');
}

/** A file or database, and a function that returns its whole content. */
interface TestDatabase {
  readonly db: string;
  readonly content: () => string;
}

const DATABASES: Readonly<Record<string, () => Promise<TestDatabase>>> = {
  'the file or its log': async () => {
    const folder = await tempFolder();
    return { db: join(folder, 'state.db'), content: () => bytesOf(folder) };
  },
  ...(hasPostgres && {
    'a table of the database': async () => {
      const server = await postgres();
      const db = server.makeDatabase();
      return { db, content: () => server.contentOf(databaseOf(db)) };
    },
  }),
};

test.each(Object.keys(DATABASES))('no card number, CVV or CLE is in %s, whatever was sent', { timeout: 60_000 }, async (name) => {
  const { db, content } = await (DATABASES[name] as () => Promise<TestDatabase>)();
  const bench = benchOnFile(db);
  for (const PORTEUR of CARDS) expect(await askEverything(bench, PORTEUR)).toEqual([PORTEUR]);
  for (const PORTEUR of ACCEPTED) {
    for (const body of bodies(PORTEUR)) await bench.simulator.gateway.answer({ body: new TextEncoder().encode(body) });
    await bench.simulator.gateway.answer({
      body: encodeForm([
        ['TYPE', '00001'],
        ['VERSION', '103'],
        ['REFERENCE', `x${PORTEUR}`],
        ['PORTEUR', PORTEUR],
      ]),
    });
  }
  await bench.control('POST', '/rules', { match: { PORTEUR: CARDS[0] ?? '' }, answer: '00105' });
  await bench.control('POST', '/payments', { ...HOSTED, PORTEUR: CARDS[0] });

  const whileOpen = content();
  expect(whileOpen).toContain('111122******4444');
  const snapshot = JSON.stringify(await bench.simulator.gateway.snapshot());
  await bench.simulator.close();
  for (const text of [whileOpen, snapshot, content()]) {
    for (const card of CARDS) expect(text).not.toContain(card);
    expect(text).not.toMatch(/(?<!\d)987(?!\d)/);
  }
  expect(content()).not.toContain(CLE);
});
