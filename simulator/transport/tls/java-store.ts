import { createHash, X509Certificate } from 'node:crypto';

/** The password of every trust store of Java, as its own tools choose it. It protects nothing: certificates are public. */
export const JAVA_STORE_PASSWORD = 'changeit';

const MAGIC = 0xfeedfeed;
const VERSION = 2;
const TRUSTED_CERTIFICATE = 2;

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes]);
}

/** Bytes of a time: the epoch, so that the same certificates make the same file. */
const NO_TIME = Buffer.alloc(8);

function entry(pem: string, index: number): Buffer {
  const { raw } = new X509Certificate(pem);
  return Buffer.concat([int32(TRUSTED_CERTIFICATE), text(`authority-${index}`), NO_TIME, text('X.509'), int32(raw.length), raw]);
}

/**
 * Returns a trust store in the format JKS, which every version of Java reads, also as the type PKCS12 that is its default.
 *
 * @param certificates in PEM
 */
export function javaTrustStore(certificates: readonly string[]): Buffer {
  const content = Buffer.concat([int32(MAGIC), int32(VERSION), int32(certificates.length), ...certificates.map(entry)]);
  const password = Buffer.from(JAVA_STORE_PASSWORD, 'utf16le').swap16();
  const digest = createHash('sha1').update(password).update('Mighty Aphrodite').update(content).digest();
  return Buffer.concat([content, digest]);
}
