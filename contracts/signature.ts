import { latin1Bytes } from './frame/latin1.js';

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-1' } as const;

/** A key that cannot be read. The message says what is expected. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}

const base64Text = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return latin1Bytes(atob(base64));
}

function pemBytes(pem: string, label: string): Uint8Array<ArrayBuffer> {
  const body = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`).exec(pem)?.[1];
  if (body === undefined) throw new KeyError(`The key is not a PEM text that begins with "-----BEGIN ${label}-----".`);
  try {
    return bytesOf(body.replace(/\s/g, ''));
  } catch (cause) {
    throw new KeyError(`The key between the lines "${label}" is not base64.`, { cause });
  }
}

async function importKey(pem: string, use: 'sign' | 'verify', isExtractable = false): Promise<CryptoKey> {
  const [format, label] = use === 'sign' ? (['pkcs8', 'PRIVATE KEY'] as const) : (['spki', 'PUBLIC KEY'] as const);
  const bytes = pemBytes(pem, label);
  return crypto.subtle.importKey(format, bytes, ALGORITHM, isExtractable, [use]).catch((cause: unknown) => {
    throw new KeyError(`The key between the lines "${label}" is not an RSA key.`, { cause });
  });
}

/** The last key that was used to sign and to verify: a process uses one of each. */
const lastKeys: Partial<Record<'sign' | 'verify', { readonly pem: string; readonly key: Promise<CryptoKey> }>> = {};

function keyOf(pem: string, use: 'sign' | 'verify'): Promise<CryptoKey> {
  const known = lastKeys[use];
  if (known?.pem === pem) return known.key;
  const key = importKey(pem, use);
  lastKeys[use] = { pem, key };
  return key;
}

/**
 * Signs a text as the gateway does: RSA with SHA-1, PKCS #1 v1.5. See docs/protocol.md#section-7.
 *
 * @param text one character per byte (ISO-8859-1)
 * @param privateKey PEM, PKCS #8
 * @returns the signature in base64, 172 characters for a key of 1024 bits
 * @throws KeyError when the key cannot be read
 */
export async function signText(text: string, privateKey: string): Promise<string> {
  const key = await keyOf(privateKey, 'sign');
  return base64Text(await crypto.subtle.sign(ALGORITHM.name, key, latin1Bytes(text)));
}

/**
 * Whether a signature of {@link signText} is that of a text.
 *
 * @param text one character per byte (ISO-8859-1)
 * @param signature base64. A text that is not base64 is a wrong signature
 * @param publicKey PEM, SubjectPublicKeyInfo (`-----BEGIN PUBLIC KEY-----`)
 * @throws KeyError when the key cannot be read
 */
export async function verifySignature(text: string, signature: string, publicKey: string): Promise<boolean> {
  const key = await keyOf(publicKey, 'verify');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(signature) || signature.length % 4 !== 0) return false;
  return crypto.subtle.verify(ALGORITHM.name, key, bytesOf(signature), latin1Bytes(text));
}

const pemText = (bytes: ArrayBuffer, label: string): string =>
  `-----BEGIN ${label}-----\n${base64Text(bytes).replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;

/**
 * The public key of a private key.
 *
 * @param privateKey PEM, PKCS #8
 * @returns PEM, SubjectPublicKeyInfo
 * @throws KeyError when the key cannot be read
 */
export async function publicKeyOf(privateKey: string): Promise<string> {
  const { kty, n, e } = await crypto.subtle.exportKey('jwk', await importKey(privateKey, 'sign', true));
  const key = await crypto.subtle.importKey('jwk', { kty, n, e } as JsonWebKey, ALGORITHM, true, ['verify']);
  return pemText(await crypto.subtle.exportKey('spki', key), 'PUBLIC KEY');
}
