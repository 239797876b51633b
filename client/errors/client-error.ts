/** What every error of the client is. None of them ever carries a card number, a CVV, a token or a key. */
export abstract class ClientError extends Error {}
