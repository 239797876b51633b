import { ClientError } from './client-error.js';

/**
 * The client was called with invalid options or parameters: an amount that is not an integer, a missing or misspelled parameter, a
 * malformed key. Nothing was sent. The message names the parameter and what it must be, never its value. Correct the program.
 */
export class MisuseError extends ClientError {
  override readonly name = 'MisuseError';
}
