import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { CERTIFIED_NAMES, type CertifiedName, type KeyPair } from './certificate.js';
import { NAME_CONSTRAINTS, permitOnly, permitsAll } from './name-constraints.js';

const DAY = 24 * 60 * 60 * 1000;

/** How far before now a certificate becomes valid: clocks of containers and virtual machines lag behind. Milliseconds. */
const BACKDATED = DAY;

const AUTHORITY_YEARS = 10;

/** How long a server's certificate is valid. Some runtimes reject more than 398 days. Milliseconds. */
const SERVER_VALIDITY = 90 * DAY;

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

// 127 random bits, the highest set: a positive number of constant length.
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

const generateKeys = (): Promise<CryptoKeyPair> => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

async function keyPem(key: CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
}

const certificatePem = (certificate: x509.X509Certificate): string => `${certificate.toString('pem')}\n`;

function yearsAfter(now: number, years: number): Date {
  const date = new Date(now);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date;
}

/**
 * Creates a certificate authority that can sign for these names only, and for servers only.
 *
 * @param now milliseconds since the epoch
 */
export async function makeAuthority(now: number, names: readonly CertifiedName[] = CERTIFIED_NAMES): Promise<KeyPair> {
  const keys = await generateKeys();
  const keyId = await x509.SubjectKeyIdentifierExtension.create(keys.publicKey);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    // Where two authorities with the same name are trusted, one is mistaken for the other.
    name: [{ CN: [`paybox-direct-simulator local CA ${keyId.keyId.slice(0, 8)}`] }],
    serialNumber: serialNumber(),
    notBefore: new Date(now - BACKDATED),
    notAfter: yearsAfter(now, AUTHORITY_YEARS),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.Extension(NAME_CONSTRAINTS, true, permitOnly(names)),
      keyId,
    ],
  });
  return { key: await keyPem(keys.privateKey), certificate: certificatePem(certificate) };
}

/**
 * Creates a server's certificate for all of {@link CERTIFIED_NAMES}. It expires no later than the authority.
 *
 * @param now milliseconds since the epoch
 */
export async function makeServerCertificate(authority: KeyPair, now: number): Promise<KeyPair> {
  const issuer = new x509.X509Certificate(authority.certificate);
  const pkcs8 = x509.PemConverter.decodeFirst(authority.key);
  const signingKey = await crypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, false, ['sign']);
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    // Not a host name: the names are in subjectAltName, and a CN would be checked against the constraints.
    subject: [{ CN: ['Paybox Direct simulator'] }],
    issuer: issuer.subjectName,
    serialNumber: serialNumber(),
    notBefore: new Date(now - BACKDATED),
    notAfter: new Date(Math.min(now + SERVER_VALIDITY, issuer.notAfter.getTime())),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(CERTIFIED_NAMES.map(({ type, value }) => ({ type, value }))),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { key: await keyPem(keys.privateKey), certificate: certificatePem(certificate) };
}

/** Whether an authority can sign for all of {@link CERTIFIED_NAMES}. */
export function isValidForAll(certificate: string): boolean {
  const constraints = new x509.X509Certificate(certificate).getExtension(NAME_CONSTRAINTS);
  return constraints === null || permitsAll(constraints.value, CERTIFIED_NAMES);
}
