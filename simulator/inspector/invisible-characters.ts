const RANGES = [
  // Control characters.
  '\\u0000-\\u001f',
  '\\u007f-\\u009f',
  // Characters without a glyph.
  '\\u00ad',
  '\\u180e',
  '\\u200b-\\u200d',
  '\\u2028-\\u2029',
  '\\u2060-\\u2064',
  '\\ufeff',
  '\\ufff9-\\ufffb',
  // Characters that change the direction of writing.
  '\\u061c',
  '\\u200e-\\u200f',
  '\\u202a-\\u202e',
  '\\u2066-\\u2069',
].join('');

/**
 * Matches a character that is invisible or makes a text look different from what it is. It captures, so `split` returns these characters at
 * the odd indexes.
 */
export const INVISIBLE = new RegExp(`([${RANGES}])`);

const hexOf = (character: string): string => character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');

/** Returns the name of a character: `U+202E`. */
export const codePointName = (character: string): string => `U+${hexOf(character)}`;

/** Escapes the invisible characters of a text, except line feeds, as `\uXXXX` for JSON and YAML. */
export function escapeInvisible(text: string): string {
  return text.replace(new RegExp(INVISIBLE, 'g'), (character) => (character === '\n' ? character : `\\u${hexOf(character)}`));
}
