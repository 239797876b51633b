import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { rootCertificates } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { decodeReply, encodeForm, GATEWAY_HOSTS } from '../../contracts/index.js';
import { createSimulator } from '../../simulator/index.js';
import { connection, ownHome, type SecureSimulator, secured, serveSecurely, tunnel } from '../support/https.js';
import { CARD, HEAD, NOON } from '../support/question.js';
import { postHead, RawConnection } from '../support/raw-http.js';

ownHome();

const ORDER = encodeForm(
  Object.entries({ ...HEAD, ...CARD, TYPE: '00003', NUMQUESTION: '1', MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1' }),
);
const QUESTION = [postHead({ 'Content-Length': ORDER.length, 'Content-Type': 'application/x-www-form-urlencoded' }), ORDER] as const;

const local = async ({ port, ca }: SecureSimulator): Promise<RawConnection> =>
  RawConnection.over(await secured({ port, host: '127.0.0.1', servername: 'localhost', ca }));

const get = (path: string, headers: Readonly<Record<string, string>>): string => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
};

/** The status of the next reply; `cut` where the connection was closed instead. */
const statusOf = (asked: RawConnection): Promise<number | 'cut'> =>
  asked.reply().then(
    ({ status }) => status,
    () => 'cut',
  );

const textOf = ({ body }: { body: Uint8Array }): string => new TextDecoder().decode(body);

describe('one port', () => {
  test('answers HTTP and HTTPS, and says both', async () => {
    const served = await serveSecurely();
    expect(served.url).toBe(`http://127.0.0.1:${served.port}`);
    expect(served.httpsUrl).toBe(`https://localhost:${served.port}`);
    const plain = await RawConnection.open(served.url);
    const secure = await local(served);
    for (const asked of [plain, secure, plain, secure]) {
      asked.send(...QUESTION);
      expect(decodeReply((await asked.reply()).body).get('SITE')).toBe('1999888');
    }
  });

  test('without https it speaks plain HTTP only', async () => {
    const simulator = createSimulator();
    onTestFinished(() => simulator.close());
    const url = await simulator.listen();
    expect(simulator.httpsUrl).toBeUndefined();
    expect(simulator.certificateAuthority).toBeUndefined();
    await expect(secured({ port: Number(new URL(url).port), rejectUnauthorized: false })).rejects.toThrow();
  });

  test('a request comes whole, however it is cut into packets', async () => {
    const { url, simulator } = await serveSecurely();
    const bytes = Buffer.concat([Buffer.from(QUESTION[0]), QUESTION[1]]);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 4 }), async (cuts) => {
        const asked = await RawConnection.open(url);
        let at = 0;
        for (const cut of [...cuts.sort((a, b) => a - b), bytes.length]) {
          asked.send(bytes.subarray(at, cut));
          await asked.sent();
          await new Promise(setImmediate);
          at = cut;
        }
        expect(decodeReply((await asked.reply()).body).get('NUMQUESTION')).toBe('1');
        asked.hangUp();
        await simulator.reset();
      }),
      { numRuns: 30 },
    );
  });

  test('https without proxy opens no tunnel', async () => {
    const served = await serveSecurely({}, { proxy: false });
    const asked = await RawConnection.open(served.url);
    asked.send('CONNECT preprod-ppps.paybox.com:443 HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await statusOf(asked)).toBe('cut');
  });
});

