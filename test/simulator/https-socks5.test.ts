import type { Socket } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeReply, GATEWAY_HOSTS } from '../../contracts/index.js';
import { connectTcp, connectTls, type HttpsSimulator, startHttpsSimulator, useTemporaryHome } from '../support/https.js';
import { RawConnection } from '../support/raw-http.js';
import { QUESTION } from './https-question.js';

useTemporaryHome();

const GREETING = Buffer.of(5, 1, 0);

/** A request for a connection. RFC 1928, section 4. */
const request = (type: number, address: Uint8Array, port = 443, command = 1): Buffer =>
  Buffer.concat([Buffer.of(5, command, 0, type), address, Buffer.of(port >> 8, port & 255)]);

const named = (host: string): Buffer => Buffer.concat([Buffer.of(host.length), Buffer.from(host, 'latin1')]);
const toHost = (host: string, port?: number, command?: number): Buffer => request(3, named(host), port, command);

const REPLY_LENGTH = 10;
const reply = (status: number): number[] => [5, status, 0, 1, 0, 0, 0, 0, 0, 0];

/** The next bytes of a connection; fewer if it ends before. */
function take(socket: Socket, length: number): Promise<number[]> {
  return new Promise((resolve) => {
    const look = (): void => {
      const bytes = socket.read(length) as Buffer | null;
      if (bytes === null && !socket.readableEnded) return;
      socket.off('readable', look).off('end', look);
      resolve([...(bytes ?? [])]);
    };
    socket.on('readable', look).on('end', look);
    look();
  });
}

async function pay(socket: Socket, host: string, { ca }: Pick<HttpsSimulator, 'ca'>): Promise<string | undefined> {
  const inside = RawConnection.over(await connectTls({ socket, servername: host, ca }));
  inside.send(...QUESTION);
  return decodeReply((await inside.reply()).body).get('NUMQUESTION');
}

test.each(GATEWAY_HOSTS.map(({ host }) => host))('a SOCKS5 connection to %s is answered by the gateway', async (host) => {
  const started = await startHttpsSimulator();
  const socket = await connectTcp(started.port);
  socket.write(GREETING);
  expect(await take(socket, 2)).toEqual([5, 0]);
  socket.write(toHost(host.toUpperCase()));
  expect(await take(socket, REPLY_LENGTH)).toEqual(reply(0));
  expect(await pay(socket, host, started)).toBe('1');
});

test('a SOCKS5 request is understood in whatever packets it arrives', async () => {
  const started = await startHttpsSimulator();
  const bytes = Buffer.concat([GREETING, toHost('ppps.paybox.com')]);
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 4 }), async (ends) => {
      const socket = await connectTcp(started.port);
      let start = 0;
      for (const end of [...ends.sort((a, b) => a - b), bytes.length]) {
        await new Promise<void>((resolve) => void socket.write(bytes.subarray(start, end), () => resolve()));
        await new Promise(setImmediate);
        start = end;
      }
      expect(await take(socket, 2 + REPLY_LENGTH)).toEqual([5, 0, ...reply(0)]);
      socket.destroy();
    }),
    { numRuns: 30 },
  );
});

test.each([
  ['another host', toHost('api.example.com'), 2, 'api.example.com:443 was refused'],
  ['another port', toHost('ppps.paybox.com', 22), 2, 'ppps.paybox.com:22 was refused: the gateway answers on port 443.'],
  ['an IPv4 address', request(1, Buffer.of(192, 0, 2, 1)), 2, '192.0.2.1:443 was refused'],
  [
    'an IPv6 address',
    request(4, Buffer.from('20010db8'.padEnd(32, '0'), 'hex')),
    2,
    '[2001:0db8:0000:0000:0000:0000:0000:0000]:443 was refused',
  ],
  ['another command', toHost('ppps.paybox.com', 443, 2), 7, undefined],
])('%s is refused over SOCKS5, and reported', async (_, bytes, status, reason) => {
  const started = await startHttpsSimulator();
  const socket = await connectTcp(started.port);
  socket.write(Buffer.concat([GREETING, bytes]));
  expect(await take(socket, 2 + REPLY_LENGTH)).toEqual([5, 0, ...reply(status)]);
  expect(await take(socket, 1)).toEqual([]);
  expect(started.refused).toEqual(reason === undefined ? [] : [expect.stringContaining(reason)]);
});

test('a SOCKS5 peer that insists on authentication is refused', async () => {
  const socket = await connectTcp((await startHttpsSimulator()).port);
  socket.write(Buffer.of(5, 1, 2));
  expect(await take(socket, 2)).toEqual([5, 0xff]);
  expect(await take(socket, 1)).toEqual([]);
});

test('SOCKS5 is not served without the option proxy', async () => {
  const socket = await connectTcp((await startHttpsSimulator({}, { proxy: false })).port);
  socket.write(GREETING);
  expect(Buffer.from(await take(socket, 5)).toString()).not.toMatch(/^\x05/);
});
