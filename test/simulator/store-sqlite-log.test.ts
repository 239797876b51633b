import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createSimulator, type Simulator, StoreError } from '../../simulator/index.js';
import { disableTimeLimits, passTime } from '../support/fake-timers.js';
import { contentOf, copyInUse } from '../support/sqlite-files.js';
import { tempFolder } from '../support/temp-folder.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { benchOnFile, PAY } from './storages.js';

/** Opens a simulator, which is closed at the end of the test. Returns the message if it is refused. */
function open(db: string): Simulator | string {
  try {
    const simulator = createSimulator({ db });
    onTestFinished(() => simulator.close());
    return simulator;
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError);
    return (error as StoreError).message;
  }
}

async function countPayments(opened: Simulator | string): Promise<number> {
  if (typeof opened === 'string') throw new Error(opened);
  return (await opened.gateway.payments({ limit: 1000 })).length;
}

const PAYMENTS = 6;

/** A simulator with payments, and paths for copies of its file. */
async function makeUsed() {
  const folder = await tempFolder();
  const db = join(folder, 'shop.db');
  const bench = benchOnFile(db);
  for (let n = 0; n < PAYMENTS; n++) await bench.ask(PAY);
  let copies = 0;
  const makeCopy = (parts?: Parameters<typeof copyInUse>[2]): string => {
    mkdirSync(join(folder, String(++copies)));
    const copy = join(folder, String(copies), 'shop.db');
    copyInUse(db, copy, parts);
    return copy;
  };
  return { ...bench, db, makeCopy };
}

/** Changes one byte of a file. */
function damage(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 0x55;
  writeFileSync(file, bytes);
}

const FRAME = 24 + 4096;

describe('after a simulator was killed', () => {
  test('its file is opened with everything that was acknowledged', async () => {
    const { makeCopy } = await makeUsed();
    expect(await countPayments(open(makeCopy()))).toBe(PAYMENTS);
  });

  test.each<[string, (log: string, size: number) => void]>([
    ['missing', (log) => rmSync(log)],
    ['empty', (log) => truncateSync(log)],
    ['cut in its header', (log) => truncateSync(log, 20)],
    ['cut in the middle', (log, size) => truncateSync(log, Math.floor(size / 2))],
    ['cut by its last frame', (log, size) => truncateSync(log, size - FRAME)],
    ['cut by one byte', (log, size) => truncateSync(log, size - 1)],
    ['damaged in its header', (log) => damage(log, 17)],
    ['damaged in its first frame', (log) => damage(log, 32 + 100)],
    ['damaged in the middle', (log, size) => damage(log, Math.floor(size / 2))],
    ['damaged at its end', (log, size) => damage(log, size - 1)],
  ])('a log that is %s is refused, nothing is changed, and the right log is accepted again', async (_, change) => {
    const { makeCopy } = await makeUsed();
    const copy = makeCopy();
    const log = `${copy}-wal`;
    const whole = readFileSync(log);
    change(log, whole.length);
    const before = contentOf(copy);
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(open(copy)).toMatch(
        /^Database .*shop\.db has lost the last \d of \d commits: its log .*shop\.db-wal is missing, cut, damaged .* empty the file .*shop\.db-mark\.$/,
      );
      expect(contentOf(copy)).toEqual(before);
    }
    writeFileSync(log, whole);
    expect(await countPayments(open(copy))).toBe(PAYMENTS);
  });

  test('a log of an earlier time is refused', async () => {
    const { ask, makeCopy } = await makeUsed();
    const earlier = makeCopy(['-wal']);
    await ask(PAY);
    const copy = makeCopy();
    copyFileSync(`${earlier}-wal`, `${copy}-wal`);
    expect(open(copy)).toMatch(/has lost the last 1 of/);
  });

  test('an earlier copy of the file next to the log of a later time is refused', async () => {
    const { simulator, db, makeCopy } = await makeUsed();
    await simulator.close();
    const backup = readFileSync(db);
    const later = openTestSimulator({ db });
    await later.ask({ ...PAY, NUMQUESTION: '100' });
    const copy = makeCopy();
    await later.simulator.close();
    writeFileSync(copy, backup);
    const before = contentOf(copy);
    expect(open(copy)).toMatch(/^Database .*: the log .*shop\.db-wal belongs to another file.*Delete .*shop\.db-wal and .*shop\.db-mark/);
    expect(contentOf(copy)).toEqual(before);
    for (const part of ['-wal', '-mark']) rmSync(copy + part);
    expect(await countPayments(open(copy))).toBe(PAYMENTS);
  });

  test('with an emptied mark, what is left is used', async () => {
    const { makeCopy } = await makeUsed();
    const copy = makeCopy();
    truncateSync(`${copy}-wal`, Math.floor(readFileSync(`${copy}-wal`).length / 2));
    truncateSync(`${copy}-mark`);
    const left = await countPayments(open(copy));
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(PAYMENTS);
  });

  test.each([[['']], [['', '-wal']]] as const)('a copy of %j without the mark is refused, with what to copy', async (parts) => {
    const { makeCopy } = await makeUsed();
    const copy = makeCopy([...parts]);
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(open(copy)).toMatch(
        /shop\.db was in use when it was copied or moved, .*Copy .*shop\.db, .*shop\.db-wal and .*shop\.db-mark together.*create an empty file/,
      );
    }
    writeFileSync(`${copy}-mark`, '');
    expect(await countPayments(open(copy))).toBe(parts.length === 1 ? 0 : PAYMENTS);
  });

  test('a file that was deleted starts anew, also if its log and its mark were left', async () => {
    const { makeCopy } = await makeUsed();
    const copy = makeCopy();
    rmSync(copy);
    const again = benchOnFile(copy);
    await again.ask(PAY);
    expect(await countPayments(again.simulator)).toBe(1);
    copyInUse(copy, `${copy}.db`);
    expect(await countPayments(open(`${copy}.db`))).toBe(1);
  });
});

