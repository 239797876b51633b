import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { TEST_PUBLIC_KEY } from '../../contracts/index.js';
import { runInProcess, serveInProcess } from '../support/command-in-process.js';
import { tempFolder } from '../support/temp-folder.js';

const RSA = generateKeyPairSync('rsa', { modulusLength: 1024 });
const PUBLIC = RSA.publicKey.export({ type: 'spki', format: 'pem' }) as string;
const pkcs8 = RSA.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

async function keyFile(text: string): Promise<string> {
  const file = join(await tempFolder(), 'key.pem');
  writeFileSync(file, text);
  return file;
}

test('paybox-sim public-key prints the published test key', async () => {
  expect(await runInProcess('public-key')).toEqual({ status: 0, out: TEST_PUBLIC_KEY, err: '' });
});

test.each([
  ['PKCS #8', pkcs8],
  ['PKCS #1', RSA.privateKey.export({ type: 'pkcs1', format: 'pem' }) as string],
])('paybox-sim public-key prints that of a private key in %s', async (_, text) => {
  expect((await runInProcess('public-key', '--signing-key', await keyFile(text))).out).toBe(PUBLIC);
});

const HOW = /openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out key\.pem\n$/;

test.each([
  ['hello', /^The signing key \S+key\.pem is not a private key\./, HOW],
  [PUBLIC, /is a public key\./, HOW],
  [generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, /is not an RSA key, but ed25519\./, HOW],
  [
    RSA.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }) as string,
    /needs a passphrase\./,
    /openssl pkey -in \S+key\.pem -out key\.pem\n$/,
  ],
])('a wrong signing key is refused with what is expected', async (text, problem, remedy) => {
  const { status, err } = await runInProcess('public-key', '--signing-key', await keyFile(text));
  expect(status).toBe(2);
  expect(err).toMatch(problem);
  expect(err).toMatch(remedy);
});

test('a signing key that does not exist is refused', async () => {
  const { status, err } = await runInProcess('serve', '--signing-key', '/nowhere/key.pem');
  expect(status).toBe(2);
  expect(err).toMatch(/^Cannot read the signing key \/nowhere\/key\.pem: ENOENT/);
});

test('serve takes the key of the configuration, relative to its file, and that of the option', async () => {
  const folder = await tempFolder();
  mkdirSync(join(folder, 'keys'));
  writeFileSync(join(folder, 'keys', 'key.pem'), pkcs8);
  writeFileSync(join(folder, 'sim.yaml'), 'signingKey: keys/key.pem\n');
  for (const options of [
    ['--config', join(folder, 'sim.yaml')],
    ['--signing-key', join(folder, 'keys', 'key.pem')],
  ]) {
    const served = await serveInProcess(...options);
    onTestFinished(async () => void (await served.stop()));
    expect(await (await fetch(`${served.url}/_sim/public-key.pem`)).text()).toBe(PUBLIC);
  }
});

test('run refuses a signing key for a target, which has its own', async () => {
  const { status, err } = await runInProcess('run', 'x.yaml', '--target', 'http://127.0.0.1:1/PPPS.php', '--signing-key', 'key.pem');
  expect(status).toBe(2);
  expect(err).toBe('--signing-key needs a simulator: a --target signs with its own key.\n');
});
