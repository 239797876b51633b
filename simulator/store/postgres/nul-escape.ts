// PostgreSQL has no NUL in its texts, requests may have.
const ESCAPE = '\u001a';
const NUL = '\u0000';
const SPECIAL = new RegExp(`[${NUL}${ESCAPE}]`, 'g');
const WRITTEN = new RegExp(`${ESCAPE}([01])`, 'g');

/** A text as the database can keep it. */
export function writeText(text: string): string {
  return text.includes(NUL) || text.includes(ESCAPE) ? text.replace(SPECIAL, (c) => (c === NUL ? `${ESCAPE}0` : `${ESCAPE}1`)) : text;
}

/** A text of {@link writeText} as it was. */
export function readText(kept: string): string {
  return kept.includes(ESCAPE) ? kept.replace(WRITTEN, (_, digit) => (digit === '0' ? NUL : ESCAPE)) : kept;
}
