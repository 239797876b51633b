import { expect, test } from 'vitest';
import { hasPostgres } from '../support/postgres.js';

test('PostgreSQL is installed; otherwise its tests are skipped with a warning, and in CI this test fails', () => {
  if (!hasPostgres)
    process.stderr.write('\n*** PostgreSQL is not installed: the PostgreSQL store is not tested (apt-get install postgresql) ***\n\n');
  expect(hasPostgres || process.env.CI === undefined).toBe(true);
});
