import { KeyError, utf8OrLatin1Text, verifySignature } from '../contracts/index.js';
import { MisuseError } from './errors/client-error.js';

/**
 * Checks the type of a public key.
 *
 * @param method the method that was given the key, for the error
 * @throws MisuseError if it is not a text
 */
export function checkPublicKey(method: string, publicKey: unknown): void {
  if (typeof publicKey !== 'string') throw new MisuseError(`${method}: publicKey must be a PEM text.`);
}

/**
 * Whether a signature is that of a text.
 *
 * @param method the method that was given the key, for the error
 * @param text one character per byte
 * @param signature base64
 * @throws MisuseError if the key cannot be read
 */
export async function isSigned(method: string, text: string, signature: string, publicKey: string): Promise<boolean> {
  try {
    return await verifySignature(text, signature, publicKey);
  } catch (error) {
    if (error instanceof KeyError) throw new MisuseError(`${method}: publicKey: ${error.message}`);
    throw error;
  }
}

/**
 * Whether a text that came back is the one that was sent. What comes back as ISO-8859-1 may be valid UTF-8 by chance, and is then read as
 * such.
 */
export const isSameText = (received: string, sent: string): boolean => received === sent || received === utf8OrLatin1Text(sent);
