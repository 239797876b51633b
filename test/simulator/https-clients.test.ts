import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { encodeForm } from '../../contracts/index.js';
import { type HttpsSimulator, startHttpsSimulator, useTemporaryHome } from '../support/https.js';
import { CARD, HEAD } from '../support/question.js';
import { tempFolder } from '../support/temp-folder.js';

useTemporaryHome();

const FORM = encodeForm(
  Object.entries({ ...HEAD, ...CARD, TYPE: '00003', NUMQUESTION: '1', MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1' }),
);
const BODY = new TextDecoder('latin1').decode(FORM);
const require = createRequire(import.meta.url);
const UNDICI = pathToFileURL(require.resolve('undici')).href;

/** A program that posts the environment variable BODY to URL and prints the reply. It verifies certificates like its language does by default. */
interface ClientProgram {
  readonly name: string;
  readonly program: string;
  readonly args?: readonly string[];
  readonly file: string;
  readonly code: string;
  /** Returns environment variables that make the program trust the authority. */
  readonly trust: (started: HttpsSimulator) => Readonly<Record<string, string>>;
  /** Whether it uses the proxy of its environment. */
  readonly usesProxy: boolean;
}

const bundle = (variable: string) => (started: HttpsSimulator) => ({ [variable]: started.bundle });

const node = (name: string, code: string, usesProxy = false): ClientProgram => ({
  name,
  program: process.execPath,
  file: 'client.mjs',
  code: `const { URL: url, BODY: body } = process.env;\n${code}`,
  trust: (started) => ({ NODE_EXTRA_CA_CERTS: started.file }),
  usesProxy,
});

const FORM_TYPE = 'application/x-www-form-urlencoded';

const CLIENTS: readonly ClientProgram[] = [
  {
    name: 'curl',
    program: 'sh',
    file: 'client.sh',
    code: 'exec curl -sS -d "$BODY" "$URL"',
    trust: bundle('CURL_CA_BUNDLE'),
    usesProxy: true,
  },
  node(
    'Node fetch',
    `const reply = await fetch(url, { method: 'POST', body, headers: { 'Content-Type': '${FORM_TYPE}' } });
     console.log(await reply.text());`,
  ),
  node(
    'Node https.request',
    `import { request } from 'node:https';
     request(url, { method: 'POST', headers: { 'Content-Type': '${FORM_TYPE}' } }, (reply) => reply.pipe(process.stdout)).end(body);`,
  ),
  node(
    'undici EnvHttpProxyAgent',
    `import { EnvHttpProxyAgent, fetch } from ${JSON.stringify(UNDICI)};
     const reply = await fetch(url, { method: 'POST', body, headers: { 'Content-Type': '${FORM_TYPE}' }, dispatcher: new EnvHttpProxyAgent() });
     console.log(await reply.text());`,
    true,
  ),
  {
    name: 'PHP ext-curl',
    program: 'php',
    file: 'client.php',
    code: `<?php
$c = curl_init(getenv('URL'));
curl_setopt_array($c, [CURLOPT_POSTFIELDS => getenv('BODY'), CURLOPT_RETURNTRANSFER => true] + (getenv('CA') ? [CURLOPT_CAINFO => getenv('CA')] : []));
$reply = curl_exec($c);
if ($reply === false) { fwrite(STDERR, curl_error($c)); exit(1); }
echo $reply;`,
    trust: bundle('CA'),
    usesProxy: true,
  },
  {
    name: 'PHP streams',
    program: 'php',
    file: 'client.php',
    code: `<?php
$options = ['http' => ['method' => 'POST', 'content' => getenv('BODY'), 'header' => 'Content-Type: ${FORM_TYPE}']];
if (getenv('CA')) $options['ssl'] = ['cafile' => getenv('CA')];
if (getenv('HTTPS_PROXY')) $options['http']['proxy'] = str_replace('http:', 'tcp:', getenv('HTTPS_PROXY'));
$reply = file_get_contents(getenv('URL'), false, stream_context_create($options));
if ($reply === false) exit(1);
echo $reply;`,
    trust: (started) => ({ CA: started.file }),
    usesProxy: true,
  },
  {
    name: 'Python urllib',
    program: 'python3',
    file: 'client.py',
    code: `import os, urllib.request
print(urllib.request.urlopen(os.environ['URL'], os.environ['BODY'].encode()).read().decode('latin-1'))`,
    trust: bundle('SSL_CERT_FILE'),
    usesProxy: true,
  },
  {
    name: 'Ruby Net::HTTP',
    program: 'ruby',
    file: 'client.rb',
    code: `require 'net/http'
print Net::HTTP.post(URI(ENV['URL']), ENV['BODY']).body`,
    trust: bundle('SSL_CERT_FILE'),
    usesProxy: true,
  },
];

/** Whether a client is installed. On CI a missing one is an error, so that no test is skipped. */
function isInstalled({ name, program }: ClientProgram): boolean {
  const args = program === 'php' && name.includes('curl') ? ['-r', 'exit(extension_loaded("curl") ? 0 : 1);'] : ['--version'];
  if (program === 'sh' || spawnSync(program, args, { stdio: 'ignore' }).status === 0) return true;
  if (process.env.CI) throw new Error(`${name} is not installed and cannot be tested.`);
  process.stderr.write(`\n*** NOT TESTED: ${name} is not installed. ***\n\n`);
  return false;
}

const INSTALLED = CLIENTS.filter(isInstalled);

const NOT_INHERITED =
  /^(https?_proxy|no_proxy|all_proxy|ssl_cert_file|ssl_cert_dir|curl_ca_bundle|node_extra_ca_certs|node_use_env_proxy)$/i;
const CLEAN = Object.fromEntries(Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name)));