describe('the proxy', () => {
  test.each(GATEWAY_HOSTS.map(({ host }) => host))('answers for %s', async (host) => {
    const inside = await tunnel(await serveSecurely(), host);
    inside.send(...QUESTION);
    expect(decodeReply((await inside.reply()).body).get('NUMQUESTION')).toBe('1');
  });

  test('knows its hosts in any case', async () => {
    const asked = RawConnection.over(await connection((await serveSecurely()).port));
    asked.send('CONNECT PreProd-PPPS.Paybox.COM:443 HTTP/1.1\r\nHost: x\r\n\r\n');
    expect((await asked.reply()).status).toBe(200);
  });

  test('takes TLS that comes in one packet with CONNECT', async () => {
    const served = await serveSecurely();
    const socket = await connection(served.port);
    socket.cork();
    socket.write('CONNECT ppps.paybox.com:443 HTTP/1.1\r\nHost: x\r\n\r\n');
    // TLS is not to see what the proxy answers.
    const rest = new Duplex({ read: () => {}, write: (bytes, _, done) => void socket.write(bytes, done) });
    socket.once('data', (bytes) => {
      const end = bytes.indexOf('\r\n\r\n') + 4;
      if (end < bytes.length) rest.push(bytes.subarray(end));
      socket.on('data', (more) => rest.push(more));
    });
    const opening = secured({ socket: rest, servername: 'ppps.paybox.com', ca: served.ca });
    setImmediate(() => socket.uncork());
    const inside = RawConnection.over(await opening);
    inside.send(get('/load.html', { Host: 'ppps.paybox.com' }));
    expect((await inside.reply()).status).toBe(200);
  });

  test('may itself be spoken to over TLS', async () => {
    const served = await serveSecurely();
    const outside = await local(served);
    outside.send('CONNECT ppps.paybox.com:443 HTTP/1.1\r\nHost: x\r\n\r\n');
    expect((await outside.reply()).status).toBe(200);
    const inside = RawConnection.over(await secured({ socket: outside.release(), servername: 'ppps.paybox.com', ca: served.ca }));
    inside.send(...QUESTION);
    expect(decodeReply((await inside.reply()).body).get('NUMQUESTION')).toBe('1');
  });

  test.each([
    ['api.example.com:443', 'api.example.com:443 was refused'],
    ['tpeweb.paybox.com:443', 'tpeweb.paybox.com:443 was refused'],
    ['ppps.paybox.com.example.com:443', 'was refused'],
    ['localhost:443', 'localhost:443 was refused'],
    ['ppps.paybox.com:22', 'ppps.paybox.com:22 was refused: the gateway answers on port 443.'],
    ['[::1]:443', '[::1]:443 was refused'],
    ['nothing', 'nothing was refused'],
  ])('refuses a tunnel to %s, and says so', async (target, why) => {
    const served = await serveSecurely();
    const asked = await RawConnection.open(served.url);
    asked.send(`CONNECT ${target} HTTP/1.1\r\nHost: x\r\n\r\n`);
    const reply = await asked.reply();
    expect(reply.status).toBe(403);
    expect(textOf(reply)).toContain(why);
    expect(served.refused).toEqual([textOf(reply).trimEnd()]);
  });

  test('says how a host is reached without it', async () => {
    const asked = await RawConnection.open((await serveSecurely()).url);
    asked.send('CONNECT api.example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(textOf(await asked.reply())).toContain(
      'To reach api.example.com without it, add it to NO_PROXY: NO_PROXY=localhost,127.0.0.1,::1,api.example.com\n',
    );
  });

  test.each(['http', 'https'])('answers %s requests that name the host in their target', async (scheme) => {
    const served = await serveSecurely();
    const asked = await RawConnection.open(served.url);
    const [head, body] = QUESTION;
    asked.send(head.replace('/PPPS.php', `${scheme}://PREPROD-ppps.paybox.com/PPPS.php`), body);
    expect(decodeReply((await asked.reply()).body).get('NUMQUESTION')).toBe('1');
    asked.send(head.replace('/PPPS.php', `${scheme}://api.example.com/PPPS.php`), body);
    const refused = await asked.reply();
    expect(refused.status).toBe(403);
    expect(textOf(refused)).toContain('api.example.com was refused');
    expect(await served.simulator.journal()).toHaveLength(1);
  });

  test('plays the backup host under its name', async () => {
    const served = await serveSecurely({ rules: [{ host: 'main', answer: '00097' }] });
    let questions = 0;
    const ask = async (asked: RawConnection, host: string, target = '/PPPS.php') => {
      const variables = {
        ...HEAD,
        ...CARD,
        TYPE: '00003',
        NUMQUESTION: String(++questions),
        MONTANT: '1000',
        DEVISE: '978',
        REFERENCE: 'a',
      };
      const body = encodeForm(Object.entries(variables));
      asked.send(postHead({ Host: host, 'Content-Length': body.length }, target), body);
      return decodeReply((await asked.reply()).body).get('CODEREPONSE');
    };
    expect(await ask(await tunnel(served, 'ppps.paybox.com'), 'ppps.paybox.com')).toBe('00097');
    expect(await ask(await tunnel(served, 'ppps1.paybox.com'), 'ppps1.paybox.com')).toBe('00000');
    // The target counts, whatever Host says.
    expect(await ask(await RawConnection.open(served.url), 'localhost', 'http://ppps1.paybox.com/PPPS.php')).toBe('00000');
    expect(await ask(await RawConnection.open(served.url), 'ppps1.paybox.com', 'http://ppps.paybox.com/PPPS.php')).toBe('00097');
  });
});

