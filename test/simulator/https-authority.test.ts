import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { AuthorityError } from '../../simulator/index.js';
import { openAuthority } from '../../simulator/transport/tls/authority.js';
import { authorityFolder } from '../../simulator/transport/tls/authority-folder.js';
import { CERTIFIED_NAMES } from '../../simulator/transport/tls/certificate.js';
import { storeAuthority } from '../../simulator/transport/tls/stored-authority.js';
import { makeAuthority, makeServerCertificate } from '../../simulator/transport/tls/x509.js';
import { tempFolder } from '../support/temp-folder.js';

const DAY = 24 * 60 * 60 * 1000;
const NOW = Date.parse('2026-06-10T10:00:00Z');
const END = Date.parse('2036-06-10T10:00:00Z');

/** A folder that does not exist yet. */
const home = async (): Promise<string> => join(await tempFolder(), 'home');

/** Verifies a chain with OpenSSL. Returns its error message, or an empty string if the chain is valid. */
function opensslRefusal(ca: string, certificate: string, ...options: readonly string[]): string {
  const { status, stderr } = spawnSync('openssl', ['verify', '-x509_strict', '-CAfile', ca, ...options, certificate], { encoding: 'utf8' });
  return status === 0 ? '' : stderr;
}

describe('the folder of the authority', () => {
  test('is PAYBOX_SIM_HOME if that is set', async () => {
    expect(await authorityFolder({ PAYBOX_SIM_HOME: '/own' })).toBe('/own');
  });

  test("is in the user's folder for configuration otherwise", async () => {
    const folder = await authorityFolder({});
    expect(folder.startsWith(homedir())).toBe(true);
    expect(folder).toContain('paybox-direct-simulator');
  });
});

describe('the authority', () => {
  test('is created on first use, with a key and a folder that only the user can read, and is reused', async () => {
    const folder = await home();
    const first = await openAuthority(folder, NOW);
    expect(readdirSync(folder).sort()).toEqual(['authority-1.pem', 'ca-bundle.pem', 'ca.pem', 'java-truststore.jks']);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'authority-1.pem')).mode & 0o777).toBe(0o600);
    expect(readFileSync(first.file, 'utf8')).toBe(first.pair.certificate);
    expect(readFileSync(first.bundle, 'utf8')).toBe(`${rootCertificates.join('\n')}\n${first.pair.certificate}`);
    expect(await openAuthority(folder, NOW)).toEqual(first);
    expect(first.notice).toBeUndefined();
  });

  test('has a key file that only its owner can read, and that a second writer does not replace', async () => {
    const folder = await tempFolder();
    const file = join(folder, 'authority-1.pem');
    storeAuthority(folder, 1, { key: 'key\n', certificate: 'certificate\n' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    storeAuthority(folder, 1, { key: 'another\n', certificate: 'certificate\n' });
    expect(readFileSync(file, 'utf8')).toBe('key\ncertificate\n');
  });

  test('is created once by concurrent callers', async () => {
    const folder = await home();
    const all = await Promise.all(Array.from({ length: 8 }, () => openAuthority(folder, NOW)));
    expect(new Set(all.map(({ pair }) => pair.key + pair.certificate)).size).toBe(1);
    expect(readdirSync(folder).sort()).toEqual(['authority-1.pem', 'ca-bundle.pem', 'ca.pem', 'java-truststore.jks']);
  });

  test('is valid from the day before, for ten years, and for server authentication only', async () => {
    const { pair } = await openAuthority(await home(), NOW);
    const certificate = new X509Certificate(pair.certificate);
    expect(certificate.ca).toBe(true);
    expect(Date.parse(certificate.validFrom)).toBe(NOW - DAY);
    expect(Date.parse(certificate.validTo)).toBe(END);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(certificate.subject).toMatch(/^CN=paybox-direct-simulator local CA [0-9a-f]{8}$/);
  });

  test('of another folder has another name and serial number', async () => {
    const certificates = [await openAuthority(await home(), NOW), await openAuthority(await home(), NOW)].map(
      ({ pair }) => new X509Certificate(pair.certificate),
    );
    expect(new Set(certificates.map(({ subject }) => subject)).size).toBe(2);
    expect(new Set(certificates.map(({ serialNumber }) => serialNumber)).size).toBe(2);
  });

  test('restores its derived files, and the permissions of its key', async () => {
    const folder = await home();
    const { file, bundle } = await openAuthority(folder, NOW);
    const before = readFileSync(bundle, 'utf8');
    writeFileSync(bundle, 'another');
    writeFileSync(file, '');
    chmodSync(join(folder, 'authority-1.pem'), 0o644);
    await openAuthority(folder, NOW);
    expect(readFileSync(bundle, 'utf8')).toBe(before);
    expect(readFileSync(file, 'utf8')).not.toBe('');
    expect(statSync(join(folder, 'authority-1.pem')).mode & 0o777).toBe(0o600);
  });
});

