/** The certificate authority cannot be read or made. The message says which file or folder, and what to do. */
export class AuthorityError extends Error {
  override readonly name = 'AuthorityError';
}
