/** HTML that is escaped where it must be. */
export interface Markup {
  readonly markup: string;
}

type Value = string | number | Markup | readonly Markup[];

const REFERENCES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '\r': '&#13;' };

// A parser reads a carriage return as a line feed, but not its reference.
const escapeText = (text: string): string => text.replace(/[&<>"'\r]/g, (character) => REFERENCES[character] as string);

function markupOf(value: Value): string {
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}

/** A template tag that escapes texts, also within quoted attributes, and inserts {@link Markup} and lists of it unchanged. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return { markup: strings.reduce((before, after, at) => before + markupOf(values[at - 1] as Value) + after) };
}

/** Nothing, for a part that a page does not have. */
export const NOTHING: Markup = { markup: '' };

/** Replaces the characters that ISO-8859-1 does not have by numeric references. */
export function latin1Markup(markup: string): string {
  return markup.replace(/[^\x00-\xff]/gu, (character) => `&#${character.codePointAt(0)};`);
}
