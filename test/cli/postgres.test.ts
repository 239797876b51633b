import { describe, expect, test } from 'vitest';
import { run, serve } from '../support/command.js';
import { hasPostgres, PASSWORD, postgres, USER } from '../support/postgres.js';

const SECRETS = [PASSWORD, encodeURIComponent(PASSWORD)];

describe('paybox-sim --db with a PostgreSQL URL', () => {
  test('exits with status 2 and a message if there is no server', async () => {
    const { status, err, out } = await run('--port', '0', '--db', 'postgres://user:geheim@127.0.0.1:1/db');
    expect([status, out]).toEqual([2, '']);
    expect(err).toBe(
      'Database postgres://user@127.0.0.1:1/db: connect ECONNREFUSED 127.0.0.1:1. Check that the server runs and that host and port are right.\n',
    );
  });

  test.skipIf(!hasPostgres)('exits with status 2 if the login is refused, and does not print the password', async () => {
    const { status, err } = await run('seed', '--payments', '1', '--db', (await postgres()).url('postgres', USER, 'geheim'));
    expect(status).toBe(2);
    expect(err).toMatch(
      /^Database postgres:\/\/paybox@127\.0\.0\.1:\d+\/postgres: password authentication failed .*Check user and password/,
    );
    expect(err).not.toContain('geheim');
  });

  test.skipIf(!hasPostgres)('is filled by seed and shared by servers, which print its URL without the password', async () => {
    const db = (await postgres()).makeDatabase();
    expect((await run('seed', '--payments', '50', '--db', db)).out).toMatch(/^50 payments made/);
    const servers = await Promise.all([serve('--db', db), serve('--db', db)]);
    const counts = servers.map(async ({ url }) => {
      const response = await fetch(`${url}/_sim/payments?limit=1000`);
      return ((await response.json()) as { payments: unknown[] }).payments.length;
    });
    expect(new Set(await Promise.all(counts)).size).toBe(1);
    const lines = await Promise.all(servers.map((server) => server.printed('State')));
    for (const line of lines) expect(line).toMatch(/postgres:\/\/paybox@127\.0\.0\.1:\d+\/test_/);
    for (const server of servers) {
      expect(await server.stop()).toBe(0);
      for (const secret of SECRETS) expect([...server.lines(), server.errorOutput()].join('\n')).not.toContain(secret);
    }
  });
});
