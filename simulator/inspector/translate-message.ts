import { OPERATIONS } from '../../contracts/index.js';
import type { Finding, FindingRule } from '../engine/finding.js';
import { FINDING_MESSAGES, MESSAGE_TEXTS, TEXT_SEPARATORS } from '../engine/finding-messages.js';
import type { Language } from '../pages/language.js';
import { FRENCH_MESSAGES, FRENCH_TEXTS } from './messages/finding-messages-fr.js';
import { type Templates, translateText } from './templates.js';

type Group = keyof typeof MESSAGE_TEXTS;

const isGroup = (name: string): name is Group => Object.hasOwn(MESSAGE_TEXTS, name);

const SEPARATORS: Readonly<Partial<Record<Group, string>>> = TEXT_SEPARATORS;

/** Returns texts of a group of `MESSAGE_TEXTS` in French. Other texts are returned unchanged. */
export function frenchText(group: Group, text: string): string {
  const translated = translateText<string>(MESSAGE_TEXTS[group], FRENCH_TEXTS[group], text, frenchValue);
  if (translated !== undefined) return translated;
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

/** The message of a finding in a language. `language` is that of the text: English, if the message is that of an earlier version. */
export function messageIn(language: Language, { rule, message }: Pick<Finding, 'rule' | 'message'>): { text: string; language: Language } {
  const templates: Templates | undefined = FINDING_MESSAGES[rule as FindingRule];
  if (language === 'en' || templates === undefined) return { text: message, language: 'en' };
  const translated = translateText(templates, FRENCH_MESSAGES[rule] as Templates, message, frenchValue);
  return translated === undefined ? { text: message, language: 'en' } : { text: translated, language };
}
