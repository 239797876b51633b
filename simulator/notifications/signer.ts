import { publicKeyOf, signText, TEST_PUBLIC_KEY } from '../../contracts/index.js';
import { TEST_PRIVATE_KEY } from './test-private-key.js';

/** Signs what the gateway sends to shops. */
export interface Signer {
  /** The key that verifies the signatures, as PEM. */
  publicKey(): Promise<string>;
  /**
   * Returns the signature in base64.
   *
   * @param text one character per byte
   */
  sign(text: string): Promise<string>;
}

/**
 * Makes a signer.
 *
 * @param privateKey PEM, PKCS #8. Default: the published test key, which is the same in every simulator
 */
export function makeSigner(privateKey?: string): Signer {
  return {
    publicKey: async () => (privateKey === undefined ? TEST_PUBLIC_KEY : publicKeyOf(privateKey)),
    sign: (text) => signText(text, privateKey ?? TEST_PRIVATE_KEY),
  };
}
