import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { UserError } from './user-error.js';

const HOW_TO_MAKE_ONE =
  'It is an RSA private key as PEM (-----BEGIN PRIVATE KEY-----): openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out key.pem';

/** What is wrong with a PEM text that is not a usable private key, by its first line. */
const OTHER_TEXTS: readonly (readonly [begin: RegExp, problem: (file: string) => string])[] = [
  [
    /-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/,
    (file) => `needs a passphrase. Write it without one: openssl pkey -in ${file} -out key.pem`,
  ],
  [/-----BEGIN (?:RSA )?PUBLIC KEY-----/, () => `is a public key. ${HOW_TO_MAKE_ONE}`],
  [/-----BEGIN CERTIFICATE-----/, () => `is a certificate. ${HOW_TO_MAKE_ONE}`],
  [/-----BEGIN OPENSSH PRIVATE KEY-----/, () => `is a key of OpenSSH. ${HOW_TO_MAKE_ONE}`],
];

function readText(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (cause) {
    throw new UserError(`Cannot read the signing key ${file}: ${(cause as Error).message}. ${HOW_TO_MAKE_ONE}`, { cause });
  }
}

function parseKey(file: string, text: string): KeyObject {
  const other = OTHER_TEXTS.find(([begin]) => begin.test(text));
  if (other) throw new UserError(`The signing key ${file} ${other[1](file)}`);
  try {
    return createPrivateKey(text);
  } catch (cause) {
    throw new UserError(`The signing key ${file} is not a private key. ${HOW_TO_MAKE_ONE}`, { cause });
  }
}

/**
 * Reads the private key that signs results. PKCS #1 (`BEGIN RSA PRIVATE KEY`) is converted.
 *
 * @returns PEM, PKCS #8
 * @throws UserError when the file cannot be read or is not an RSA private key without a passphrase
 */
export function readSigningKey(file: string): string {
  const key = parseKey(file, readText(file));
  if (key.asymmetricKeyType !== 'rsa')
    throw new UserError(`The signing key ${file} is not an RSA key, but ${key.asymmetricKeyType}. ${HOW_TO_MAKE_ONE}`);
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}
