import { once } from 'node:events';
import { rootCertificates } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { decodeReply } from '../../contracts/index.js';
import { createSimulator } from '../../simulator/index.js';
import { disableTimeLimits } from '../support/fake-timers.js';
import {
  connectLocalhost,
  connectTcp,
  connectTls,
  type HttpsSimulator,
  openTunnel,
  startHttpsSimulator,
  useTemporaryHome,
} from '../support/https.js';
import { connectRequest, getRequest, postHead, RawConnection, statusOf } from '../support/raw-http.js';
import { QUESTION } from './https-question.js';

useTemporaryHome();

describe('one port', () => {
  test('answers HTTP and HTTPS', async () => {
    const started = await startHttpsSimulator();
    expect(started.url).toBe(`http://127.0.0.1:${started.port}`);
    expect(started.httpsUrl).toBe(`https://localhost:${started.port}`);
    const plain = await RawConnection.open(started.url);
    const secure = await connectLocalhost(started);
    for (const connection of [plain, secure, plain, secure]) {
      connection.send(...QUESTION);
      expect(decodeReply((await connection.reply()).body).get('SITE')).toBe('1999888');
    }
  });

  test('answers only HTTP without the option https', async () => {
    const simulator = createSimulator();
    onTestFinished(() => simulator.close());
    const url = await simulator.listen();
    expect(simulator.httpsUrl).toBeUndefined();
    expect(simulator.certificateAuthority).toBeUndefined();
    await expect(connectTls({ port: Number(new URL(url).port), rejectUnauthorized: false })).rejects.toThrow();
  });

  test('receives a request completely, in whatever packets it arrives', async () => {
    const { url, simulator } = await startHttpsSimulator();
    const bytes = Buffer.concat([Buffer.from(QUESTION[0]), QUESTION[1]]);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 4 }), async (ends) => {
        const connection = await RawConnection.open(url);
        let start = 0;
        for (const end of [...ends.sort((a, b) => a - b), bytes.length]) {
          connection.send(bytes.subarray(start, end));
          await connection.sent();
          await new Promise(setImmediate);
          start = end;
        }
        expect(decodeReply((await connection.reply()).body).get('NUMQUESTION')).toBe('1');
        connection.destroy();
        await simulator.reset();
      }),
      { numRuns: 30 },
    );
  });
});

describe('the control API', () => {
  const hostOf = ({ port }: HttpsSimulator) => ({ Host: `localhost:${port}` });

  test('answers at https://localhost, also its own pages', async () => {
    const started = await startHttpsSimulator();
    const connection = await connectLocalhost(started);
    for (const headers of [hostOf(started), { ...hostOf(started), Origin: started.httpsUrl, 'Sec-Fetch-Site': 'same-origin' }]) {
      connection.send(getRequest('/_sim/journal', headers));
      expect((await connection.reply()).status).toBe(200);
    }
  });

  test('answers 403 to pages of other sites', async () => {
    const started = await startHttpsSimulator();
    const connection = await connectLocalhost(started);
    connection.send(getRequest('/_sim/journal', { ...hostOf(started), Origin: 'https://preprod-ppps.paybox.com' }));
    expect((await connection.reply()).status).toBe(403);
  });

  test('answers 403 on the hosts of the gateway, in a tunnel and with an absolute URL', async () => {
    const started = await startHttpsSimulator();
    const inside = await openTunnel(started, 'preprod-ppps.paybox.com');
    const outside = await RawConnection.open(started.url);
    const requests: [RawConnection, string][] = [
      [inside, getRequest('/_sim/journal', { Host: 'preprod-ppps.paybox.com' })],
      [inside, getRequest('/s/a/_sim/journal', { Host: 'preprod-ppps.paybox.com', Origin: 'https://preprod-ppps.paybox.com' })],
      [outside, getRequest('http://preprod-ppps.paybox.com/_sim/journal', { Host: 'localhost' })],
      [outside, getRequest('http://preprod-ppps.paybox.com/_sim/journal', { Host: `127.0.0.1:${started.port}`, HOST: 'localhost' })],
    ];
    for (const [connection, request] of requests) {
      connection.send(request);
      expect(await statusOf(connection)).toBe(403);
    }
  });
});

