import { X509Certificate } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rootCertificates } from 'node:tls';
import { AuthorityError } from './authority-error.js';
import type { KeyPair } from './certificate.js';
import { homeFolder } from './home.js';
import { replaceFile } from './replace-file.js';
import { keepAuthority, readAuthority, type StoredAuthority } from './stored-authority.js';
import { isValidForAll, makeAuthority } from './x509.js';

/** The local certificate authority that programs must trust. */
export interface CertificateAuthority {
  /** File with its certificate only. */
  readonly file: string;
  /** File with the public authorities and this one, for runtimes that trust only the file they are given. */
  readonly bundle: string;
  /** A message for the user: why a new authority replaced an earlier one. */
  readonly notice: string | undefined;
}

/** The authority with its private key. */
export interface OpenedAuthority extends CertificateAuthority {
  readonly pair: KeyPair;
}

const DAY = 24 * 60 * 60 * 1000;

/** An authority that expires within this time is replaced. Milliseconds. */
const RENEWAL = 30 * DAY;

function whyReplaced({ certificate }: StoredAuthority, now: number): string | undefined {
  const end = new Date(new X509Certificate(certificate).validTo);
  const day = end.toISOString().slice(0, 10);
  if (end.getTime() <= now) return `expired on ${day}`;
  if (end.getTime() <= now + RENEWAL) return `expires on ${day}`;
  return isValidForAll(certificate) ? undefined : "is not valid for all of the gateway's hosts";
}

function prepare(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw cannotWrite(folder, cause);
  }
}

const cannotWrite = (folder: string, cause: unknown): AuthorityError =>
  new AuthorityError(
    `The certificate authority cannot be stored in ${folder}: ${(cause as Error).message}. Set PAYBOX_SIM_HOME to a folder that can be written.`,
    { cause },
  );

function writing<Result>(folder: string, write: () => Result): Result {
  try {
    return write();
  } catch (cause) {
    throw cannotWrite(folder, cause);
  }
}

async function latest(folder: string, now: number): Promise<{ stored: StoredAuthority; why: string | undefined }> {
  const before = readAuthority(folder);
  const why = before && whyReplaced(before, now);
  if (before && why === undefined) return { stored: before, why };
  const made = await makeAuthority(now);
  writing(folder, () => keepAuthority(folder, (before?.number ?? 0) + 1, made));
  // Another process may have been first: the stored authority counts, not the one made here.
  return { stored: readAuthority(folder) as StoredAuthority, why };
}

/**
 * Opens the certificate authority of this user. It is created on first use, and replaced when it expires or is not valid for all hosts of
 * the gateway. Its files are brought up to date.
 *
 * @param folder where it is stored. Default: {@link homeFolder}
 * @param now milliseconds since the epoch
 * @throws AuthorityError when it is damaged, or cannot be read or stored
 */
export async function openAuthority(folder?: string, now = Date.now()): Promise<OpenedAuthority> {
  const home = resolve(folder ?? (await homeFolder()));
  prepare(home);
  const { stored, why } = await latest(home, now);
  const file = join(home, 'ca.pem');
  const bundle = join(home, 'ca-bundle.pem');
  writing(home, () => {
    replaceFile(file, stored.certificate);
    replaceFile(bundle, `${rootCertificates.join('\n')}\n${stored.certificate}`);
  });
  const notice =
    why &&
    `The previous certificate authority ${why}. A new one was created: trust ${file} again wherever you trusted the previous one (paybox-sim ca trust).`;
  return { file, bundle, notice, pair: { key: stored.key, certificate: stored.certificate } };
}
