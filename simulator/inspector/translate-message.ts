import { OPERATIONS } from '../../contracts/index.js';
import type { Finding, FindingRule } from '../engine/finding.js';
import { FINDING_MESSAGES, fillTemplate, MESSAGE_TEXTS, TEXT_SEPARATORS } from '../engine/finding-messages.js';
import type { Language } from '../pages/language.js';
import { FRENCH_MESSAGES, FRENCH_TEXTS } from './messages/finding-messages-fr.js';

type Templates = Readonly<Record<string, string>>;

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

type Group = keyof typeof MESSAGE_TEXTS;

const isGroup = (name: string): name is Group => Object.hasOwn(MESSAGE_TEXTS, name);

const SEPARATORS: Readonly<Partial<Record<Group, string>>> = TEXT_SEPARATORS;

/** Returns texts of a group of `MESSAGE_TEXTS` in French. Other texts are returned unchanged. */
export function frenchText(group: Group, text: string): string {
  const read = readTemplate(MESSAGE_TEXTS[group], text);
  const translated = read && (FRENCH_TEXTS[group] as Templates)[read.id];
  if (translated !== undefined) return fillTemplate(translated, frenchValues(read?.values ?? {}));
  const separator = SEPARATORS[group];
  if (separator === undefined || !text.includes(separator)) return text;
  return text
    .split(separator)
    .map((part) => frenchText(group, part))
    .join(separator);
}

function frenchValue(name: string, value: string): string {
  if (name === 'operation') return OPERATIONS.find(({ title }) => title.en === value)?.title.fr ?? value;
  return isGroup(name) ? frenchText(name, value) : value;
}

const frenchValues = (values: ReadTemplate['values']): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, frenchValue(name, value)]));

/** The message of a finding in a language. `language` is that of the text: English, if the message is that of an earlier version. */
export function messageIn(language: Language, { rule, message }: Pick<Finding, 'rule' | 'message'>): { text: string; language: Language } {
  const templates: Templates | undefined = FINDING_MESSAGES[rule as FindingRule];
  const read = language === 'fr' && templates ? readTemplate(templates, message) : undefined;
  const translated = read && (FRENCH_MESSAGES[rule] as Templates)[read.id];
  if (read === undefined || translated === undefined) return { text: message, language: 'en' };
  return { text: fillTemplate(translated, frenchValues(read.values)), language };
}
