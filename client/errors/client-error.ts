/**
 * Base class of all errors of the client: {@link MisuseError} for calls that were never sent, {@link TransportError} for questions
 * without a usable reply. No error contains a card number, CVV, token or key.
 */
export abstract class ClientError extends Error {}

/**
 * The client was called with invalid options or parameters: an amount that is not an integer, a missing or misspelled parameter, a
 * malformed key. Nothing was sent. The message names the parameter and what it must be, never its value. Correct the program.
 */
export class MisuseError extends ClientError {
  override readonly name = 'MisuseError';
}