describe('the port still answers, and can be closed, after', () => {
  /** Connections that fail, each at another moment. */
  const FAILURES: Readonly<Record<string, (started: HttpsSimulator) => Promise<unknown>>> = {
    'a reset before the first byte': async ({ port }) => (await connectTcp(port)).resetAndDestroy(),
    'an end before the first byte': async ({ port }) => once((await connectTcp(port)).end(), 'close'),
    'an end after the first byte of TLS': async ({ port }) => once((await connectTcp(port)).end(Buffer.of(0x16)), 'close'),
    'a reset after the first bytes of TLS': async ({ port }) => {
      const socket = await connectTcp(port);
      await new Promise<void>((resolve) => socket.write(Buffer.of(0x16, 3, 1), () => resolve()));
      socket.resetAndDestroy();
    },
    'TLS with invalid bytes': async ({ port }) => (await connectTcp(port)).write(Buffer.alloc(2000, 0x16)),
    'a tunnel with invalid bytes': async ({ port }) => {
      const connection = RawConnection.over(await connectTcp(port));
      connection.send(connectRequest('ppps.paybox.com:443'));
      await connection.reply();
      connection.send('GET / HTTP/1.1\r\n\r\n');
      await connection.closed();
    },
    'a reset in a tunnel': async ({ port }) => {
      const connection = RawConnection.over(await connectTcp(port));
      connection.send(connectRequest('ppps.paybox.com:443'));
      await connection.reply();
      connection.release().resetAndDestroy();
    },
    'a reset of a refused tunnel': async ({ port }) => {
      const socket = await connectTcp(port);
      socket.write(connectRequest('example.com:443'), () => socket.resetAndDestroy());
    },
    'a client that rejects the certificate': ({ port }) => connectTls({ port, ca: [...rootCertificates] }).catch(() => {}),
    'a client with an old version of TLS': ({ port, ca }) =>
      connectTls({ port, ca, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }).catch(() => {}),
    'a reset during a request inside TLS': async (started) => {
      const connection = await connectLocalhost(started);
      connection.send(postHead({ 'Content-Length': 100, Expect: '100-continue' }), 'VERSION');
      await connection.reply();
      connection.destroy();
    },
    'a request that is not HTTP': async ({ url }) => {
      const connection = await RawConnection.open(url);
      connection.send('\x00\x01\x02\r\n\r\n');
      await connection.closed();
    },
  };

  test.each(Object.keys(FAILURES))('%s', async (name) => {
    disableTimeLimits();
    const started = await startHttpsSimulator();
    await FAILURES[name]?.(started);
    const connection = await openTunnel(started, 'ppps.paybox.com');
    connection.send(getRequest('/load.html', { Host: 'ppps.paybox.com' }));
    expect((await connection.reply()).status).toBe(200);
    await started.simulator.close();
  });

  test('any bytes', async () => {
    const started = await startHttpsSimulator();
    const starts = fc.constantFrom('', '\x16', '\x16\x03\x01', 'CONNECT ', 'CONNECT ppps.paybox.com:443 HTTP/1.1\r\n\r\n', 'POST http://');
    await fc.assert(
      fc.asyncProperty(starts, fc.uint8Array({ maxLength: 300 }), async (start, bytes) => {
        const connection = RawConnection.over(await connectTcp(started.port));
        connection.send(start, bytes);
        await connection.sent();
        connection.destroy();
      }),
      { numRuns: 100 },
    );
    const connection = await connectLocalhost(started);
    connection.send(getRequest('/load.html', { Host: 'localhost' }));
    expect((await connection.reply()).status).toBe(200);
  });
});
