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

/** A program that posts BODY to the URL it is given as URL, and prints the reply. Each verifies, as its language does by itself. */
interface Client {
  readonly name: string;
  readonly program: string;
  readonly args?: readonly string[];
  readonly file: string;
  readonly code: string;
  /** Variables that make it trust the authority. */
  readonly trust: (served: HttpsSimulator) => Readonly<Record<string, string>>;
  /** Whether it asks the proxy of its environment. */
  readonly knowsProxy: boolean;
}

const bundle = (variable: string) => (served: HttpsSimulator) => ({ [variable]: served.bundle });

const node = (name: string, code: string, knowsProxy = false): Client => ({
  name,
  program: process.execPath,
  file: 'client.mjs',
  code: `const { URL: url, BODY: body } = process.env;\n${code}`,
  trust: (served) => ({ NODE_EXTRA_CA_CERTS: served.file }),
  knowsProxy,
});

const FORM_TYPE = 'application/x-www-form-urlencoded';

const CLIENTS: readonly Client[] = [
  {
    name: 'curl',
    program: 'sh',
    file: 'client.sh',
    code: 'exec curl -sS -d "$BODY" "$URL"',
    trust: bundle('CURL_CA_BUNDLE'),
    knowsProxy: true,
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
    knowsProxy: true,
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
    trust: (served) => ({ CA: served.file }),
    knowsProxy: true,
  },
  {
    name: 'Python urllib',
    program: 'python3',
    file: 'client.py',
    code: `import os, urllib.request
print(urllib.request.urlopen(os.environ['URL'], os.environ['BODY'].encode()).read().decode('latin-1'))`,
    trust: bundle('SSL_CERT_FILE'),
    knowsProxy: true,
  },
  {
    name: 'Ruby Net::HTTP',
    program: 'ruby',
    file: 'client.rb',
    code: `require 'net/http'
print Net::HTTP.post(URI(ENV['URL']), ENV['BODY']).body`,
    trust: bundle('SSL_CERT_FILE'),
    knowsProxy: true,
  },
];

/** Whether a client is here; where CI lacks one the test fails instead of being left out. */
function isThere({ name, program }: Client): boolean {
  const asked = program === 'php' && name.includes('curl') ? ['-r', 'exit(extension_loaded("curl") ? 0 : 1);'] : ['--version'];
  if (program === 'sh' || spawnSync(program, asked, { stdio: 'ignore' }).status === 0) return true;
  if (process.env.CI) throw new Error(`${name} is not installed and cannot be tested.`);
  process.stderr.write(`\n*** NOT TESTED: ${name} is not installed. ***\n\n`);
  return false;
}

const HERE = CLIENTS.filter(isThere);

const NOT_INHERITED =
  /^(https?_proxy|no_proxy|all_proxy|ssl_cert_file|ssl_cert_dir|curl_ca_bundle|node_extra_ca_certs|node_use_env_proxy)$/i;
const CLEAN = Object.fromEntries(Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name)));

async function ask({ program, file, code }: Client, url: string, more: Readonly<Record<string, string>>) {
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

const PAID = 'CODEREPONSE=00000&COMMENTAIRE=Demande trait';
const HARD_CODED = 'https://preprod-ppps.paybox.com/PPPS.php';

const proxyOf = ({ url }: HttpsSimulator) => ({ HTTPS_PROXY: url, http_proxy: url });

describe.each(HERE)('$name', (client) => {
  test('pays over HTTPS at localhost', async () => {
    const served = await startHttpsSimulator();
    expect((await ask(client, `${served.httpsUrl}/PPPS.php`, client.trust(served))).out).toContain(PAID);
  });

  test('does not where it does not trust the authority', async () => {
    const served = await startHttpsSimulator();
    const { status, err } = await ask(client, `${served.httpsUrl}/PPPS.php`, {});
    expect(status).not.toBe(0);
    expect(err).toMatch(/certificate|self.signed/i);
    expect(await served.simulator.journal()).toEqual([]);
  });

  test.runIf(client.knowsProxy)('pays at the gateway’s own URL through the proxy, and nowhere else', async () => {
    const served = await startHttpsSimulator();
    const environment = { ...client.trust(served), ...proxyOf(served) };
    expect((await ask(client, HARD_CODED, environment)).out).toContain(PAID);
    expect((await ask(client, HARD_CODED, proxyOf(served))).status).not.toBe(0);
    expect((await ask(client, 'https://api.example.com/PPPS.php', environment)).status).not.toBe(0);
    expect(served.refused.at(-1)).toContain('api.example.com:443 was refused');
    expect(await served.simulator.journal()).toHaveLength(1);
  });
});

test('who does not trust the authority is told what to do', async () => {
  const served = await startHttpsSimulator();
  const python = CLIENTS.find(({ program }) => program === 'python3') as Client;
  await ask(python, `${served.httpsUrl}/PPPS.php`, {});
  expect(served.refused).toEqual([expect.stringContaining(`A program does not trust the certificate of ${served.file}. Likely causes:\n`)]);
  await ask(python, `${served.httpsUrl}/PPPS.php`, {});
  expect(served.refused[1]).toBe(`A program does not trust the certificate of ${served.file}.`);
});
