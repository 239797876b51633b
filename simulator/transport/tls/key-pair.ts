/** A certificate and its private key, in PEM. */
export interface KeyPair {
  readonly key: string;
  readonly certificate: string;
}
