/** A certificate with its private key, both in PEM. */
export interface KeyPair {
  readonly key: string;
  readonly certificate: string;
}
