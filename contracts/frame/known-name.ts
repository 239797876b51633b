import { VARIABLES } from '../variables.js';

/** The name of a variable of the gateway, as it is told by its bytes. */
export interface KnownName {
  readonly name: string;
  /** Of the variable in `VARIABLES`. */
  readonly place: number;
  readonly bytes: Uint8Array;
}

const ROWS = 128;

const rowOf = (length: number, first: number, last: number): number => (length * 31 + first * 7 + last) & (ROWS - 1);

const KNOWN: readonly KnownName[] = VARIABLES.map(({ name }, place) => ({ name, place, bytes: new TextEncoder().encode(name) }));

/** The names in rows by length, first and last letter: hardly two are in one. */
const ALIKE: readonly (readonly KnownName[])[] = Array.from({ length: ROWS }, (_, row) =>
  KNOWN.filter(({ bytes }) => rowOf(bytes.length, bytes[0] as number, bytes.at(-1) as number) === row),
);

function isAt(body: Uint8Array, start: number, name: Uint8Array): boolean {
  for (let i = 0; i < name.length; i++) if (body[start + i] !== name[i]) return false;
  return true;
}

/**
 * The name that stands between two places of a body, where it is one of the gateway's variables. Told by the bytes: to make a text of each name
 * and look it up costs more than all else that is done with a body.
 */
export function knownName(body: Uint8Array, start: number, end: number): KnownName | undefined {
  if (end <= start) return undefined;
  const alike = ALIKE[rowOf(end - start, body[start] as number, body[end - 1] as number)] as readonly KnownName[];
  for (const known of alike) if (known.bytes.length === end - start && isAt(body, start, known.bytes)) return known;
  return undefined;
}
