import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { rootCertificates } from 'node:tls';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { childEnvironment } from '../../cli/exec/child-environment.js';
import { encodeForm } from '../../contracts/index.js';
import { type CommandResult, run } from '../support/command.js';
import { runInProcess } from '../support/command-in-process.js';
import { useTemporaryHome } from '../support/https.js';
import { CARD, HEAD } from '../support/question.js';
import { tempFolder } from '../support/temp-folder.js';

useTemporaryHome();

const URL_ = 'https://preprod-ppps.paybox.com/PPPS.php';
const BODY = new TextDecoder('latin1').decode(
  encodeForm(Object.entries({ ...HEAD, ...CARD, TYPE: '00003', NUMQUESTION: '1', MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1' })),
);
const CLOCK = ['--clock', '2026-06-10T12:00'] as const;

let folder: string;

beforeEach(async () => {
  folder = await tempFolder();
});

/** Writes a program and returns its path. */
function write(name: string, code: string): string {
  const file = join(folder, name);
  writeFileSync(file, code, { mode: 0o755 });
  return file;
}

/**
 * Runs `paybox-sim exec` in this process. The outputs of the program are in the result: a shell writes them to files and is then replaced
 * by the program. Its input is empty.
 */
async function exec(options: readonly string[], ...command: readonly string[]): Promise<CommandResult> {
  const [output, errors] = [join(folder, 'program.out'), join(folder, 'program.err')];
  const script = 'out=$1 err=$2; shift 2; exec "$@" >"$out" 2>"$err" </dev/null';
  const { status, out, err } = await runInProcess('exec', ...options, '--', 'sh', '-c', script, 'sh', output, errors, ...command);
  return { status, out: out + readFileSync(output, 'utf8'), err: readFileSync(errors, 'utf8') + err };
}

const TYPE = 'application/x-www-form-urlencoded';
const PHP_STREAM = `stream_context_create(['http' => ['method' => 'POST', 'content' => '${BODY}', 'header' => 'Content-Type: ${TYPE}']])`;

/** Programs that do not know the simulator: the gateway's host is in their code. */
const PROGRAMS: readonly (readonly [name: string, program: string, file: string, code: string])[] = [
  ['curl', 'sh', 'pay.sh', `exec curl -sS -d '${BODY}' ${URL_}`],
  [
    'PHP ext-curl',
    'php',
    'pay.php',
    `<?php $c = curl_init('${URL_}'); curl_setopt_array($c, [CURLOPT_POSTFIELDS => '${BODY}', CURLOPT_RETURNTRANSFER => true]);
     echo curl_exec($c) ?: curl_error($c);`,
  ],
  ['PHP file_get_contents', 'php', 'pay.php', `<?php function pay() { echo file_get_contents('${URL_}', false, ${PHP_STREAM}); } pay();`],
  ['PHP fopen', 'php', 'pay.php', `<?php $f = fopen('${URL_}', 'r', false, ${PHP_STREAM}); while (!feof($f)) echo fread($f, 7);`],
  [
    'Node fetch',
    'node',
    'pay.mjs',
    `console.log(await (await fetch('${URL_}', { method: 'POST', body: new URLSearchParams('${BODY}') })).text());`,
  ],
  [
    'Node https.request',
    'node',
    'pay.cjs',
    `require('https').request('${URL_}', { method: 'POST', headers: { 'Content-Type': '${TYPE}' } }, (r) => r.pipe(process.stdout)).end('${BODY}');`,
  ],
  [
    'Node https.request with an agent, imported',
    'node',
    'pay.mjs',
    `import { Agent, request } from 'node:https';
     const agent = new Agent({ keepAlive: true });
     request({ host: 'PREPROD-ppps.paybox.com', path: '/PPPS.php', method: 'POST', agent, headers: { 'Content-Type': '${TYPE}' } }, (r) => {
       r.pipe(process.stdout).on('close', () => agent.destroy());
       r.on('end', () => agent.destroy());
     }).end('${BODY}');`,
  ],
  [
    'Node tls.connect',
    'node',
    'pay.mjs',
    `import { connect } from 'node:tls';
     const socket = connect(443, 'preprod-ppps.paybox.com', { ALPNProtocols: ['http/1.1'] }, () => {
       socket.write('POST /PPPS.php HTTP/1.0\\r\\nHost: preprod-ppps.paybox.com\\r\\nContent-Length: ${BODY.length}\\r\\n\\r\\n${BODY}');
     });
     socket.pipe(process.stdout);`,
  ],
  [
    'Python urllib',
    'python3',
    'pay.py',
    `import urllib.request\nprint(urllib.request.urlopen('${URL_}', b'${BODY}').read().decode('latin-1'))`,
  ],
  ['Ruby Net::HTTP', 'ruby', 'pay.rb', `require 'net/http'\nprint Net::HTTP.post(URI('${URL_}'), '${BODY}').body`],
];

function isThere(program: string): boolean {
  if (['sh', 'node'].includes(program) || spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0) return true;
  if (process.env.CI) throw new Error(`${program} is not installed, so exec cannot be tested with it.`);
  process.stderr.write(`\n*** NOT TESTED: ${program} is not installed. ***\n\n`);
  return false;
}

describe('a program with the gateway’s host in its code can pay', () => {
  test.each(PROGRAMS.filter(([, program]) => isThere(program)))('%s', async (_, program, file, code) => {
    const { status, out, err } = await exec(CLOCK, program, write(file, code));
    expect(err).toContain('00003 pay  order-1  10.00 EUR  111122******4444  → 00000');
    expect(out).toContain('CODEREPONSE=00000');
    expect(status).toBe(0);
  });
});

/** The safe merchants of the examples: their settings name the hosts of the gateway. */
const SAFE_MERCHANTS = [
  ['php', 'safe.php'],
  ['python3', 'safe.py'],
  ['ruby', 'safe.rb'],
] as const;

describe('a safe merchant can pay at the hosts of the gateway', () => {
  test.each(SAFE_MERCHANTS.filter(([program]) => isThere(program)))('%s', async (program, file) => {
    const hosts = [`PAYBOX_URL=${URL_}`, `PAYBOX_BACKUP_URL=${URL_}`];
    const account = [
      'PAYBOX_SITE=1999888',
      'PAYBOX_RANG=32',
      'PAYBOX_IDENTIFIANT=107904482',
      'PAYBOX_CLE=1999888I',
      'PAYBOX_VERSION=00104',
    ];
    const path = `scenarios/examples/${program.replace('3', '')}/${file}`;
    const { out } = await exec([], 'env', ...hosts, ...account, program, path, 'pay', 'ORDER-1', '1000', '1111222233334444');
    expect(out).toMatch(/^paid \d{10} \d{10}\n$/);
  });
});

/** Programs that call a host that is not the gateway's. The reserved domain .invalid never resolves. */
const OTHER_HOST: readonly (readonly [name: string, program: string, file: string, code: (url: string) => string])[] = [
  ['Node fetch', 'node', 'other.mjs', (url) => `await fetch('${url}').catch((error) => console.log(error.cause.message));`],
  [
    'Node https.request',
    'node',
    'other.cjs',
    (url) => `require('https').get('${url}', (r) => r.pipe(process.stdout)).on('error', (error) => console.log(error.message));`,
  ],
  [
    'Node tls.connect',
    'node',
    'other.mjs',
    (url) => `import { connect } from 'node:tls';
      connect(443, new URL('${url}').hostname).on('error', (error) => console.log(error.message));`,
  ],
  ['PHP streams', 'php', 'other.php', (url) => `<?php echo file_get_contents('${url}');`],
  ['PHP ext-curl', 'php', 'other.php', (url) => `<?php $c = curl_init('${url}'); curl_exec($c); echo curl_error($c);`],
];

describe('a program that calls another host', () => {
  const INSTALLED = OTHER_HOST.filter(([, program]) => isThere(program));

  test.each(INSTALLED)('%s is refused and reports the reason', async (_, program, file, code) => {
    const { out, err } = await exec([], program, write(file, code('https://shop.invalid/')));
    expect(err).toContain('shop.invalid:443 was refused');
    expect(err.match(/was refused/g)).toHaveLength(1);
    expect(err).not.toContain('The program sent no question');
    if (program === 'node') expect(out).toContain('shop.invalid:443 was refused');
  });

  test.each(INSTALLED)('%s reaches hosts of NO_PROXY and the local machine directly', async (_, program, file, code) => {
    for (const url of ['https://shop.invalid/', 'https://localhost/', 'https://127.0.0.1/']) {
      const set = ['env', 'NO_PROXY=.invalid,localhost,127.0.0.1', 'no_proxy=.invalid,localhost,127.0.0.1'];
      const { out, err } = await exec([], ...set, program, write(file, code(url)));
      expect(err).not.toContain('was refused');
      // .invalid does not resolve.
      expect(out + err).toMatch(url.includes('invalid') ? /ENOTFOUND|EAI_AGAIN|resolve|getaddrinfo/ : /./);
    }
  });

  test('is not intercepted on ports other than 443', async () => {
    const code = `import { connect } from 'node:tls';
      connect(5432, 'database.invalid').on('error', (error) => console.log(error.code));`;
    const { out, err } = await exec([], 'node', write('database.mjs', code));
    expect(out).toMatch(/ENOTFOUND|EAI_AGAIN/);
    expect(err).not.toContain('was refused');
  });

  test('is refused over plain HTTP, and reported once', async () => {
    const { out, err } = await exec([], 'curl', '-s', 'http://shop.invalid/');
    expect(err).toMatch(/^shop\.invalid was refused: [^\n]*\nTo reach shop\.invalid [^\n]*\n$/);
    expect(out).toBe('shop.invalid was refused by paybox-direct-simulator, which prints the reason in its terminal.\n');
  });
});

describe('the program', () => {
  test('receives its arguments and input unchanged, and its output is unchanged', async () => {
    const child = spawn(process.execPath, [
      'dist/cli/main.js',
      'exec',
      '--',
      'sh',
      '-c',
      'printf "%s|" "$@"; cat; echo no >&2',
      'sh',
      '-v',
      'a b',
      '--json',
    ]);
    child.stdin.end('input');
    let out = '';
    child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
    expect((await once(child, 'close'))[0]).toBe(0);
    expect(out).toBe('-v|a b|--json|input');
  });

  test.each([
    ['exit 0', 0],
    ['exit 7', 7],
    ['kill -KILL $$', 137],
    ['kill -TERM $$', 143],
  ])('determines the exit status: %s', async (script, status) => {
    expect(await exec([], 'sh', '-c', script)).toMatchObject({ status, out: '' });
  });

  test('is reported if it does not exist or is not executable', async () => {
    expect(await run('exec', '--', 'no-such-program')).toEqual({
      status: 127,
      out: '',
      err: 'There is no program no-such-program. Is it installed, and in the PATH?\n',
    });
    const file = join(folder, 'text');
    writeFileSync(file, 'text', { mode: 0o644 });
    expect(await runInProcess('exec', '--', file)).toMatchObject({
      status: 126,
      err: expect.stringContaining(`${file} is not executable.`),
    });
    expect(await runInProcess('exec')).toMatchObject({ status: 2, err: expect.stringContaining("missing required argument 'program'") });
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('receives %s', async (signal) => {
    const program = write('wait.mjs', `process.on('${signal}', () => process.exit(9)); console.log('up'); setInterval(() => {}, 1000);`);
    const child = spawn(process.execPath, ['dist/cli/main.js', 'exec', '--', process.execPath, program]);
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    const ended = once(child, 'exit');
    child.kill(signal);
    expect(await ended).toEqual([9, null]);
  });

  test('that sends no question is reported, with what to check', async () => {
    const { status, err } = await exec([], 'true');
    expect(status).toBe(0);
    expect(err).toBe(
      "The program sent no question to the gateway. Did it reach its call? Does it call one of the gateway's own hosts? " +
        'Does it ignore HTTPS_PROXY, or use its own list of certificate authorities (see paybox-sim ca trust)?\n',
    );
  });

  const at = (path: string) => `https://preprod-ppps.paybox.com${path}`;

  test.each([
    [
      ['curl', '-s', '-d', 'PORTEUR=1', at('/pps.php?PORTEUR=1111222233334444')],
      'It requested POST /pps.php (not found); the gateway is at POST /PPPS.php.',
    ],
    [
      ['curl', '-s', '-X', 'PUT', at('/PPPS.php?PORTEUR=1111222233334444')],
      'It requested PUT /PPPS.php; the gateway is at POST /PPPS.php.',
    ],
  ])('that requests a wrong path on the gateway’s hosts gets the right one as a hint: %s', async (command, cause) => {
    expect((await exec([], ...command)).err).toBe(`The program sent no question to the gateway. ${cause}\n`);
  });

  test('that only checks whether the gateway is up gets a short notice', async () => {
    expect((await exec([], 'curl', '-s', at('/load.html'))).err).toBe(
      'The program sent no question to the gateway. It only checked whether the gateway is up (GET /load.html).\n',
    );
  });

  test('that a signal ended gets no notice', async () => {
    expect((await exec([], 'sh', '-c', 'kill -INT $$')).err).toBe('');
  });

  test('that uses its own list of authorities gets one hint about it', async () => {
    const own = write('own.pem', rootCertificates[0] ?? '');
    const curl = `curl -s --cacert ${own} ${at('/load.html')};`;
    const { err } = await exec([], 'sh', '-c', curl + curl);
    expect(err.match(/does not trust/g)).toHaveLength(2);
    expect(err.match(/CURLOPT_CAINFO or CURLOPT_CAPATH/g)).toHaveLength(1);
    expect(err).not.toContain('The program sent no question');
  });

  test('that calls another host gets a hint on how to exempt it', async () => {
    const { err } = await exec([], 'curl', '-s', 'https://api.example.com/');
    expect(err).toContain('api.example.com:443 was refused');
    expect(err).toContain('NO_PROXY=localhost,127.0.0.1,::1,api.example.com');
  });

  test('can use the control API', async () => {
    const script = 'curl -s "$PAYBOX_SIM_URL/_sim/clock"';
    expect((await exec(CLOCK, 'sh', '-c', script)).out).toContain('2026-06-10T12:00');
  });
});

describe('the findings on the requests', () => {
  const wrong = BODY.replace('DATEQ=10062026', 'DATEQ=01012020');
  const curl = (body: string, rest = '') => ['sh', '-c', `curl -s -d '${body}' ${URL_} >/dev/null; ${rest}`];

  test('are printed at the end, with their number by severity', async () => {
    const { status, err } = await exec([...CLOCK, '--quiet'], ...curl(wrong));
    expect(status).toBe(0);
    expect(err).toMatch(
      /^warning date-far-off: DATEQ is 2020-01-01[^\n]*\n {2}request 1, 00003 pay order-1 → 00000\n.*\n0 info, 1 warning, 0 error\n$/,
    );
  });

  test('of a session are printed too', async () => {
    const { err } = await exec(CLOCK, 'sh', '-c', `curl -s -d '${wrong}' https://preprod-ppps.paybox.com/s/a/PPPS.php`);
    expect(err).toContain('\n  /s/a request 1, 00003 pay');
  });

  test.each([
    ['warning', wrong, 'exit 0', 1],
    ['error', wrong, 'exit 0', 0],
    ['warning', BODY, 'exit 0', 0],
    ['warning', wrong, 'exit 7', 7],
  ])('decide the exit status with --fail-on %s', async (severity, body, rest, status) => {
    expect((await exec([...CLOCK, '--fail-on', severity], ...curl(body, rest))).status).toBe(status);
  });

  test.each([
    ['true', [], 'The program sent no question to the gateway. Did it reach'],
    ['a refused host', ['curl', '-s', 'http://shop.invalid/'], 'shop.invalid was refused'],
    ['only the status page', ['curl', '-s', 'https://preprod-ppps.paybox.com/load.html'], 'It only checked whether the gateway is up'],
  ])('cannot be judged by --fail-on if no question was received, so the status is 1: %s', async (_, [program = 'true', ...args], why) => {
    const { status, err } = await exec(['--fail-on', 'error'], program, ...args);
    expect(status).toBe(1);
    expect(err).toContain(why);
    expect(err).toMatch(/\nNo question reached the gateway, so --fail-on checked nothing; the exit status is 1\.\n$/);
    expect((await exec(['--fail-on', 'error'], 'sh', '-c', 'exit 7')).status).toBe(7);
  });

  test('are printed as JSON lines with --json', async () => {
    const { err } = await exec([...CLOCK, '--json'], ...curl(wrong));
    const [exchange, ended, ...more] = err
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(exchange).toMatchObject({ event: 'exchange', CODEREPONSE: '00000' });
    expect(ended).toMatchObject({ event: 'ended', status: 0, requests: 1, findings: [{ rule: 'date-far-off', gateway: 'main' }] });
    expect(more).toEqual([]);
  });
});

test('--scenario, --config and --db work as for serve', async () => {
  const scenario = write(
    'refused.yaml',
    'id: refused\nwhy: The bank refuses every payment of the shop.\nsection: §3\nweight: D\ngiven:\n  rules: [{ answer: 00105 }]\nsteps:\n  - send: pay\n',
  );
  const config = write('config.yaml', 'port: 1\nhttps: false\nclock: 2026-06-10T12:00\n');
  const db = join(folder, 'state.db');
  const curl = ['curl', '-s', '-d', BODY, URL_];
  const { out, err } = await exec(['--scenario', scenario, '--config', config, '--db', db], ...curl);
  expect(err).toContain('Staged the state of scenario refused');
  expect(out).toContain('CODEREPONSE=00105');
  expect((await exec(['--config', config, '--db', db], ...curl)).out).toContain('CODEREPONSE=00005');
});

describe('the environment', () => {
  const AUTHORITY = () => ({
    file: write('ca.pem', 'OURS\n'),
    bundle: write('ca-bundle.pem', 'ROOTS\nOURS\n'),
    javaStore: write('java-truststore.jks', 'STORE'),
  });

  function environment(env: Readonly<Record<string, string>>) {
    const { env: made, remove } = childEnvironment('http://127.0.0.1:4321', AUTHORITY(), env);
    onTestFinished(remove);
    return made;
  }

  test('keeps the user’s values and adds to them', () => {
    const env = environment({
      PATH: '/bin',
      NO_PROXY: 'a.example',
      NODE_OPTIONS: '--no-warnings',
      JAVA_TOOL_OPTIONS: '-Xmx1g',
      PHP_INI_SCAN_DIR: '/etc/own',
    });
    expect(env).toMatchObject({ PATH: '/bin', NO_PROXY: 'a.example,localhost,127.0.0.1,::1', PAYBOX_SIM_URL: 'http://127.0.0.1:4321' });
    expect(env.NODE_OPTIONS).toMatch(/^--no-warnings --import=file:.*node-preload\.js$/);
    expect(env.JAVA_TOOL_OPTIONS).toMatch(/^-Xmx1g -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=4321 /);
    expect(env.JAVA_TOOL_OPTIONS).toContain(' -Dhttp.nonProxyHosts=a.example|*.a.example|localhost|*.localhost|127.0.0.1|[::1] ');
    expect(env.PHP_INI_SCAN_DIR?.startsWith(`/etc/own${delimiter}`)).toBe(true);
    expect(environment({}).PHP_INI_SCAN_DIR?.startsWith(delimiter)).toBe(true);
  });

  test('still trusts the authorities that the user trusts', () => {
    const own = write('corporate.pem', 'CORPORATE');
    const env = environment({ SSL_CERT_FILE: own, NODE_EXTRA_CA_CERTS: own, CURL_CA_BUNDLE: '/not/there.pem' });
    expect(readFileSync(env.SSL_CERT_FILE ?? '', 'utf8')).toBe('CORPORATE\nOURS\n');
    expect(readFileSync(env.NODE_EXTRA_CA_CERTS ?? '', 'utf8')).toBe('CORPORATE\nOURS\n');
    expect(readFileSync(env.CURL_CA_BUNDLE ?? '', 'utf8')).toBe('ROOTS\nOURS\n');
  });

  test('does not change when it is built from itself, except for its folder', () => {
    const once = environment({
      SSL_CERT_FILE: write('corporate.pem', 'CORPORATE'),
      NODE_OPTIONS: '--no-warnings',
      JAVA_TOOL_OPTIONS: '-Xmx1g',
    });
    const again = environment(once as Record<string, string>);
    const { PHP_INI_SCAN_DIR: scanned = '', ...others } = again;
    const [folderBefore = '', folderNow = ''] = scanned.split(delimiter).filter((one) => one !== '');
    const expected = Object.entries(once)
      .filter(([name]) => name !== 'PHP_INI_SCAN_DIR')
      .map(([name, value]) => [name, /^JAVA|SIM_CA$/.test(name) ? value?.replace(folderBefore, folderNow) : value]);
    expect(others).toEqual(Object.fromEntries(expected));
  });

  test('gives Java a trust store, and replaces the one of an earlier environment', () => {
    const env = environment({ JAVA_TOOL_OPTIONS: '"-Djavax.net.ssl.trustStore=/an earlier/store" -Xmx1g' });
    const stores = env.JAVA_TOOL_OPTIONS?.match(/trustStore=\S+/g);
    expect(stores).toEqual([expect.stringContaining(join(String(env.PAYBOX_SIM_CA), '..', 'java-truststore.jks'))]);
    expect(env.JAVA_TOOL_OPTIONS).toContain('-Djavax.net.ssl.trustStorePassword=changeit');
  });

  test('refers to files that all users can read, because a server may run its workers as another user', () => {
    const before = process.umask(0o077);
    onTestFinished(() => void process.umask(before));
    const env = environment({});
    const files = [env.CURL_CA_BUNDLE, env.PAYBOX_SIM_CA, ...readdirSync(env.PHP_INI_SCAN_DIR?.replace(delimiter, '') ?? '')];
    expect(files).toHaveLength(7);
    const home = env.PHP_INI_SCAN_DIR?.replace(delimiter, '') ?? '';
    expect(statSync(home).mode & 0o777).toBe(0o755);
    for (const file of files) expect(statSync(resolve(home, file ?? '')).mode & 0o777).toBe(0o644);
  });
});

test.runIf(isThere('php'))('PHP still runs the user’s auto_prepend_file and provides the reply’s headers', async () => {
  const mine = write('mine.php', "<?php echo 'mine ';");
  const ini = write('php.ini', `auto_prepend_file=${mine}\n`);
  const code = `<?php
echo file_get_contents('${URL_.replace('PPPS.php', 'load.html')}') !== false ? 'got ' : 'failed ';
echo $http_response_header[0], ' ';
$f = fopen('${URL_.replace('PPPS.php', 'load.html')}', 'r');
echo stream_get_meta_data($f)['wrapper_data'][0];`;
  const { out, err } = await exec([], 'php', '-c', ini, write('load.php', code));
  expect(out, err).toBe('mine got HTTP/1.1 200 OK HTTP/1.1 200 OK');
});
