import { makeSigner } from '../../simulator/notifications/signer.js';
import type { CommandIo } from '../command-io.js';
import { readSigningKey } from '../signing-key.js';

/** Options of `paybox-sim public-key`. */
export interface PublicKeyOptions {
  readonly signingKey?: string;
}

/**
 * Prints the public key that verifies the results of authentications, as PEM: that of the published test key, or of another private key.
 *
 * @throws UserError when the file is not a key that can sign
 */
export async function publicKey({ signingKey }: PublicKeyOptions, io: CommandIo): Promise<void> {
  const signer = makeSigner(signingKey === undefined ? undefined : readSigningKey(signingKey));
  io.stdout.write(await signer.publicKey());
}
