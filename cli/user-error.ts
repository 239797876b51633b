/** Something the user can put right: shown without a stack, and the command ends with status 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
