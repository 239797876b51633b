const RANGES = [
  // Controls.
  '\\u0000-\\u001f',
  '\\u007f-\\u009f',
  // Invisible characters.
  '\\u00ad',
  '\\u180e',
  '\\u200b-\\u200d',
  '\\u2028-\\u2029',
  '\\u2060-\\u2064',
  '\\ufeff',
  '\\ufff9-\\ufffb',
  // Those that turn the direction of writing.
  '\\u061c',
  '\\u200e-\\u200f',
  '\\u202a-\\u202e',
  '\\u2066-\\u2069',
].join('');

/** What comes over the wire and is seen as something else than it is, or not at all; captured, to split by. */
export const UNSEEN = new RegExp(`([${RANGES}])`);

const hexOf = (character: string): string => character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');

/** The name of a character: `U+202E`. */
export const codePoint = (character: string): string => `U+${hexOf(character)}`;

/** A text in which all that is not seen, but for ends of lines, is escaped as JSON and YAML have it. */
export function escapeUnseen(text: string): string {
  return text.replace(new RegExp(UNSEEN, 'g'), (character) => (character === '\n' ? character : `\\u${hexOf(character)}`));
}
