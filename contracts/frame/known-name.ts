import { VARIABLES } from '../variables.js';

/** The name of a variable of the gateway, with its bytes. */
export interface KnownName {
  readonly name: string;
  /** Index of the variable in `VARIABLES`. */
  readonly index: number;
  readonly bytes: Uint8Array;
}

const BUCKETS = 128;

const bucketOf = (length: number, first: number, last: number): number => (length * 31 + first * 7 + last) & (BUCKETS - 1);

const KNOWN: readonly KnownName[] = VARIABLES.map(({ name }, index) => ({ name, index, bytes: new TextEncoder().encode(name) }));

/** A hash table of the names by length, first byte and last byte. Few buckets have more than one name. */
const TABLE: readonly (readonly KnownName[])[] = Array.from({ length: BUCKETS }, (_, bucket) =>
  KNOWN.filter(({ bytes }) => bucketOf(bytes.length, bytes[0] as number, bytes.at(-1) as number) === bucket),
);

function isAt(body: Uint8Array, start: number, name: Uint8Array): boolean {
  for (let i = 0; i < name.length; i++) if (body[start + i] !== name[i]) return false;
  return true;
}

/**
 * The variable of the gateway whose name is between two positions of a body, or undefined if there is none. Compares bytes, because
 * creating a string for each name and looking it up takes more time than the rest of the parsing.
 */
export function knownName(body: Uint8Array, start: number, end: number): KnownName | undefined {
  if (end <= start) return undefined;
  const candidates = TABLE[bucketOf(end - start, body[start] as number, body[end - 1] as number)] as readonly KnownName[];
  for (const known of candidates) if (known.bytes.length === end - start && isAt(body, start, known.bytes)) return known;
  return undefined;
}
