import { fillTemplate } from '../engine/finding-messages.js';

/** Texts with placeholders, `{name}`, by id. */
export type Templates = Readonly<Record<string, string>>;

/** Tables of texts with the keys of others. */
export type TranslationOf<Tables> = { readonly [Table in keyof Tables]: { readonly [Id in keyof Tables[Table]]: string } };

/** The id of the template that a text was made from, and the values in it. */
interface ReadTemplate {
  readonly id: string;
  readonly values: Readonly<Record<string, string>>;
}

const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

function patternOf(template: string): RegExp {
  const parts = template.split(/\{(\w+)\}/).map((part, at) => (at % 2 === 1 ? `(?<${part}>.*?)` : escapePattern(part)));
  return new RegExp(`^${parts.join('')}$`, 's');
}

// Made once for each table: the pages read the same templates again and again.
const patternsByTable = new WeakMap<Templates, readonly (readonly [id: string, pattern: RegExp])[]>();

function patternsOf(templates: Templates): readonly (readonly [id: string, pattern: RegExp])[] {
  const known = patternsByTable.get(templates);
  if (known) return known;
  const made = Object.entries(templates).map(([id, template]) => [id, patternOf(template)] as const);
  patternsByTable.set(templates, made);
  return made;
}

/** Finds the first template that a text can be made from, and the values in the text. Undefined if no template fits. */
function readTemplate(templates: Templates, text: string): ReadTemplate | undefined {
  for (const [id, pattern] of patternsOf(templates)) {
    const match = pattern.exec(text);
    if (match) return { id, values: { ...match.groups } };
  }
  return undefined;
}

/**
 * Translates a text that was made from a template. Returns undefined if no template fits.
 *
 * @param translated the templates in the other language
 * @param translateValue translates a value in the text by the name of its placeholder
 */
export function translateText<Id extends string>(
  templates: Readonly<Record<Id, string>>,
  translated: Readonly<Record<Id, string>>,
  text: string,
  translateValue: (name: string, value: string) => string,
): string | undefined {
  const read = readTemplate(templates, text);
  if (!read) return undefined;
  const values = Object.entries(read.values).map(([name, value]) => [name, translateValue(name, value)] as const);
  return fillTemplate(translated[read.id as Id], Object.fromEntries(values));
}

/**
 * Translates a text that was made from a template of a table. A placeholder with the name of a table holds a text of that table. Returns
 * undefined if no template fits.
 *
 * @param translated the tables in the other language
 */
export function translateIn<Tables extends Readonly<Record<string, Templates>>>(
  tables: Tables,
  translated: TranslationOf<Tables>,
  table: keyof Tables & string,
  text: string,
): string | undefined {
  const translateValue = (name: string, value: string): string =>
    Object.hasOwn(tables, name) ? (translateIn(tables, translated, name, value) ?? value) : value;
  return translateText<string>(tables[table] as Templates, translated[table], text, translateValue);
}
