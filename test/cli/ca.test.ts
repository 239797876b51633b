import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { phpPrepend } from '../../cli/exec/php.js';
import { bypassesProxy } from '../../cli/trust/proxy.js';
import { SHELL_NAMES, shellLines } from '../../cli/trust/shells.js';
import { proxyVariables } from '../../cli/trust/variables.js';
import { type Serving, serve } from '../support/command.js';
import { runInProcess, serveInProcess } from '../support/command-in-process.js';
import { tempFolder } from '../support/temp-folder.js';

const PHP = 'php';
const hasPhp = spawnSync(PHP, ['--version']).status === 0;

const NAMES = ['CURL_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS', 'PERL_LWP_SSL_CA_FILE', 'REQUESTS_CA_BUNDLE', 'SSL_CERT_FILE'];
const PROXY_NAMES = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];

/** The variables that route programs, next to those of the proxy. */
const ROUTING = [
  'JAVA_TOOL_OPTIONS',
  'NODE_OPTIONS',
  'PAYBOX_SIM_CA',
  'PAYBOX_SIM_HOSTS',
  'PAYBOX_SIM_URL',
  'PERL_LWP_ENV_PROXY',
  'PHP_INI_SCAN_DIR',
  'PYTHONPATH',
  'RUBYLIB',
  'RUBYOPT',
];

/** Variables that may be set in the environment of the tests. */
const CLEARED = [...NAMES, ...PROXY_NAMES, ...ROUTING, 'PAYBOX_SIM_HOME'];

const before = CLEARED.map((name) => [name, process.env[name]] as const);
let home: string;

beforeEach(async () => {
  home = join(await tempFolder(), "the user's home");
  for (const name of CLEARED) delete process.env[name];
  process.env.PAYBOX_SIM_HOME = home;
});

afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

