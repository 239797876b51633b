/** The certificate authority cannot be read or created. The message names the file or folder, and what to do. */
export class AuthorityError extends Error {
  override readonly name = 'AuthorityError';
}
