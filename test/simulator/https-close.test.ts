import { describe, expect, test } from 'vitest';
import { decodeReply } from '../../contracts/index.js';
import { disableTimeLimits, passTime } from '../support/fake-timers.js';
import { connectLocalhost, connectTcp, type HttpsSimulator, openTunnel, startHttpsSimulator, useTemporaryHome } from '../support/https.js';
import { NOON } from '../support/question.js';
import { connectRequest, getRequest, postHead, RawConnection, statusOf } from '../support/raw-http.js';
import { ORDER, QUESTION } from './https-question.js';

useTemporaryHome();

/** Connections that stay open until the server closes them. */
const OPEN_CONNECTIONS: Readonly<Record<string, (started: HttpsSimulator) => Promise<RawConnection>>> = {
  'a connection that sent nothing': async ({ url }) => RawConnection.open(url),
  'a connection during its TLS handshake': async ({ url }) => {
    const connection = await RawConnection.open(url);
    connection.send(Buffer.of(0x16, 3, 1, 0, 200, 1));
    await connection.sent();
    return connection;
  },
  'a TLS connection without a request': connectLocalhost,
  'a kept-alive TLS connection': async (started) => {
    const connection = await connectLocalhost(started);
    connection.send(getRequest('/load.html', { Host: 'localhost' }));
    await connection.reply();
    return connection;
  },
  'a tunnel without a TLS handshake': async ({ url }) => {
    const connection = await RawConnection.open(url);
    connection.send(connectRequest('ppps.paybox.com:443'));
    await connection.reply();
    return connection;
  },
  'a kept-alive tunnel': async (started) => {
    const connection = await openTunnel(started, 'ppps.paybox.com');
    connection.send(getRequest('/load.html', { Host: 'ppps.paybox.com' }));
    await connection.reply();
    return connection;
  },
  'a SOCKS5 connection without a request': async ({ url }) => {
    const connection = await RawConnection.open(url);
    connection.send(Buffer.of(5, 1, 0));
    await connection.sent();
    return connection;
  },
  'a refused tunnel': async ({ url }) => {
    const connection = await RawConnection.open(url);
    connection.send(connectRequest('example.com:443'));
    await connection.reply();
    return connection;
  },
};

test.each(Object.keys(OPEN_CONNECTIONS))('close() does not wait for %s', async (name) => {
  disableTimeLimits();
  const started = await startHttpsSimulator();
  const connection = await OPEN_CONNECTIONS[name]?.(started);
  await started.simulator.close();
  await connection?.closed();
});

test.each(Object.keys(OPEN_CONNECTIONS))('an outage closes %s, and ends', async (name) => {
  disableTimeLimits();
  const started = await startHttpsSimulator();
  const connection = await OPEN_CONNECTIONS[name]?.(started);
  const over = started.simulator.outage(20);
  await connection?.closed();
  await passTime(20);
  await over;
  const afterwards = await openTunnel(started, 'ppps.paybox.com');
  afterwards.send(...QUESTION);
  expect((await afterwards.reply()).status).toBe(200);
});

test.each([
  ['over TLS', connectLocalhost],
  ['in a tunnel', (started: HttpsSimulator) => openTunnel(started, 'ppps.paybox.com')],
])('close() waits for the question in progress %s and answers it', async (_, connect) => {
  const started = await startHttpsSimulator();
  const connection = await connect(started);
  connection.send(postHead({ 'Content-Length': ORDER.length, Expect: '100-continue' }), ORDER.subarray(0, 10));
  expect((await connection.reply()).status).toBe(100);
  const closed = started.simulator.close();
  connection.send(ORDER.subarray(10));
  expect(decodeReply((await connection.reply()).body).get('NUMQUESTION')).toBe('1');
  await closed;
});

test('an outage refuses tunnels', async () => {
  disableTimeLimits();
  const started = await startHttpsSimulator();
  const over = started.simulator.outage(50);
  await expect(connectTcp(started.port)).rejects.toThrow('ECONNREFUSED');
  await passTime(50);
  await over;
});

describe('faults inside TLS', () => {
  const askWithFault = async (fault: object) => {
    const started = await startHttpsSimulator({ clock: NOON, rules: [{ fault, times: 1 }] });
    const connection = await openTunnel(started, 'preprod-ppps.paybox.com');
    connection.send(...QUESTION);
    return { simulator: started.simulator, connection };
  };

  test('drop closes the connection after the question is processed', async () => {
    const { simulator, connection } = await askWithFault({ reply: 'drop' });
    expect(await statusOf(connection)).toBe('closed');
    expect(await simulator.journal()).toHaveLength(1);
  });

  test('half sends a part of the reply and closes the connection', async () => {
    const { connection } = await askWithFault({ reply: 'half' });
    await expect(connection.reply()).rejects.toThrow(/closed after "HTTP\/1\.1 200 OK[\s\S]*NUMTRANS=/);
  });

  test('never sends no reply, and the connection is closed with the simulator', async () => {
    const { simulator, connection } = await askWithFault({ reply: 'never' });
    await expect.poll(async () => (await simulator.journal()).length).toBe(1);
    await simulator.close();
    expect(await statusOf(connection)).toBe('closed');
  });

  test('slow sends the whole reply', async () => {
    const { connection } = await askWithFault({ slow: 1 });
    expect(decodeReply((await connection.reply()).body).get('CODEREPONSE')).toBe('00000');
  });

  test('garbage sends bytes that are not a reply', async () => {
    const { connection } = await askWithFault({ reply: 'garbage' });
    expect(Buffer.from((await connection.reply()).body).subarray(0, 3)).toEqual(Buffer.of(0x16, 3, 1));
  });
});

test.for(['a connection that sent nothing', 'a connection during its TLS handshake', 'a tunnel without a TLS handshake'])(
  '%s is closed after a minute',
  async (name, { signal }) => {
    disableTimeLimits();
    const connection = await OPEN_CONNECTIONS[name]?.(await startHttpsSimulator());
    let isOpen = true;
    const closed = connection?.closed().then(() => {
      isOpen = false;
    });
    // The limit begins when the server sees the connection, a moment after the client does.
    while (isOpen && !signal.aborted) {
      await passTime(60_000);
      await new Promise(setImmediate);
    }
    await closed;
  },
);

test.each(['a kept-alive TLS connection', 'a kept-alive tunnel'])('%s is not closed by the limit of the handshake', async (name) => {
  disableTimeLimits();
  const connection = (await OPEN_CONNECTIONS[name]?.(await startHttpsSimulator())) as RawConnection;
  await passTime(60_000);
  connection.send(getRequest('/load.html', { Host: 'localhost' }));
  expect((await connection.reply()).status).toBe(200);
});
