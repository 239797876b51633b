import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { beforeEach, describe, expect, test } from 'vitest';
import { encodeForm } from '../../contracts/index.js';
import { run } from '../support/command.js';
import { useTemporaryHome } from '../support/https.js';
import { CARD, HEAD } from '../support/question.js';
import { tempFolder } from '../support/temp-folder.js';

useTemporaryHome();

const HOST = 'preprod-ppps.paybox.com';
const URL_ = `https://${HOST}/PPPS.php`;
const STATUS_PAGE = `https://${HOST}/load.html`;
const BODY = new TextDecoder('latin1').decode(
  encodeForm(Object.entries({ ...HEAD, ...CARD, TYPE: '00003', NUMQUESTION: '1', MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1' })),
);
const TYPE = 'application/x-www-form-urlencoded';
const PAID = '00003 pay  order-1  10.00 EUR  111122******4444  → 00000';

let folder: string;

beforeEach(async () => {
  folder = await tempFolder();
  writeFileSync(join(folder, 'own.pem'), rootCertificates[0] ?? '');
});

/** Runs `paybox-sim exec` with a program in a file. In the code, OWN stands for a file with an authority that is not the simulator's. */
async function exec(command: readonly string[], file: string, code: string, ...set: readonly string[]) {
  writeFileSync(join(folder, file), code.replaceAll('OWN', join(folder, 'own.pem')));
  return run('exec', '--clock', '2026-06-10T12:00', '--', 'env', ...set, ...command, join(folder, file));
}

/** Whether a program or a library is installed. If it is not, a notice says that it was not tested; in CI those of `required` must be. */
function isThere(name: string, command: readonly [program: string, ...args: string[]], required = false): boolean {
  const [program, ...args] = command;
  if (spawnSync(program, args, { stdio: 'ignore' }).status === 0) return true;
  if (required && process.env.CI) throw new Error(`${name} is not installed, so exec cannot be tested with it.`);
  process.stderr.write(`\n*** NOT TESTED: ${name} is not installed. ***\n\n`);
  return false;
}

const hasPhp = isThere('PHP', ['php', '--version'], true);

describe.runIf(hasPhp)('PHP', () => {
  const CURL = `$c = curl_init('${URL_}');
    curl_setopt_array($c, [CURLOPT_POSTFIELDS => '${BODY}', CURLOPT_RETURNTRANSFER => true, CURLOPT_HEADER => true]);
    echo curl_exec($c) ?: curl_error($c);`;

  test('ext-curl receives one block of headers, the gateway’s, if it asks for headers', async () => {
    const { out, err } = await exec(['php'], 'pay.php', `<?php ${CURL}`);
    expect(out).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(out.match(/^HTTP\//gm)).toHaveLength(1);
    expect(out.split('\r\n\r\n')[1]).toContain('CODEREPONSE=00000');
    expect(err).toContain(PAID);
  });

  test('ext-curl is routed in a process whose environment has no proxy, as in workers of php-fpm', async () => {
    const cleared = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'no_proxy', 'NO_PROXY'].flatMap((name) => ['-u', name]);
    const { out } = await exec(['php'], 'pay.php', `<?php ${CURL} echo getenv('no_proxy');`, ...cleared);
    expect(out).toContain('CODEREPONSE=00000');
    expect(out).toContain('localhost,127.0.0.1,::1');
  });

  test('ext-curl keeps the proxy that the program set in its environment', async () => {
    const { out } = await exec(['php'], 'pay.php', `<?php ${CURL}`, 'https_proxy=http://127.0.0.1:1');
    expect(out).toContain('127.0.0.1 port 1');
  });

  test.each([
    [
      'DOMDocument',
      `$page = new DOMDocument(); $page->loadHTMLFile('${STATUS_PAGE}'); echo $page->getElementById('server_status')->textContent;`,
    ],
    ['simplexml_load_file', `echo simplexml_load_file('${STATUS_PAGE}')->body->div;`],
    ['copy', `copy('${STATUS_PAGE}', 'OWN'); echo strip_tags(file_get_contents('OWN'));`],
  ])('%s loads the status page', async (_, code) => {
    const { out, err } = await exec(['php', '-d', 'display_errors=1'], 'page.php', `<?php ${code}`);
    expect(out.trim(), err).toMatch(/OK$/);
    expect(out).not.toContain('Warning');
  });

  test('no file is found at an https:// URL, as without exec', async () => {
    const functions = ['file_exists', 'is_file', '@filesize', '@stat'];
    const code = functions.map((name) => `var_dump(${name}('${STATUS_PAGE}'));`).join('');
    expect((await exec(['php', '-d', 'display_errors=1'], 'file.php', `<?php ${code}`)).out).toBe('bool(false)\n'.repeat(functions.length));
  });

  test('NativeHttpClient of Symfony finds the headers where PHP’s own streams have them', async () => {
    const code = `<?php
      namespace Symfony\\Component\\HttpClient\\Response;
      function pay() {
        $context = stream_context_create(['http' => ['method' => 'POST', 'content' => '${BODY}', 'header' => 'Content-Type: ${TYPE}']]);
        $stream = fopen('${URL_}', 'r', false, $context);
        echo is_array(stream_get_meta_data($stream)['wrapper_data']) ? 'array ' : 'other ', stream_get_contents($stream);
      }
      pay();`;
    const { out, err } = await exec(['php'], 'symfony.php', code);
    expect(out, err).toMatch(/^array .*CODEREPONSE=00000/);
  });

  test('a function that reads $http_response_header, which it does not find, is named once', async () => {
    const code = `<?php
      function up() { file_get_contents('${STATUS_PAGE}'); return isset($http_response_header); }
      file_get_contents('${STATUS_PAGE}');
      echo $http_response_header[0], up() || up() ? ' set' : ' not set';`;
    const { out, err } = await exec(['php'], 'status.php', code);
    expect(out).toBe('HTTP/1.1 200 OK not set');
    expect(err.match(/paybox-sim: up\(\) in .*status\.php: .*\$http_response_header is only set as a global variable/g)).toHaveLength(1);
  });

  const STREAM = `@file_get_contents('${URL_}', false, stream_context_create(['http' => ['method' => 'POST', 'content' => '${BODY}', 'header' => 'Content-Type: ${TYPE}']]))`;

  test.each([
    ['a function', `function pay() { $body = ${STREAM}; return [$body, $http_response_header[0]]; } pay();`],
    ['a method', `class Shop { static function pay() { $body = ${STREAM}; echo $http_response_header[0]; } } Shop::pay();`],
    ['a closure', `(function () { $body = ${STREAM}; echo $http_response_header[0]; })();`],
  ])('%s that reads $http_response_header without a check is refused before it pays', async (_, code) => {
    const { err } = await exec(['php'], 'reads.php', `<?php ${code}`);
    expect(err).toMatch(/paybox-sim: .*\(\) in .*reads\.php reads \$http_response_header, .* so nothing was sent\./);
    expect(err).not.toContain(PAID);
  });

  test('a file that reads $http_response_header and is included in a function is refused before it pays', async () => {
    writeFileSync(join(folder, 'included.php'), `<?php ${STREAM}; echo $http_response_header[0];`);
    const { err } = await exec(['php'], 'includes.php', `<?php function load() { require __DIR__ . '/included.php'; } load();`);
    expect(err).toContain('load() in');
    expect(err).not.toContain(PAID);
  });

  test.each([
    ['does not read it', `function pay() { ${STREAM}; }\n function other() { return $http_response_header; } pay();`],
    ['checks it', `function pay() { ${STREAM}; echo $http_response_header[0] ?? 'none'; } pay();`],
  ])('a function that calls PHP’s streams and %s pays', async (_, code) => {
    expect((await exec(['php'], 'pays.php', `<?php ${code}`)).err).toContain(PAID);
  });

  test('get_headers is refused with a message', async () => {
    const { out, err } = await exec(['php'], 'headers.php', `<?php var_dump(@get_headers('${STATUS_PAGE}'));`);
    expect(out).toBe('bool(false)\n');
    expect(err).toContain('paybox-sim: get_headers() cannot be routed, so nothing was sent.');
  });

  test('StreamHandler of Guzzle is refused before it pays, if it could not read the headers of the reply', async () => {
    const code = `<?php
      namespace GuzzleHttp\\Handler;
      class StreamHandler {
        function pay() {
          return (function () {
            $context = stream_context_create(['http' => ['method' => 'POST', 'content' => '${BODY}', 'header' => 'Content-Type: ${TYPE}']]);
            $stream = @\\fopen('${URL_}', 'r', false, $context);
            return [$stream, $http_response_header ?? []];
          })();
        }
      }
      echo (new StreamHandler())->pay()[0] === false ? 'refused' : 'paid';`;
    const { out, err } = await exec(['php'], 'guzzle.php', code);
    expect(out).toBe('refused');
    expect(err).toContain('so nothing was sent. Install ext-curl.');
    expect(err).not.toContain(PAID);
  });
});

interface Client {
  readonly name: string;
  readonly command: readonly string[];
  /** Succeeds if the client is installed. */
  readonly check: readonly [string, ...string[]];
  readonly required?: boolean;
  readonly file: string;
  /** Posts the question to a host and prints the reply. */
  readonly code: string;
  /** Whether the error of the program has the reason for a refusal. */
  readonly reports: boolean;
}

const PYTHON = 'python3';
const importable = (library: string, python = PYTHON): Client['check'] => [python, '-c', `import ${library}`];

/** A Python that has a library: the system's may have it while another one is the first in the PATH. */
function pythonWith(library: string): Pick<Client, 'command' | 'check'> {
  const imports = (python: string): boolean => spawnSync(python, importable(library, python).slice(1), { stdio: 'ignore' }).status === 0;
  const python = [PYTHON, '/usr/bin/python3'].find(imports) ?? PYTHON;
  return { command: [python], check: importable(library, python) };
}

/** Clients that read no proxy variable, bring authorities of their own, or need settings of their language. */
const CLIENTS: readonly Client[] = [
  {
    name: 'Ruby Net::HTTP without a proxy and with its own authorities, like ActiveMerchant',
    command: ['ruby'],
    check: ['ruby', '--version'],
    required: true,
    file: 'pay.rb',
    code: `require 'net/http'
      http = Net::HTTP.new('HOST', 443, nil)
      http.use_ssl = true
      http.verify_mode = OpenSSL::SSL::VERIFY_PEER
      http.ca_file = 'OWN'
      print http.post('/PPPS.php', '${BODY}', 'Content-Type' => '${TYPE}').body`,
    reports: true,
  },
  {
    name: 'Ruby Socket.tcp',
    command: ['ruby'],
    check: ['ruby', '--version'],
    required: true,
    file: 'pay.rb',
    code: `require 'openssl'
      context = OpenSSL::SSL::SSLContext.new
      context.set_params
      socket = OpenSSL::SSL::SSLSocket.new(Socket.tcp('HOST', 443, connect_timeout: 5), context)
      socket.hostname = 'HOST'
      socket.connect
      socket.write("POST /PPPS.php HTTP/1.0\\r\\nHost: HOST\\r\\nContent-Length: ${BODY.length}\\r\\n\\r\\n${BODY}")
      print socket.read`,
    reports: true,
  },
  {
    name: 'Ruby Excon with its own authorities',
    command: ['ruby'],
    check: ['ruby', '-rexcon', '-e', ''],
    file: 'pay.rb',
    code: `require 'excon'
      print Excon.post('https://HOST/PPPS.php', body: '${BODY}', headers: { 'Content-Type' => '${TYPE}' }, ssl_ca_file: 'OWN').body`,
    reports: false,
  },
  {
    name: 'Python http.client',
    command: [PYTHON],
    check: importable('http.client'),
    required: true,
    file: 'pay.py',
    code: `import http.client
connection = http.client.HTTPSConnection('HOST')
connection.request('POST', '/PPPS.php', '${BODY}', {'Content-Type': '${TYPE}'})
print(connection.getresponse().read().decode('latin-1'))`,
    reports: true,
  },
  {
    name: 'Python asyncio with its own authorities',
    command: [PYTHON],
    check: importable('asyncio'),
    required: true,
    file: 'pay.py',
    code: `import asyncio, ssl
async def pay():
    context = ssl.create_default_context(cafile='OWN')
    reader, writer = await asyncio.open_connection('HOST', 443, ssl=context)
    writer.write(b'POST /PPPS.php HTTP/1.0\\r\\nHost: HOST\\r\\nContent-Length: ${BODY.length}\\r\\n\\r\\n${BODY}')
    print((await reader.read()).decode('latin-1'))
asyncio.run(pay())`,
    reports: true,
  },
  {
    name: 'Python requests with trust_env=False',
    ...pythonWith('requests'),
    file: 'pay.py',
    code: `import requests
session = requests.Session()
session.trust_env = False
print(session.post('https://HOST/PPPS.php', data='${BODY}', headers={'Content-Type': '${TYPE}'}).text)`,
    reports: true,
  },
  {
    name: 'Python aiohttp',
    ...pythonWith('aiohttp'),
    file: 'pay.py',
    code: `import aiohttp, asyncio
async def pay():
    async with aiohttp.ClientSession() as session:
        async with session.post('https://HOST/PPPS.php', data='${BODY}', headers={'Content-Type': '${TYPE}'}) as reply:
            print((await reply.read()).decode('latin-1'))
asyncio.run(pay())`,
    reports: true,
  },
  {
    name: 'Perl LWP',
    command: ['perl'],
    check: ['perl', '-MLWP::Protocol::https', '-e', '1'],
    file: 'pay.pl',
    code: `use LWP::UserAgent;
      print LWP::UserAgent->new->post('https://HOST/PPPS.php', 'Content-Type' => '${TYPE}', Content => '${BODY}')->content;`,
    reports: false,
  },
  {
    name: 'Java HttpURLConnection and HttpClient',
    command: ['java'],
    check: ['javac', '-version'],
    file: 'Pay.java',
    code: `import java.net.*; import java.net.http.*;
      public class Pay { public static void main(String[] arguments) throws Exception {
        URI page = URI.create("https://HOST/PPPS.php".replace("PPPS.php", "load.html"));
        HttpURLConnection first = (HttpURLConnection) page.toURL().openConnection();
        System.out.println(first.getResponseCode());
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://HOST/PPPS.php")).header("Content-Type", "${TYPE}")
          .POST(HttpRequest.BodyPublishers.ofString("${BODY}")).build();
        System.out.println(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
      } }`,
    reports: false,
  },
];

const INSTALLED = CLIENTS.filter(({ name, check, required }) => isThere(name, check, required));

describe('a client that the usual variables do not reach', () => {
  test.each(INSTALLED)('pays: $name', async ({ command, file, code }) => {
    const { status, out, err } = await exec(command, file, code.replaceAll('HOST', HOST));
    expect(out, err).toContain('CODEREPONSE=00000');
    expect(err).toContain(PAID);
    expect(status).toBe(0);
  });

  test.each(INSTALLED)('is refused other hosts, and those of NO_PROXY are direct: $name', async ({ command, file, code, reports }) => {
    const other = code.replaceAll('HOST', 'shop.invalid');
    const refused = await exec(command, file, other);
    expect(refused.err.match(/^shop\.invalid:443 was refused/gm)).not.toBeNull();
    if (reports) expect(refused.err.match(/shop\.invalid:443 was refused/g)?.length).toBeGreaterThan(1);
    const direct = await exec(command, file, other, 'NO_PROXY=.invalid', 'no_proxy=.invalid');
    // Java reads its own property, which was set from the NO_PROXY of exec.
    if (command[0] !== 'java') expect(direct.err).not.toContain('was refused');
  });
});

test.runIf(hasPhp && isThere('Python requests', importable('requests')))('Python requests, started by a PHP program, pays', async () => {
  writeFileSync(
    join(folder, 'pay.py'),
    `import requests\nprint(requests.post('${URL_}', data='${BODY}', headers={'Content-Type': '${TYPE}'}).text)`,
  );
  const { out, err } = await exec(['php'], 'start.php', `<?php echo shell_exec('${PYTHON} ${join(folder, 'pay.py')} 2>&1');`);
  expect(out, err).toContain('CODEREPONSE=00000');
});

test('a sitecustomize module of the user still runs', async () => {
  const own = await tempFolder();
  writeFileSync(join(own, 'sitecustomize.py'), 'import builtins\nbuiltins.own = "loaded"\n');
  writeFileSync(join(folder, 'own.py'), 'print(own)');
  process.env.PYTHONPATH = own;
  try {
    expect((await run('exec', '--', PYTHON, join(folder, 'own.py'))).out).toBe('loaded\n');
  } finally {
    delete process.env.PYTHONPATH;
  }
});