test('a file that another simulator still uses keeps its log and its mark when the first one closes', async () => {
  const { simulator, db, makeCopy } = await makeUsed();
  const other = benchOnFile(db);
  await other.ask({ ...PAY, NUMQUESTION: '100' });
  await simulator.close();
  expect((await other.ask({ ...PAY, NUMQUESTION: '101' })).CODEREPONSE).toBe('00000');
  const copy = makeCopy();
  expect(await countPayments(open(copy))).toBe(PAYMENTS + 2);
  await other.simulator.close();
  expect(readdirSync(join(db, '..')).filter((name) => name.startsWith('shop.db'))).toEqual(['shop.db']);
});

test('what was written is in the file itself after a second without questions', async () => {
  disableTimeLimits();
  const { makeCopy } = await makeUsed();
  await passTime(1000);
  const copy = makeCopy(['']);
  writeFileSync(`${copy}-mark`, '');
  expect(await countPayments(open(copy))).toBe(PAYMENTS);
});

test('a mark that was deleted in use is made again after a second without questions', async () => {
  disableTimeLimits();
  const { db, makeCopy } = await makeUsed();
  rmSync(`${db}-mark`);
  await passTime(1000);
  const copy = makeCopy();
  expect(existsSync(`${copy}-mark`)).toBe(true);
  expect(await countPayments(open(copy))).toBe(PAYMENTS);
});

/** Lets time pass, which the store measures: it does not check the files again right after it checked them. */
function passStoreTime(): void {
  const later = performance.now() + 1e6;
  const now = vi.spyOn(performance, 'now').mockReturnValue(later);
  onTestFinished(() => now.mockRestore());
}

describe.skipIf(process.platform === 'win32')('a running simulator', () => {
  test.each(['', '-wal'] as const)('whose file (shop.db%s) is moved away answers 00003 until it is back', async (part) => {
    const { simulator, ask, control, db } = await makeUsed();
    renameSync(db + part, `${db}.away`);
    passStoreTime();
    expect((await ask(PAY)).CODEREPONSE).toBe('00003');
    const { status, body } = await control('POST', '/rules', { answer: '00105' });
    expect([status, body.error]).toEqual([503, expect.stringMatching(/was deleted or replaced while the simulator used it/)]);
    renameSync(`${db}.away`, db + part);
    expect((await ask(PAY)).CODEREPONSE).toBe('00000');
    expect(await simulator.gateway.payments({ limit: 1000 })).toHaveLength(PAYMENTS + 1);
  });

  test.each(['', '-wal'] as const)('whose file (shop.db%s) is replaced by a copy answers 00003', async (part) => {
    const { ask, db } = await makeUsed();
    copyFileSync(db + part, `${db}.copy`);
    renameSync(`${db}.copy`, db + part);
    passStoreTime();
    expect((await ask(PAY)).CODEREPONSE).toBe('00003');
  });

  test.each<[string, (db: string, backup: string) => void]>([
    ['deleted', () => {}],
    ['replaced by a backup', (db, backup) => renameSync(backup, db)],
  ])('whose file is %s leaves the files of the simulator that was started on it alone', async (_, replace) => {
    disableTimeLimits();
    const { simulator, db, makeCopy } = await makeUsed();
    const backup = makeCopy();
    await (open(backup) as Simulator).close();
    for (const part of ['', '-wal', '-shm', '-mark']) rmSync(db + part);
    replace(db, backup);
    const before = existsSync(db) ? PAYMENTS : 0;
    const other = benchOnFile(db);
    await other.ask({ ...PAY, NUMQUESTION: '100' });
    const files = contentOf(db);
    // The time after which the first simulator copies its log into its file.
    await passTime(999);
    await simulator.close();
    expect(contentOf(db)).toEqual(files);
    expect((await other.ask({ ...PAY, NUMQUESTION: '101' })).CODEREPONSE).toBe('00000');
    expect(await countPayments(open(makeCopy()))).toBe(before + 2);
  });

  test('does not write its mark over that of a simulator that was started on a new file', async () => {
    disableTimeLimits();
    const { db } = await makeUsed();
    for (const part of ['', '-wal', '-shm', '-mark']) rmSync(db + part);
    writeFileSync(`${db}-mark`, '');
    await passTime(1000);
    expect(readFileSync(`${db}-mark`, 'utf8')).toBe('');
  });

  test('whose log is replaced leaves the new one alone', async () => {
    const { simulator, db } = await makeUsed();
    rmSync(`${db}-wal`);
    writeFileSync(`${db}-wal`, 'of another simulator');
    await simulator.close();
    expect(readFileSync(`${db}-wal`, 'utf8')).toBe('of another simulator');
  });

  test('whose log is deleted writes all payments into its file when it closes', async () => {
    const { simulator, db } = await makeUsed();
    rmSync(`${db}-wal`);
    await simulator.close();
    expect(await countPayments(open(db))).toBe(PAYMENTS);
  });

  test('whose file is deleted does not delete the mark of the new one', async () => {
    const { simulator, db } = await makeUsed();
    for (const part of ['', '-wal', '-shm', '-mark']) rmSync(db + part);
    writeFileSync(`${db}-mark`, 'of another file');
    await simulator.close();
    expect(readFileSync(`${db}-mark`, 'utf8')).toBe('of another file');
  });
});
