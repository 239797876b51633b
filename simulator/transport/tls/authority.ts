import { X509Certificate } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rootCertificates } from 'node:tls';
import { authorityFolder } from './authority-folder.js';
import type { KeyPair } from './certificate.js';
import { javaTrustStore } from './java-store.js';
import { replaceFile } from './replace-file.js';
import { AuthorityError, readAuthority, type StoredAuthority, storeAuthority } from './stored-authority.js';
import { isValidForAll, makeAuthority } from './x509.js';

/** The local certificate authority that programs must trust. */
export interface CertificateAuthority {
  /** File with its certificate only. */
  readonly file: string;
  /** File with the public authorities and this one, for runtimes that trust only the file they are given. */
  readonly bundle: string;
  /** The certificates of `bundle` as a trust store for Java. Its password is `changeit`. */
  readonly javaStore: string;
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

/** Why an authority must be replaced; undefined if it is valid. */
function replacementReason({ certificate }: StoredAuthority, now: number): string | undefined {
  const end = new Date(new X509Certificate(certificate).validTo);
  const day = end.toISOString().slice(0, 10);
  if (end.getTime() <= now) return `expired on ${day}`;
  if (end.getTime() <= now + RENEWAL) return `expires on ${day}`;
  return isValidForAll(certificate) ? undefined : "is not valid for all of the gateway's hosts";
}

/** Runs `write`. Its errors become AuthorityErrors that name the folder. */
function writeTo(folder: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    throw new AuthorityError(
      `The certificate authority cannot be stored in ${folder}: ${(cause as Error).message}. Set PAYBOX_SIM_HOME to a folder that can be written.`,
      { cause },
    );
  }
}

/** Reads the authority of a folder. Makes a new one if none is stored or if it must be replaced; `why` is the reason. */
async function readOrRenew(folder: string, now: number): Promise<{ stored: StoredAuthority; why: string | undefined }> {
  const before = readAuthority(folder);
  const why = before && replacementReason(before, now);
  if (before && why === undefined) return { stored: before, why };
  const made = await makeAuthority(now);
  writeTo(folder, () => storeAuthority(folder, (before?.number ?? 0) + 1, made));
  // Another process may have been first: the stored authority counts, not the one made here.
  return { stored: readAuthority(folder) as StoredAuthority, why };
}

/**
 * Opens the certificate authority of this user. It is created on first use, and replaced when it expires or is not valid for all hosts of
 * the gateway. Its files are brought up to date.
 *
 * @param folder where it is stored. Default: {@link authorityFolder}
 * @param now milliseconds since the epoch
 * @throws AuthorityError when it is damaged, or cannot be read or stored
 */
export async function openAuthority(folder?: string, now = Date.now()): Promise<OpenedAuthority> {
  const home = resolve(folder ?? (await authorityFolder()));
  writeTo(home, () => void mkdirSync(home, { recursive: true, mode: 0o700 }));
  const { stored, why } = await readOrRenew(home, now);
  const file = join(home, 'ca.pem');
  const bundle = join(home, 'ca-bundle.pem');
  const javaStore = join(home, 'java-truststore.jks');
  writeTo(home, () => {
    replaceFile(file, stored.certificate);
    replaceFile(bundle, `${rootCertificates.join('\n')}\n${stored.certificate}`);
    replaceFile(javaStore, javaTrustStore([...rootCertificates, stored.certificate]));
  });
  const notice =
    why &&
    `The previous certificate authority ${why}. A new one was created: trust ${file} again wherever you trusted the previous one (paybox-sim ca trust).`;
  return { file, bundle, javaStore, notice, pair: { key: stored.key, certificate: stored.certificate } };
}
