import { networkInterfaces } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Caller, controlRefusal } from '../../simulator/control/guard.js';
import { createSimulator, type SimulatorOptions } from '../../simulator/index.js';
import { RawConnection } from '../support/raw-http.js';

const HERE: Caller = { address: '127.0.0.1', host: 'localhost:8888', origin: undefined, site: undefined };

describe('this machine may use the control API', () => {
  test.each<Partial<Caller>>([
    {},
    { address: '127.1.2.3', host: '127.0.0.1:8888' },
    { address: '::1', host: '[::1]:8888' },
    { address: '::ffff:127.0.0.1', host: 'LOCALHOST' },
    { host: 'shop.localhost:8888' },
    { host: undefined },
    { origin: 'http://localhost:8888', site: 'same-origin' },
    { site: 'none' },
    { address: undefined, host: 'anything.example' },
  ])('%j', (caller) => {
    expect(controlRefusal({ ...HERE, ...caller }, 'loopback')).toBeUndefined();
  });
});

describe('another machine may not, unless the control API is open to any', () => {
  test.each(['192.168.1.7', '::ffff:192.168.1.7', 'fe80::1', '10.0.0.1', '1127.0.0.1', '127.0.0.1.example'])('%s', (address) => {
    expect(controlRefusal({ ...HERE, address }, 'loopback')).toBe(
      `The control API answers this machine only, not ${address}. Start with --control any to open it.`,
    );
    expect(controlRefusal({ ...HERE, address }, 'any')).toBeUndefined();
  });
});

describe('a name that is not local, which a page could have bound to this machine, is refused, unless the control API is open', () => {
  test.each(['attacker.example', 'attacker.example:8888', 'localhost.attacker.example', '127.0.0.1.attacker.example', '[::2]:1'])(
    '%s',
    (host) => {
      expect(controlRefusal({ ...HERE, host }, 'loopback')).toMatch(
        /^The control API answers under localhost and 127\.0\.0\.1 only\. Start with/,
      );
      expect(controlRefusal({ ...HERE, host }, 'any')).toBeUndefined();
    },
  );
});

describe('a page of another site is refused, even where the control API is open to any', () => {
  test.each<Partial<Caller>>([
    { origin: 'https://attacker.example' },
    { origin: 'null' },
    { origin: 'http://localhost:3000' },
    { origin: 'http://localhost:8888.attacker.example' },
    { site: 'cross-site' },
    { site: 'cross-site', origin: 'http://localhost:8888' },
    { address: undefined, site: 'cross-site' },
    { host: undefined, origin: 'http://localhost:8888' },
  ])('%j', (caller) => {
    for (const access of ['loopback', 'any'] as const) {
      expect(controlRefusal({ ...HERE, ...caller }, access)).toBe('The control API does not answer web pages of another site.');
    }
  });
});

describe('over a port', () => {
  async function open(options: SimulatorOptions = {}, host = '127.0.0.1'): Promise<string> {
    const simulator = createSimulator(options);
    onTestFinished(() => simulator.close());
    return simulator.listen({ host });
  }

  async function call(
    url: string,
    headers: Readonly<Record<string, string>>,
    path = '/_sim/reset',
  ): Promise<{ status: number; text: string }> {
    const connection = await RawConnection.open(url);
    const lines = Object.entries({ Host: new URL(url).host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    connection.send(`POST ${path} HTTP/1.1\r\n${lines.join('')}Content-Length: 0\r\n\r\n`);
    const { status, body } = await connection.reply();
    return { status, text: new TextDecoder().decode(body) };
  }

  test('an ordinary request is carried out', async () => {
    const url = await open();
    expect((await call(url, {})).status).toBe(204);
    expect((await call(url, { Origin: url, 'Sec-Fetch-Site': 'same-origin' })).status).toBe(204);
    expect((await call(url, { Host: 'localhost' })).status).toBe(204);
  });

  test.each<readonly [header: string, value: string, error: string]>([
    ['Host', 'attacker.example', 'answers under localhost and 127.0.0.1 only'],
    ['Origin', 'https://attacker.example', 'does not answer web pages of another site'],
    ['Origin', 'null', 'does not answer web pages of another site'],
    ['Sec-Fetch-Site', 'cross-site', 'does not answer web pages of another site'],
  ])('%s: %s is answered 403 and carries out nothing', async (header, value, error) => {
    const simulator = createSimulator();
    onTestFinished(() => simulator.close());
    const url = await simulator.listen();
    simulator.gateway.rules.add({ id: 'kept', answer: '00105' });
    for (const path of ['/_sim/reset', '/s/main/_sim/reset', '/_sim/nothing', '/_sim/openapi.json']) {
      const { status, text } = await call(url, { [header]: value }, path);
      expect(status).toBe(403);
      expect(JSON.parse(text).error).toContain(error);
    }
    expect(simulator.gateway.rules.get('kept')).toBeDefined();
  });

  test('open to any, it answers under any name, but no page of another site', async () => {
    const url = await open({ control: 'any' });
    expect((await call(url, { Host: 'build-server:8888' })).status).toBe(204);
    expect((await call(url, { Origin: 'https://attacker.example' })).status).toBe(403);
  });

  test('the gateway itself answers whoever reaches it', async () => {
    const url = await open();
    expect((await call(url, { Host: 'preprod-ppps.paybox.com', Origin: 'https://shop.example' }, '/PPPS.php')).status).toBe(200);
  });

  test.each([
    ['no Host at all', 'POST /_sim/reset HTTP/1.1\r\n', 400],
    ['two Hosts, the first of them local', 'POST /_sim/reset HTTP/1.1\r\nHost: localhost\r\nHost: attacker.example\r\n', 403],
    ['two Hosts, the last of them local', 'POST /_sim/reset HTTP/1.1\r\nHost: attacker.example\r\nHost: localhost\r\n', 403],
    ['an absolute target of another name', 'POST http://attacker.example/_sim/reset HTTP/1.1\r\nHost: attacker.example\r\n', 403],
    [
      'an absolute target of a local name under another Host',
      'POST http://localhost/_sim/reset HTTP/1.1\r\nHost: attacker.example\r\n',
      403,
    ],
  ])('%s is refused', async (_, head, status) => {
    const connection = await RawConnection.open(await open());
    connection.send(`${head}Content-Length: 0\r\n\r\n`);
    expect((await connection.reply()).status).toBe(status);
  });

  test('the port is not open at any other address unless the server is told so', async () => {
    const { port } = new URL(await open());
    for (const address of ['127.0.0.2', ...(outside ? [outside] : [])]) {
      await expect(RawConnection.open(`http://${address}:${port}`)).rejects.toThrow(/ECONNREFUSED|EADDRNOTAVAIL/);
    }
  });

  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

  test.runIf(outside)('a call that comes over the network is refused, unless the control API is open to any', async () => {
    const at = async (options: SimulatorOptions) => (await open(options, '0.0.0.0')).replace('127.0.0.1', outside ?? '');
    const refused = await call(await at({}), { Host: 'localhost' });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain(`not ${outside}. Start with --control any`);
    expect((await call(await at({ control: 'any' }), {})).status).toBe(204);
  });
});