describe('the control API', () => {
  const origin = ({ port }: SecureSimulator, more: Record<string, string> = {}) => ({ Host: `localhost:${port}`, ...more });

  test('answers under https://localhost, and its own pages', async () => {
    const served = await serveSecurely();
    const asked = await local(served);
    for (const headers of [origin(served), origin(served, { Origin: served.httpsUrl, 'Sec-Fetch-Site': 'same-origin' })]) {
      asked.send(get('/_sim/journal', headers));
      expect((await asked.reply()).status).toBe(200);
    }
  });

  test('answers no page of another site there', async () => {
    const served = await serveSecurely();
    const asked = await local(served);
    asked.send(get('/_sim/journal', origin(served, { Origin: 'https://preprod-ppps.paybox.com' })));
    expect((await asked.reply()).status).toBe(403);
  });

  test('is not reached under the gateway’s hosts, through a tunnel or by a target', async () => {
    const served = await serveSecurely();
    const inside = await tunnel(served, 'preprod-ppps.paybox.com');
    const outside = await RawConnection.open(served.url);
    const asks: [RawConnection, string][] = [
      [inside, get('/_sim/journal', { Host: 'preprod-ppps.paybox.com' })],
      [inside, get('/s/a/_sim/journal', { Host: 'preprod-ppps.paybox.com', Origin: 'https://preprod-ppps.paybox.com' })],
      [outside, get('http://preprod-ppps.paybox.com/_sim/journal', { Host: 'localhost' })],
      [outside, get('http://preprod-ppps.paybox.com/_sim/journal', { Host: `127.0.0.1:${served.port}`, HOST: 'localhost' })],
    ];
    for (const [asked, request] of asks) {
      asked.send(request);
      expect(await statusOf(asked)).toBe(403);
    }
  });
});

