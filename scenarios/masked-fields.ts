import { maskBody, maskCardsIn, maskField } from '../contracts/index.js';

/** A variable as it may be shown and kept. */
export type MaskedField = readonly [name: string, value: string];

// What no variable is named like is a sign of JSON, XML or multipart, whose parts say nothing of where a secret stands.
const NAME = /^[\w.[\]() -]{0,64}$/;

/**
 * The variables of a question or a reply, masked. Of a body that is no form, its text under the name `(body)`, masked as such.
 */
export function maskedFields(fields: ReadonlyMap<string, string>): readonly MaskedField[] {
  const pairs = Array.from(fields);
  if (pairs.every(([name]) => NAME.test(name))) return pairs.map(([name, value]) => [maskCardsIn(name), maskField(name, value)]);
  return [['(body)', maskBody(pairs.map(([name, value]) => (value === '' ? name : `${name}=${value}`)).join('&'))]];
}
