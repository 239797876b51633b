import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Creates a folder for the running test. It is deleted at the end of the test. */
export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'paybox-sim-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
