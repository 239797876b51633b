import { latin1Bytes, latin1Text, type ResultFields, resultFormFields, resultQuery, signedText } from '../../contracts/index.js';
import { type Authentication, outcomeAt, type ResultFault } from '../engine/authentication.js';
import { resultFieldsOf } from '../engine/decide-authentication.js';
import type { Signer } from '../notifications/signer.js';

/** A result with its signature. */
export interface SignedResult {
  readonly fields: ResultFields;
  readonly check: string;
}

// One character for each byte of UTF-8: they are sent as if they were characters of ISO-8859-1.
const utf8 = (text: string): string => latin1Text(new TextEncoder().encode(text));

// What ISO-8859-1 does not have is signed as `?`, so the browser must post the same.
const latin1 = (text: string): string => latin1Text(latin1Bytes(text));

function faultyFields(fields: ResultFields, { session, charset }: ResultFault): ResultFields {
  const changed = session === 'other' ? { ...fields, IdSession: `${fields.IdSession}-0` } : fields;
  const encode = charset === 'utf-8' ? utf8 : latin1;
  return Object.fromEntries(Object.entries(changed).map(([name, value]) => [name, value === undefined ? value : encode(value)]));
}

/**
 * Makes the result of an authentication that ended, with the faults that a rule asks for.
 *
 * @param now milliseconds since the epoch
 */
export async function makeResult(
  authentication: Authentication,
  fault: ResultFault = {},
  signer: Signer,
  now: number,
): Promise<SignedResult> {
  const fields = faultyFields(resultFieldsOf(authentication, outcomeAt(authentication, now) || 'timeout'), fault);
  const text = signedText(fields);
  return { fields, check: await signer.sign(fault.check === 'wrong' ? `${text}0` : text) };
}

/** Adds what follows to the query of an address: the shop's own variables come first. */
function withQuery(url: string, query: string): string {
  const [address = ''] = url.split('#', 1);
  const separator = address.includes('?') ? (/[?&]$/.test(address) ? '' : '&') : '?';
  return address + separator + query;
}

/** The address that the gateway calls with a result. See docs/protocol.md#section-7. */
export function resultAddress(url: string, { fields, check }: SignedResult): string {
  return withQuery(url, resultQuery(fields, check));
}

/** The fields of the form that the browser posts with a result. See docs/protocol.md#section-7. */
export function resultForm({ fields, check }: SignedResult): readonly (readonly [name: string, value: string])[] {
  return resultFormFields(fields, check);
}
