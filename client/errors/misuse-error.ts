import { ClientError } from './client-error.js';

/**
 * The client was called in a way that cannot mean anything: an amount that is no whole number, a parameter missing or
 * misspelt, a key that is none. Nothing was sent. The message names the parameter and what it should be, never its value.
 */
export class MisuseError extends ClientError {
  override readonly name = 'MisuseError';
}
