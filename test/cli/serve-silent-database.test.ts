import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { makeProgram } from '../../cli/program.js';
import { disableTimeLimits, passTime } from '../support/fake-timers.js';

test('SIGTERM ends paybox-sim while its database does not answer', async ({ signal }) => {
  disableTimeLimits();
  const sockets: Socket[] = [];
  const database = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    database.close();
  });
  await once(database, 'listening');
  const signals = new EventEmitter();
  const statuses: number[] = [];
  let err = '';
  const program = makeProgram({
    stdout: { write: () => {} },
    stderr: { write: (text) => (err += text) },
    once: (name, listener) => signals.once(name, listener),
    exit: (status) => void statuses.push(status),
  });
  const db = `postgres://user@127.0.0.1:${(database.address() as AddressInfo).port}/db`;
  // It fails when the test closes the connection of its database.
  program.parseAsync(['--port', '0', '--db', db], { from: 'user' }).catch(() => {});
  await once(database, 'connection');

  signals.emit('SIGTERM');
  while (statuses.length === 0 && !signal.aborted) await passTime(1000);
  expect([statuses, err]).toEqual([
    [1],
    'The database does not answer. Ended without waiting for it: questions in progress may not be stored.\n',
  ]);
});