describe('a new authority is created, with a notice for the user,', () => {
  test.each([
    ['when the previous one has expired', END, 'expired on 2036-06-10'],
    ['when the previous one expires within thirty days', END - 29 * DAY, 'expires on 2036-06-10'],
  ])('%s', async (_, now, why) => {
    const folder = await home();
    const before = await openAuthority(folder, NOW);
    const after = await openAuthority(folder, now);
    expect(after.pair.certificate).not.toBe(before.pair.certificate);
    expect(after.notice).toBe(
      `The previous certificate authority ${why}. A new one was created: trust ${after.file} again wherever you trusted the previous one (paybox-sim ca trust).`,
    );
    expect(readFileSync(after.file, 'utf8')).toBe(after.pair.certificate);
    expect(readdirSync(folder).sort()).toEqual(['authority-2.pem', 'ca-bundle.pem', 'ca.pem', 'java-truststore.jks']);
    expect((await openAuthority(folder, now)).notice).toBeUndefined();
  });

  test('once, by concurrent callers that find the previous one expired', async () => {
    const folder = await home();
    await openAuthority(folder, NOW);
    const all = await Promise.all(Array.from({ length: 8 }, () => openAuthority(folder, END)));
    expect(new Set(all.map(({ pair }) => pair.certificate)).size).toBe(1);
  });

  test('not earlier than thirty days before the previous one expires', async () => {
    const folder = await home();
    const before = await openAuthority(folder, NOW);
    expect(await openAuthority(folder, END - 31 * DAY)).toEqual(before);
  });

  test('when the gateway has a host that the previous one is not valid for', async () => {
    const folder = await home();
    mkdirSync(folder);
    const { key, certificate } = await makeAuthority(NOW, CERTIFIED_NAMES.slice(0, -1));
    writeFileSync(join(folder, 'authority-7.pem'), key + certificate);
    const { notice, pair } = await openAuthority(folder, NOW);
    expect(notice).toContain("The previous certificate authority is not valid for all of the gateway's hosts. A new one was created");
    expect(pair.certificate).not.toBe(certificate);
    expect(await openAuthority(folder, NOW)).toMatchObject({ pair, notice: undefined });
  });

  test('not when the previous one is valid for more hosts', async () => {
    const folder = await home();
    mkdirSync(folder);
    const pair = await makeAuthority(NOW, [...CERTIFIED_NAMES, { type: 'dns', value: 'former.example' }]);
    writeFileSync(join(folder, 'authority-1.pem'), pair.key + pair.certificate);
    expect((await openAuthority(folder, NOW)).pair).toEqual(pair);
  });
});

describe('openAuthority() rejects, and names the file and a remedy,', () => {
  const damages: [what: string, damage: (text: string, other: string) => string][] = [
    ['an empty file', () => ''],
    ['a truncated file', (text) => text.slice(0, -60)],
    ['garbage', () => 'garbage'],
    ['a key with the certificate of another authority', (text, other) => text.replace(/-----BEGIN CERT[\s\S]*/, other)],
    ['a certificate without its key', (text) => text.replace(/[\s\S]*END PRIVATE KEY-----\n/, '')],
  ];
  test.each(damages)('for %s', async (_, damage) => {
    const folder = await home();
    await openAuthority(folder, NOW);
    const file = join(folder, 'authority-1.pem');
    const other = await openAuthority(await home(), NOW);
    writeFileSync(file, damage(readFileSync(file, 'utf8'), other.pair.certificate));
    const opening = openAuthority(folder, NOW);
    await expect(opening).rejects.toThrow(AuthorityError);
    await expect(opening).rejects.toThrow(`${file} is damaged: it does not contain a private key and its certificate. Delete the file`);
  });

  test('for a file that cannot be read', async () => {
    const folder = await home();
    mkdirSync(join(folder, 'authority-1.pem'), { recursive: true });
    await expect(openAuthority(folder, NOW)).rejects.toThrow(
      /authority-1\.pem cannot be read: .* Make it readable for the user who runs this command/,
    );
  });

  test('for a folder that cannot be created', async () => {
    const file = join(await tempFolder(), 'file');
    writeFileSync(file, '');
    await expect(openAuthority(join(file, 'home'), NOW)).rejects.toThrow(
      /cannot be stored in .*file\/home: ENOTDIR.* Set PAYBOX_SIM_HOME to a folder that can be written/,
    );
  });
});

describe('the key of the authority', () => {
  test('signs certificates that OpenSSL accepts for this machine and the gateway’s hosts only', async () => {
    const folder = await home();
    const authority = await openAuthority(folder);
    const server = join(folder, 'server.pem');
    writeFileSync(server, (await makeServerCertificate(authority.pair, Date.now())).certificate);
    for (const { type, value } of CERTIFIED_NAMES) {
      const option = type === 'dns' ? '-verify_hostname' : '-verify_ip';
      expect(opensslRefusal(authority.file, server, '-purpose', 'sslserver', option, value)).toBe('');
    }
    expect(opensslRefusal(authority.file, server, '-verify_hostname', 'example.com')).toMatch(/hostname mismatch/i);
  });

  // Certificates that someone with a stolen key could sign. The name constraints of the authority make them invalid.
  test.each([
    ['another host', 'subjectAltName=DNS:example.com', '/CN=x'],
    ['another host of the same domain', 'subjectAltName=DNS:www.paybox.com', '/CN=x'],
    ['a wildcard', 'subjectAltName=DNS:*.paybox.com', '/CN=x'],
    ['another address', 'subjectAltName=IP:192.0.2.1', '/CN=x'],
    ['one good name and a bad one', 'subjectAltName=DNS:localhost,DNS:example.com', '/CN=localhost'],
    ['a name in the subject only', 'keyUsage=digitalSignature', '/CN=example.com'],
  ])('signs no certificate that OpenSSL accepts for %s', async (_, extension, subject) => {
    const folder = await home();
    const { file } = await openAuthority(folder);
    const key = join(folder, 'key.pem');
    const forged = join(folder, 'forged.pem');
    const stolen = join(folder, 'authority-1.pem');
    execFileSync('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key]);
    const args = [
      'req',
      '-x509',
      '-key',
      key,
      '-subj',
      subject,
      '-addext',
      extension,
      '-CA',
      file,
      '-CAkey',
      stolen,
      '-days',
      '1',
      '-out',
      forged,
    ];
    execFileSync('openssl', args, { stdio: 'pipe' });
    expect(existsSync(forged)).toBe(true);
    expect(opensslRefusal(file, forged)).toMatch(/permitted subtree violation/);
  });
});
