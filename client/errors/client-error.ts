/**
 * Base class of all errors of the client: {@link MisuseError} for calls that were never sent, {@link TransportError} for questions
 * without a usable reply. No error contains a card number, CVV, token or key.
 */
export abstract class ClientError extends Error {}
