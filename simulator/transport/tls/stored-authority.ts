import { createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, linkSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyPair } from './certificate.js';

/** The certificate authority cannot be read or created. The message names the file or folder, and what to do. */
export class AuthorityError extends Error {
  override readonly name = 'AuthorityError';
}

/** An authority in its file. A replacement gets the next number, so that of two processes that replace one, only one succeeds. */
export interface StoredAuthority extends KeyPair {
  readonly number: number;
  readonly file: string;
}

const FILE = /^authority-(\d+)\.pem$/;
const PARTS =
  /^(-----BEGIN PRIVATE KEY-----[\s\S]+?-----END PRIVATE KEY-----\n)(-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n)$/;

const fileOf = (folder: string, number: number): string => join(folder, `authority-${number}.pem`);

function numbers(folder: string): number[] {
  return readdirSync(folder)
    .flatMap((name) => FILE.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

// A copied or restored key may be readable by others. On a read-only volume this cannot be changed.
function restrictToOwner(file: string): void {
  if (process.platform === 'win32' || (statSync(file).mode & 0o077) === 0) return;
  try {
    chmodSync(file, 0o600);
  } catch {}
}

function isPair(key: string, certificate: string): boolean {
  try {
    const parsed = new X509Certificate(certificate);
    return parsed.ca && parsed.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

function read(file: string): string {
  restrictToOwner(file);
  try {
    return readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  } catch (cause) {
    throw new AuthorityError(
      `The certificate authority ${file} cannot be read: ${(cause as Error).message}. Make it readable for the user who runs this command, or set PAYBOX_SIM_HOME to another folder.`,
      { cause },
    );
  }
}

/**
 * The authority stored in a folder; undefined if there is none.
 *
 * @throws AuthorityError when its file cannot be read, or does not contain a private key and its certificate
 */
export function readAuthority(folder: string): StoredAuthority | undefined {
  const number = numbers(folder).at(-1);
  if (number === undefined) return undefined;
  const file = fileOf(folder, number);
  const [, key, certificate] = PARTS.exec(read(file)) ?? [];
  if (key === undefined || certificate === undefined || !isPair(key, certificate)) {
    throw new AuthorityError(
      `The certificate authority ${file} is damaged: it does not contain a private key and its certificate. Delete the file; a new authority is then created, and must be trusted (paybox-sim ca trust).`,
    );
  }
  return { number, file, key, certificate };
}

/** Creates a file that only its owner may read, unless it exists: of several processes one succeeds. The file is whole from the start. */
function createSecretFile(file: string, text: string): void {
  const written = `${file}.${randomUUID()}.tmp`;
  try {
    writeFileSync(written, text, { mode: 0o600, flag: 'wx' });
    linkSync(written, file);
  } catch (error) {
    // Another process was first, and its file stays. Some file systems (exFAT) have no links.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' && !existsSync(file)) renameSync(written, file);
  } finally {
    rmSync(written, { force: true });
  }
}

/** Stores an authority under its number, unless another process was first, and deletes the previous ones. */
export function storeAuthority(folder: string, number: number, { key, certificate }: KeyPair): void {
  createSecretFile(fileOf(folder, number), key + certificate);
  for (const earlier of numbers(folder).filter((one) => one < number)) rmSync(fileOf(folder, earlier), { force: true });
}
