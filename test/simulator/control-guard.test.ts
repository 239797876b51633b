import { hostname, networkInterfaces } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  type ControlAccess,
  type ControlCaller,
  type ControlPolicy,
  type ControlRefusal,
  controlRefusal,
} from '../../simulator/control/access.js';
import { refusalMessage } from '../../simulator/control/errors.js';
import { createSimulator, type SimulatorOptions } from '../../simulator/index.js';
import { RawConnection } from '../support/raw-http.js';

const LOCAL: ControlCaller = { address: '127.0.0.1', host: 'localhost:8888', origin: undefined, site: undefined };

const policy = (access: ControlAccess, hosts: readonly string[] = []): ControlPolicy => ({ access, hosts });

const messageOf = (refusal: ControlRefusal | undefined): string | undefined => refusal && refusalMessage(refusal);

describe('a caller on this machine may use the control API', () => {
  test.each<Partial<ControlCaller>>([
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
    expect(controlRefusal({ ...LOCAL, ...caller }, policy('loopback'))).toBeUndefined();
  });
});

test.each(['loopback', 'any'] as const)('the calls of a simulator to shops may not use the control API with access %s', (access) => {
  expect(controlRefusal({ ...LOCAL, agent: 'paybox-direct-simulator' }, policy(access))).toEqual({ reason: 'cross-site' });
});

describe('a caller on another machine is refused with access loopback', () => {
  test.each(['192.168.1.7', '::ffff:192.168.1.7', 'fe80::1', '10.0.0.1', '1127.0.0.1', '127.0.0.1.example'])('%s', (address) => {
    const refusal = controlRefusal({ ...LOCAL, address }, policy('loopback'));
    expect(refusal).toEqual({ reason: 'remote-address', address });
    expect(messageOf(refusal)).toBe(
      `The control API accepts requests from this machine only, not from ${address}. Start with --control any to open it.`,
    );
    expect(controlRefusal({ ...LOCAL, address }, policy('any'))).toBeUndefined();
  });
});

describe('a Host that is not a local name, as in a DNS rebinding attack, is refused unless it is listed', () => {
  test.each(['attacker.example', 'attacker.example:8888', 'localhost.attacker.example', '127.0.0.1.attacker.example', '[::2]:1'])(
    '%s',
    (host) => {
      const refusal = controlRefusal({ ...LOCAL, host }, policy('loopback'));
      expect(refusal).toEqual({ reason: 'foreign-host' });
      expect(messageOf(refusal)).toMatch(/^The control API accepts requests to localhost and 127\.0\.0\.1 only\. Start with/);
      expect(controlRefusal({ ...LOCAL, host }, policy('loopback', [host.replace(/:\d+$/, '')]))).toBeUndefined();
    },
  );
});

describe('with access any', () => {
  const FROM_NETWORK = { ...LOCAL, address: '192.168.1.7' };

  test.each(['attacker.example', 'attacker.example:8888', 'LOCALHOST.attacker.example', '127.0.0.1.attacker.example', 'attacker.example.'])(
    'the Host %s is refused unless it is listed',
    (host) => {
      const name = host.toLowerCase().replace(/(:\d+|\.)$/, '');
      const refusal = controlRefusal({ ...FROM_NETWORK, host }, policy('any', ['build.example']));
      expect(refusal).toEqual({ reason: 'unlisted-host', host: name });
      expect(messageOf(refusal)).toBe(
        `The control API accepts requests to IP addresses and the names of this machine, not to ${name}. Start with --control-host ${name} to open it under this name.`,
      );
      expect(controlRefusal({ ...FROM_NETWORK, host }, policy('any', ['build.example', name]))).toBeUndefined();
    },
  );

  test.each([
    'localhost',
    'shop.localhost:1',
    '192.168.1.2:8888',
    '[::2]:1',
    '[fe80::1]',
    'build-server:8888',
    'Build.Example:8888',
    undefined,
  ])('the Host %s is accepted', (host) => {
    expect(controlRefusal({ ...FROM_NETWORK, host }, policy('any', ['build.example']))).toBeUndefined();
  });
});

describe('a page of another site is refused with either access', () => {
  test.each<Partial<ControlCaller>>([
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
      const refusal = controlRefusal({ ...LOCAL, ...caller }, policy(access));
      expect(refusal).toEqual({ reason: 'cross-site' });
      expect(messageOf(refusal)).toBe('The control API does not accept requests from web pages of another site.');
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

  test('an ordinary request is accepted', async () => {
    const url = await open();
    expect((await call(url, {})).status).toBe(204);
    expect((await call(url, { Origin: url, 'Sec-Fetch-Site': 'same-origin' })).status).toBe(204);
    expect((await call(url, { Host: 'localhost' })).status).toBe(204);
  });

  test.each<readonly [header: string, value: string, error: string]>([
    ['Host', 'attacker.example', 'accepts requests to localhost and 127.0.0.1 only'],
    ['Origin', 'https://attacker.example', 'does not accept requests from web pages of another site'],
    ['Origin', 'null', 'does not accept requests from web pages of another site'],
    ['Sec-Fetch-Site', 'cross-site', 'does not accept requests from web pages of another site'],
  ])('%s: %s is answered 403 and changes nothing', async (header, value, error) => {
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

  test('with access any, it accepts its own names and those that are listed, but no page of another site', async () => {
    const url = await open({ control: 'any', controlHosts: ['build.example'] });
    for (const Host of ['build-server:8888', `${hostname()}:8888`, 'preprod-ppps.paybox.com', 'build.example'])
      expect((await call(url, { Host })).status, Host).toBe(204);
    for (const path of ['/_sim/reset', '/_sim/', '/_sim/events', '/s/a/_sim/reset'])
      expect((await call(url, { Host: 'attacker.example' }, path)).status, path).toBe(403);
    expect((await call(url, { Origin: 'https://attacker.example' })).status).toBe(403);
  });

  test('the gateway itself accepts all callers', async () => {
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

  test('the server does not listen on other addresses by default', async () => {
    const { port } = new URL(await open());
    for (const address of ['127.0.0.2', ...(outside ? [outside] : [])]) {
      await expect(RawConnection.open(`http://${address}:${port}`)).rejects.toThrow(/ECONNREFUSED|EADDRNOTAVAIL/);
    }
  });

  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

  test.runIf(outside)('a call over the network is refused with access loopback and accepted with access any', async () => {
    const at = async (options: SimulatorOptions) => (await open(options, '0.0.0.0')).replace('127.0.0.1', outside ?? '');
    const refused = await call(await at({}), { Host: 'localhost' });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain(`not from ${outside}. Start with --control any`);
    expect((await call(await at({ control: 'any' }), {})).status).toBe(204);
  });
});
