import { expect, test } from 'vitest';
import { hasPostgres } from '../support/postgres.js';

test('PostgreSQL is installed, or its tests are left out and it is said', () => {
  if (!hasPostgres) process.stderr.write('\n*** NO POSTGRESQL HERE: ITS STORE IS NOT TESTED (apt-get install postgresql) ***\n\n');
  expect(hasPostgres || process.env.CI === undefined).toBe(true);
});