describe('nothing that comes over the port ends it', () => {
  /** What goes wrong with a connection; each leaves the port in some half-way state. */
  const mishaps: Readonly<Record<string, (served: SecureSimulator) => Promise<unknown>>> = {
    'a reset before a byte': async ({ port }) => (await connection(port)).resetAndDestroy(),
    'an end before a byte': async ({ port }) => once((await connection(port)).end(), 'close'),
    'an end after the first byte of TLS': async ({ port }) => once((await connection(port)).end(Buffer.of(0x16)), 'close'),
    'a reset after the first byte of TLS': async ({ port }) => {
      const socket = await connection(port);
      await new Promise<void>((resolve) => socket.write(Buffer.of(0x16, 3, 1), () => resolve()));
      socket.resetAndDestroy();
    },
    'TLS garbage': async ({ port }) => (await connection(port)).write(Buffer.alloc(2000, 0x16)),
    'garbage in a tunnel': async ({ port }) => {
      const asked = RawConnection.over(await connection(port));
      asked.send('CONNECT ppps.paybox.com:443 HTTP/1.1\r\nHost: x\r\n\r\n');
      await asked.reply();
      asked.send('GET / HTTP/1.1\r\n\r\n');
      await asked.closed();
    },
    'a reset in a tunnel': async ({ port }) => {
      const asked = RawConnection.over(await connection(port));
      asked.send('CONNECT ppps.paybox.com:443 HTTP/1.1\r\nHost: x\r\n\r\n');
      await asked.reply();
      asked.release().resetAndDestroy();
    },
    'a reset of a refused tunnel': async ({ port }) => {
      const socket = await connection(port);
      socket.write('CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n', () => socket.resetAndDestroy());
    },
    'a client that refuses the certificate': ({ port }) => secured({ port, ca: [...rootCertificates] }).catch(() => {}),
    'a client of an old TLS': ({ port, ca }) => secured({ port, ca, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }).catch(() => {}),
    'a reset amid a request inside TLS': async (served) => {
      const asked = await local(served);
      asked.send(postHead({ 'Content-Length': 100, Expect: '100-continue' }), 'VERSION');
      await asked.reply();
      asked.hangUp();
    },
    'an HTTP request that is none': async ({ url }) => {
      const asked = await RawConnection.open(url);
      asked.send('\x00\x01\x02\r\n\r\n');
      await asked.closed();
    },
  };

  test.each(Object.keys(mishaps))('%s', async (name) => {
    const served = await serveSecurely();
    await mishaps[name]?.(served);
    const asked = await tunnel(served, 'ppps.paybox.com');
    asked.send(get('/load.html', { Host: 'ppps.paybox.com' }));
    expect((await asked.reply()).status).toBe(200);
    const startedAt = performance.now();
    await served.simulator.close();
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  test('any bytes at all', async () => {
    const served = await serveSecurely();
    const starts = fc.constantFrom('', '\x16', '\x16\x03\x01', 'CONNECT ', 'CONNECT ppps.paybox.com:443 HTTP/1.1\r\n\r\n', 'POST http://');
    await fc.assert(
      fc.asyncProperty(starts, fc.uint8Array({ maxLength: 300 }), async (start, bytes) => {
        const asked = RawConnection.over(await connection(served.port));
        asked.send(start, bytes);
        await asked.sent();
        asked.hangUp();
      }),
      { numRuns: 100 },
    );
    const asked = await local(served);
    asked.send(get('/load.html', { Host: 'localhost' }));
    expect((await asked.reply()).status).toBe(200);
  });
});

describe('its end', () => {
  /** Connections that would hold it up. */
  const kept: Readonly<Record<string, (served: SecureSimulator) => Promise<RawConnection>>> = {
    'one that sent nothing': async ({ url }) => RawConnection.open(url),
    'one amid its handshake': async ({ url }) => {
      const asked = await RawConnection.open(url);
      asked.send(Buffer.of(0x16, 3, 1, 0, 200, 1));
      await asked.sent();
      return asked;
    },
    'a secure one over which nothing was asked': local,
    'a secure one that is kept alive': async (served) => {
      const asked = await local(served);
      asked.send(get('/load.html', { Host: 'localhost' }));
      await asked.reply();
      return asked;
    },
    'a tunnel in which nothing was said': async ({ url }) => {
      const asked = await RawConnection.open(url);
      asked.send('CONNECT ppps.paybox.com:443 HTTP/1.1\r\nHost: x\r\n\r\n');
      await asked.reply();
      return asked;
    },
    'a tunnel that is kept alive': async (served) => {
      const asked = await tunnel(served, 'ppps.paybox.com');
      asked.send(get('/load.html', { Host: 'ppps.paybox.com' }));
      await asked.reply();
      return asked;
    },
    'one that was refused and does not hang up': async ({ url }) => {
      const asked = await RawConnection.open(url);
      asked.send('CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n');
      await asked.reply();
      return asked;
    },
  };

  test.each(Object.keys(kept))('close() does not wait for %s', async (name) => {
    const served = await serveSecurely();
    const asked = await kept[name]?.(served);
    const startedAt = performance.now();
    await served.simulator.close();
    expect(performance.now() - startedAt).toBeLessThan(1000);
    await asked?.closed();
  });

  test.each(Object.keys(kept))('an outage cuts %s, and ends', async (name) => {
    const served = await serveSecurely();
    const asked = await kept[name]?.(served);
    const startedAt = performance.now();
    const over = served.simulator.outage(20);
    await asked?.closed();
    await over;
    expect(performance.now() - startedAt).toBeLessThan(1000);
    const again = await tunnel(served, 'ppps.paybox.com');
    again.send(...QUESTION);
    expect((await again.reply()).status).toBe(200);
  });

  test.each([
    ['over TLS', local],
    ['in a tunnel', (served: SecureSimulator) => tunnel(served, 'ppps.paybox.com')],
  ])('close() answers the question that is at work %s', async (_, open) => {
    const served = await serveSecurely();
    const asked = await open(served);
    asked.send(postHead({ 'Content-Length': ORDER.length, Expect: '100-continue' }), ORDER.subarray(0, 10));
    expect((await asked.reply()).status).toBe(100);
    const closed = served.simulator.close();
    asked.send(ORDER.subarray(10));
    expect(decodeReply((await asked.reply()).body).get('NUMQUESTION')).toBe('1');
    await closed;
  });

  test('an outage refuses tunnels', async () => {
    const served = await serveSecurely();
    const over = served.simulator.outage(50);
    await expect(connection(served.port)).rejects.toThrow('ECONNREFUSED');
    await over;
  });
});

describe('faults happen inside TLS too', () => {
  const open = async (fault: object) => {
    const served = await serveSecurely({ clock: NOON, rules: [{ fault, times: 1 }] });
    const asked = await tunnel(served, 'preprod-ppps.paybox.com');
    asked.send(...QUESTION);
    return { served, asked };
  };

  test('drop', async () => {
    const { served, asked } = await open({ reply: 'drop' });
    expect(await statusOf(asked)).toBe('cut');
    expect(await served.simulator.journal()).toHaveLength(1);
  });

  test('half', async () => {
    const { asked } = await open({ reply: 'half' });
    await expect(asked.reply()).rejects.toThrow(/closed after "HTTP\/1\.1 200 OK[\s\S]*NUMTRANS=/);
  });

  test('never, until the simulator ends', async () => {
    const { served, asked } = await open({ reply: 'never' });
    await expect.poll(async () => (await served.simulator.journal()).length).toBe(1);
    await served.simulator.close();
    expect(await statusOf(asked)).toBe('cut');
  });

  test('slow', async () => {
    const { asked } = await open({ slow: 1 });
    expect(decodeReply((await asked.reply()).body).get('CODEREPONSE')).toBe('00000');
  });

  test('garbage', async () => {
    const { asked } = await open({ reply: 'garbage' });
    expect(Buffer.from((await asked.reply()).body).subarray(0, 3)).toEqual(Buffer.of(0x16, 3, 1));
  });
});