/** Runs a client with this URL and these additional environment variables. */
async function runClient({ program, file, code }: ClientProgram, url: string, more: Readonly<Record<string, string>>) {
  const path = join(await tempFolder(), file);
  await writeFile(path, code);
  const child = spawn(program, [path], { env: { ...CLEAN, URL: url, BODY, ...more } });
  let out = '';
  let err = '';
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString('latin1')));
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  const [status] = (await once(child, 'close')) as [number];
  return { status, out, err };
}

const SUCCESS = 'CODEREPONSE=00000&COMMENTAIRE=Demande trait';
const GATEWAY_URL = 'https://preprod-ppps.paybox.com/PPPS.php';

const proxyOf = ({ url }: HttpsSimulator) => ({ HTTPS_PROXY: url, http_proxy: url });

describe.each(INSTALLED)('$name', (client) => {
  test('can pay over HTTPS at localhost', async () => {
    const started = await startHttpsSimulator();
    expect((await runClient(client, `${started.httpsUrl}/PPPS.php`, client.trust(started))).out).toContain(SUCCESS);
  });

  test('sends nothing if it does not trust the authority', async () => {
    const started = await startHttpsSimulator();
    const { status, err } = await runClient(client, `${started.httpsUrl}/PPPS.php`, {});
    expect(status).not.toBe(0);
    expect(err).toMatch(/certificate|self.signed/i);
    expect(await started.simulator.journal()).toEqual([]);
  });

  test.runIf(client.usesProxy)('can pay at the real gateway’s URL through the proxy, and reaches no other host', async () => {
    const started = await startHttpsSimulator();
    const environment = { ...client.trust(started), ...proxyOf(started) };
    expect((await runClient(client, GATEWAY_URL, environment)).out).toContain(SUCCESS);
    expect((await runClient(client, GATEWAY_URL, proxyOf(started))).status).not.toBe(0);
    expect((await runClient(client, 'https://api.example.com/PPPS.php', environment)).status).not.toBe(0);
    expect(started.refused.at(-1)).toContain('api.example.com:443 was refused');
    expect(await started.simulator.journal()).toHaveLength(1);
  });
});

test('the causes why a program does not trust the authority are reported once', async () => {
  const started = await startHttpsSimulator();
  const python = CLIENTS.find(({ program }) => program === 'python3') as ClientProgram;
  await runClient(python, `${started.httpsUrl}/PPPS.php`, {});
  expect(started.refused).toEqual([
    expect.stringContaining(`A program does not trust the certificate of ${started.file}. Likely causes:\n`),
  ]);
  await runClient(python, `${started.httpsUrl}/PPPS.php`, {});
  expect(started.refused[1]).toBe(`A program does not trust the certificate of ${started.file}.`);
});
