import type { CertifiedName } from './names.js';

/** Identifier of the extension. RFC 5280, section 4.2.1.10. */
export const NAME_CONSTRAINTS = '2.5.29.30';

const SEQUENCE = 0x30;
const PERMITTED_SUBTREES = 0xa0;
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

/** What a subtree holds of an address: the address, and a mask that leaves no other. */
const ADDRESSES: Readonly<Record<string, Uint8Array>> = {
  '127.0.0.1': Uint8Array.of(127, 0, 0, 1, 255, 255, 255, 255),
  '::1': Uint8Array.of(...new Array<number>(15).fill(0), 1, ...new Array<number>(16).fill(255)),
};

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Uint8Array.from([tag, ...lengthBytes(content.length)]), content]);
}

function subtree({ type, value }: CertifiedName): Buffer {
  if (type === 'dns') return der(SEQUENCE, der(DNS_NAME, Buffer.from(value, 'latin1')));
  const address = ADDRESSES[value];
  if (!address) throw new RangeError(`${value} is no address that certificates are made for.`);
  return der(SEQUENCE, der(IP_ADDRESS, address));
}

/** The extension's value, in DER, of an authority that may speak for these names only. */
export function permitOnly(names: readonly CertifiedName[]): Buffer {
  return der(SEQUENCE, der(PERMITTED_SUBTREES, ...names.map(subtree)));
}

/** Whether an extension's value permits all of these names. */
export function permitsAll(value: Uint8Array, names: readonly CertifiedName[]): boolean {
  const permitted = Buffer.from(value);
  return names.every((name) => permitted.includes(subtree(name)));
}
