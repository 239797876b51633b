/** The name of the method that Node's `inspect` and `console.log` call. A symbol of the global registry, so it needs no Node built-in. */
export const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never;