describe('paybox-sim ca', () => {
  test('path prints the path of the certificate, which is created on first use', async () => {
    const { status, out, err } = await runInProcess('ca', 'path');
    expect({ status, out, err }).toEqual({ status: 0, out: `${join(home, 'ca.pem')}\n`, err: '' });
    expect(readFileSync(out.trim(), 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect(statSync(home).mode & 0o777).toBe(0o700);
  });

  test('processes that start at the same time use the same authority', async () => {
    // Each process serves with its authority and connects to itself, trusting the certificate in the file.
    const code = `
      import { readFileSync } from 'node:fs';
      import { connect } from 'node:tls';
      import { createSimulator } from './dist/simulator/index.js';
      const simulator = createSimulator();
      await simulator.listen({ https: true });
      const ca = readFileSync(simulator.certificateAuthority.file, 'utf8');
      const socket = connect({ port: Number(new URL(simulator.httpsUrl).port), servername: 'localhost', ca }, async () => {
        socket.destroy();
        await simulator.close();
        process.stdout.write(ca);
      });`;
    const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', code]);
    const all = await Promise.all(Array.from({ length: 6 }, run));
    const [certificate = ''] = new Set(all.map(({ stdout }) => stdout));
    expect(all.map(({ stdout }) => stdout)).toEqual(all.map(() => certificate));
    const stored = readFileSync(join(home, 'authority-1.pem'), 'utf8');
    expect(stored).toContain(certificate);
    expect(new X509Certificate(certificate).checkPrivateKey(createPrivateKey(stored))).toBe(true);
    expect(readdirSync(home)).toHaveLength(4);
  });

  test('env prints commands that a shell can evaluate', async () => {
    const { out } = await runInProcess('ca', 'env');
    const printed = execFileSync('sh', ['-c', `${out}\nenv`], { env: { PATH: process.env.PATH }, encoding: 'utf8' });
    for (const name of NAMES) expect(printed).toContain(`${name}=${join(home, name.startsWith('NODE') ? 'ca.pem' : 'ca-bundle.pem')}\n`);
    expect(printed).not.toMatch(/proxy/i);
    const folder = join(home, 'programs', 'trust');
    expect(printed).toContain(`PHP_INI_SCAN_DIR=${delimiter}${folder}\n`);
    expect(readFileSync(join(folder, 'paybox-sim.ini'), 'utf8')).toBe(
      `curl.cainfo="${join(home, 'ca-bundle.pem')}"\nopenssl.cafile="${join(home, 'ca-bundle.pem')}"\n`,
    );
  });

  test.each(SHELL_NAMES)('env sets the variables of PHP, Node.js and Java in the syntax of %s', async (shell) => {
    const { out } = await runInProcess('ca', 'env', '--proxy', 'http://127.0.0.1:8888', '--shell', shell);
    for (const name of ['PHP_INI_SCAN_DIR', 'NODE_OPTIONS', 'JAVA_TOOL_OPTIONS', 'PAYBOX_SIM_URL'])
      expect(out).toMatch(new RegExp(`\\b${name}\\b`));
  });

  test('env evaluated again changes only the proxy', async () => {
    /** Evaluates the output in a shell. Returns the variables of the shell, which are then those of this process. */
    const evaluate = async (port: number): Promise<NodeJS.ProcessEnv> => {
      const { out } = await runInProcess('ca', 'env', '--proxy', `http://127.0.0.1:${port}`);
      const printed = execFileSync('sh', ['-c', `${out}\nexec env -0`], { encoding: 'utf8' });
      const variables = new Map(printed.split('\0').map((pair) => [pair.replace(/=.*/s, ''), pair.replace(/^[^=]*=/, '')]));
      for (const name of CLEARED.filter((one) => variables.has(one))) process.env[name] = variables.get(name);
      return Object.fromEntries(
        ['NODE_OPTIONS', 'JAVA_TOOL_OPTIONS', 'SSL_CERT_FILE', 'PHP_INI_SCAN_DIR'].map((name) => [name, variables.get(name)]),
      );
    };
    const once = await evaluate(8888);
    expect(once.JAVA_TOOL_OPTIONS).toMatch(/proxyPort=8888 /);
    expect(await evaluate(8888)).toEqual(once);
    expect((await evaluate(9999)).JAVA_TOOL_OPTIONS).toMatch(/^\S+ -Dhttps\.proxyPort=9999 (?!.*proxyPort)/);
  });

  test('reports a folder that cannot be created', async () => {
    process.env.PAYBOX_SIM_HOME = join(import.meta.filename, 'deeper');
    expect(await runInProcess('ca', 'path')).toMatchObject({ status: 2, err: expect.stringContaining('Set PAYBOX_SIM_HOME to a folder') });
  });

  test('tells a user without a home folder what to do', async () => {
    const { PATH } = process.env;
    const { status, stderr } = spawnSync(process.execPath, ['dist/cli/main.js', 'ca', 'path'], {
      env: { PATH, HOME: '' },
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([2, expect.stringMatching(/no home folder .* Set PAYBOX_SIM_HOME to a folder/)]);
  });

  test('env --proxy also prints the variables of the proxy', async () => {
    const { out } = await runInProcess('ca', 'env', '--proxy', 'http://127.0.0.1:8888/', '--json');
    const variables = JSON.parse(out) as Record<string, string>;
    expect(Object.keys(variables).sort()).toEqual([...NAMES, ...PROXY_NAMES, ...ROUTING].sort());
    const { NODE_OPTIONS: nodeOptions, ...others } = variables;
    expect(nodeOptions).toMatch(/--import=file:.*node-preload\.js$/);
    expect(others.JAVA_TOOL_OPTIONS).toBe(
      [
        '-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=8888 -Dhttp.nonProxyHosts=localhost|*.localhost|127.0.0.1|[::1]',
        `"-Djavax.net.ssl.trustStore=${join(home, 'java-truststore.jks')}" -Djavax.net.ssl.trustStorePassword=changeit`,
      ].join(' '),
    );
    expect(others.PHP_INI_SCAN_DIR).toBe(`${delimiter}${join(home, 'programs', 'proxy-127.0.0.1-8888')}`);
    expect(variables.HTTPS_PROXY).toBe('http://127.0.0.1:8888');
    expect(await runInProcess('ca', 'env', '--proxy', '127.0.0.1:8888')).toMatchObject({
      status: 2,
      err: '--proxy 127.0.0.1:8888 is not the URL of a proxy. Example: http://127.0.0.1:8888\n',
    });
  });

  test('env --folder writes files that other users can read, without the private key', async () => {
    const folder = join(home, '..', 'shared');
    const umask = process.umask(0o077);
    onTestFinished(() => void process.umask(umask));
    const { out } = await runInProcess('ca', 'env', '--proxy', 'http://127.0.0.1:8888', '--folder', folder, '--json');
    const variables = JSON.parse(out) as Record<string, string>;
    expect(variables).toMatchObject({ SSL_CERT_FILE: join(folder, 'ca-bundle.pem'), PHP_INI_SCAN_DIR: `${delimiter}${folder}` });
    expect(out).not.toContain(home);
    expect(statSync(folder).mode & 0o777).toBe(0o755);
    expect(readdirSync(folder).sort()).toEqual([
      'ca-bundle.pem',
      'ca.pem',
      'java-truststore.jks',
      'paybox-sim-prepend.php',
      'paybox-sim.ini',
    ]);
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o644);
      expect(readFileSync(join(folder, name), 'latin1')).not.toContain('PRIVATE KEY');
    }
  });

  test('bundle prints the public authorities and the simulator’s', async () => {
    const { out } = await runInProcess('ca', 'bundle');
    expect(out).toBe(readFileSync(join(home, 'ca-bundle.pem'), 'utf8'));
    expect(out).toContain(readFileSync(join(home, 'ca.pem'), 'utf8'));
    expect(out.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(100);
  });

  test('bundle --into adds the authority to a file, once, and replaces an earlier one', async () => {
    await runInProcess('ca', 'path');
    const file = join(home, 'theirs.crt');
    const theirs = `# Theirs\n${rootCertificates[0]}\n`;
    writeFileSync(file, theirs, { mode: 0o600 });
    expect(await runInProcess('ca', 'bundle', '--into', file)).toEqual({ status: 0, out: `${file}\n`, err: '' });
    const once = readFileSync(file, 'utf8');
    expect(once.startsWith(theirs)).toBe(true);
    expect(once.endsWith(`\n${readFileSync(join(home, 'ca.pem'), 'utf8')}`)).toBe(true);
    await runInProcess('ca', 'bundle', '--into', file);
    expect(readFileSync(file, 'utf8')).toBe(once);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    rmSync(join(home, 'authority-1.pem'));
    await runInProcess('ca', 'bundle', '--into', file);
    expect(readFileSync(file, 'utf8').endsWith(`\n${readFileSync(join(home, 'ca.pem'), 'utf8')}`)).toBe(true);
    expect(readFileSync(file, 'utf8').match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  });

  test.each([
    ['not-there.crt', undefined, 'ENOENT'],
    ['text.crt', 'text', 'it has no certificate in PEM'],
  ])('bundle --into %s reports why it cannot be done', async (name, text, why) => {
    await runInProcess('ca', 'path');
    const file = join(home, name);
    if (text !== undefined) writeFileSync(file, text);
    expect(await runInProcess('ca', 'bundle', '--into', file)).toMatchObject({
      status: 2,
      err: expect.stringMatching(new RegExp(`^The authority cannot be added to .*${name}: .*${why}`)),
    });
  });

  test('trust prints instructions for every runtime, with the paths of the files', async () => {
    const { out } = await runInProcess('ca', 'trust');
    for (const name of ['curl', 'PHP', 'Node.js', 'Python', 'Ruby', 'Perl', 'Java', '.NET', 'Go']) expect(out).toContain(`\n${name}\n`);
    expect(out).toContain(`java -Djavax.net.ssl.trustStore="${home}/java-truststore.jks"`);
    const { runtimes } = JSON.parse((await runInProcess('ca', 'trust', '--json')).out) as { runtimes: { trust: string[] }[] };
    for (const { trust } of runtimes) expect(trust.join()).toContain(home);
  });

  test('every command reports a damaged authority with its file and the remedy', async () => {
    await runInProcess('ca', 'path');
    const file = join(home, 'authority-1.pem');
    writeFileSync(file, 'damaged');
    for (const command of [
      ['ca', 'path'],
      ['serve', '--port', '0', '--https'],
      ['exec', '--', 'true'],
    ]) {
      const { status, err } = await runInProcess(...command);
      expect(status).toBe(2);
      expect(err).toMatch(/^The certificate authority .*authority-1\.pem is damaged: .*Delete the file/);
    }
  });
});

describe('the commands for a shell', () => {
  const VALUE = `it's a "b" $c \\d`;

  test('are quoted in the syntax of the shell', () => {
    const lines = SHELL_NAMES.map((shell) => [shell, shellLines(shell, { NAME: VALUE })]);
    expect(Object.fromEntries(lines)).toEqual({
      posix: `export NAME='it'\\''s a "b" $c \\d'`,
      fish: `set -gx NAME 'it\\'s a "b" $c \\\\d'`,
      powershell: `$env:NAME = 'it''s a "b" $c \\d'`,
      cmd: `set "NAME=${VALUE}"`,
    });
  });

  test('set exactly the given value', () => {
    const script = `${shellLines('posix', { NAME: VALUE })}\nprintf %s "$NAME"`;
    expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(VALUE);
  });

  test('set each variable once if names are case-insensitive', () => {
    expect(shellLines('cmd', proxyVariables('http://p', {}))).not.toMatch(/_proxy/);
  });
});

describe('a host bypasses the proxy', () => {
  const HOSTS: readonly (readonly [host: string, noProxy: string, isBypassed: boolean])[] = [
    ['api.example', 'api.example', true],
    ['API.example', 'api.EXAMPLE', true],
    ['api.example', 'example', true],
    ['api.example', '.example', true],
    ['api.example', '*.example', true],
    ['api.example', 'other, api.example:443', true],
    ['api.example', 'api.example:8443', false],
    ['api.example', 'pi.example', false],
    ['api.example', '*', true],
    ['api.example', '', false],
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['11.1.2.3', '0.0.0.0/0', true],
    ['fe80::1', '[fe80::1]', true],
    ['localhost', '', true],
    ['shop.localhost', '', true],
    ['127.0.0.2', '', true],
    ['::1', '', true],
    ['preprod-ppps.paybox.com', 'paybox.com,*', false],
  ];

  /** What the code for PHP decides, by the row of {@link HOSTS}. */
  let decidedByPhp: readonly boolean[] | undefined;

  beforeAll(() => {
    if (!hasPhp) return;
    const code = phpPrepend({ host: '127.0.0.1', port: 1 }).replace(
      'private static function bypassesProxy',
      'public static function bypassesProxy',
    );
    const decide = `
      $decided = [];
      foreach (json_decode($argv[1]) as [$host, $noProxy]) {
        putenv("NO_PROXY=$noProxy");
        $decided[] = PayboxSimStream::bypassesProxy(strtolower($host));
      }
      echo json_encode($decided);`;
    const args = ['-r', `${code}${decide}`.replace('<?php', ''), '--', JSON.stringify(HOSTS)];
    decidedByPhp = JSON.parse(execFileSync(PHP, args, { env: { PATH: process.env.PATH }, encoding: 'utf8' })) as boolean[];
  });

  test.each(HOSTS.map((row, index) => [...row, index] as const))('%s with NO_PROXY %j: %s', (host, noProxy, isBypassed, index) => {
    expect(bypassesProxy(host, noProxy)).toBe(isBypassed);
    if (hasPhp) expect(decidedByPhp?.[index]).toBe(isBypassed);
  });
});

test('the entries of the user’s NO_PROXY stay, except those that match the gateway’s hosts', () => {
  expect(proxyVariables('http://p', { NO_PROXY: '.paybox.com,*,a.example' }).NO_PROXY).toBe('a.example,localhost,127.0.0.1,::1');
  expect(proxyVariables('http://p', { NO_PROXY: 'a.example, localhost' }).no_proxy).toBe('a.example,localhost,127.0.0.1,::1');
});

describe('paybox-sim serve', () => {
  const stopAfterwards = <Started extends Serving>(served: Started): Started => {
    onTestFinished(async () => void (await served.stop()));
    return served;
  };

  test('--https --proxy prints URL, authority and proxy; a shell that evaluates `ca env` can pay at the gateway’s host', async () => {
    const served = stopAfterwards(await serve('--https', '--proxy'));
    const { port } = new URL(served.url);
    expect(await served.printed('HTTPS')).toBe(`  HTTPS      https://localhost:${port}/PPPS.php  the same port`);
    expect(await served.printed('CA')).toContain(join(home, 'ca.pem'));
    expect(await served.printed('Proxy')).toContain(`http://127.0.0.1:${port}  HTTPS_PROXY of programs`);
    const line = (await served.printed('curl -s -d'))
      .replace(/\| iconv.*/, '')
      .replace(/http:\S+/, 'https://preprod-ppps.paybox.com/PPPS.php');
    const script = `eval "$("${process.execPath}" dist/cli/main.js ca env --proxy ${served.url})"\n${line}`;
    expect(execFileSync('sh', ['-c', script], { encoding: 'latin1' })).toContain('CODEREPONSE=00000');
  });

  const HOST = 'https://preprod-ppps.paybox.com/load.html';
  const OTHER_HOST = 'https://shop.invalid/load.html';

  test.each([
    [
      'php',
      'ext-curl',
      `foreach ([HOSTS] as $url) { $c = curl_init($url); curl_setopt($c, CURLOPT_RETURNTRANSFER, true); echo curl_exec($c) ?: curl_error($c); }`,
    ],
    ['php', 'a stream', `foreach ([HOSTS] as $url) echo file_get_contents($url);`],
    ['node', 'fetch', `for (const url of [HOSTS]) fetch(url).then((reply) => reply.text()).then(console.log, console.log);`],
    [
      'node',
      'https',
      `for (const url of [HOSTS]) require('https').get(url, (reply) => reply.pipe(process.stdout)).on('error', console.log);`,
    ],
  ])(
    '--proxy receives the requests of %s with %s in a shell that evaluates `ca env`, and refuses other hosts',
    async (program, _, code) => {
      if (program === 'php' && !hasPhp) return;
      const served = stopAfterwards(await serveInProcess('--https', '--proxy'));
      const { out: env } = await runInProcess('ca', 'env', '--proxy', served.url);
      const file = join(home, 'program.cjs');
      writeFileSync(file, `${program === 'php' ? '<?php ' : ''}${code.replace('HOSTS', `'${HOST}', '${OTHER_HOST}'`)}`);
      const { stdout } = await promisify(execFile)('sh', ['-c', `${env}\nexec ${program} "${file}" 2>&1`]);
      expect(stdout).toContain('<html');
      await expect.poll(() => served.errorOutput()).toContain('shop.invalid:443 was refused');
    },
  );

  test('reads https and proxy from the configuration, and prints them as JSON', async () => {
    const config = join(await tempFolder(), 'config.yaml');
    writeFileSync(config, 'proxy: true\n');
    const served = stopAfterwards(await serveInProcess('--config', config, '--json'));
    const { port } = new URL(served.url);
    expect(JSON.parse(served.lines()[0] ?? '')).toMatchObject({
      event: 'listening',
      httpsUrl: `https://localhost:${port}`,
      ca: join(home, 'ca.pem'),
      caBundle: join(home, 'ca-bundle.pem'),
      proxy: served.url,
    });
  });

  test('creates no authority without --https', async () => {
    const served = stopAfterwards(await serveInProcess());
    await served.printed('Gateway');
    expect(() => statSync(home)).toThrow('ENOENT');
  });
});
