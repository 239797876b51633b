import type { Language } from '../../simulator/inspector/language.js';
import { withNoBreakSpaces } from '../../simulator/inspector/messages/typography.js';
import { translateText } from '../../simulator/inspector/templates.js';
import { en, type Messages } from './en.js';
import { FOREIGN_TEXTS } from './foreign-texts.js';
import { fr } from './fr.js';

const MESSAGES: Record<Language, Messages> = { en, fr: withNoBreakSpaces(fr) };

let current: Language = 'en';

/** Sets the language of all messages of this process. */
export function useLanguage(language: Language): void {
  current = language;
}

/** Returns the language of the messages. */
export const currentLanguage = (): Language => current;

/** Returns the texts of the command in the language of the messages. */
export const messages = (): Messages => MESSAGES[current];

type Group = keyof typeof FOREIGN_TEXTS;

const isGroup = (name: string): name is Group => Object.hasOwn(FOREIGN_TEXTS, name);

/** Returns a text of a group of {@link FOREIGN_TEXTS} in the language of the messages. Lines without a translation stay as they are. */
export function translated(group: Group, text: string): string {
  const translateValue = (name: string, value: string): string => (isGroup(name) ? translated(name, value) : value);
  const translateLine = (line: string): string =>
    translateText<string>(FOREIGN_TEXTS[group], messages().foreign[group], line, translateValue) ?? line;
  return current === 'en' ? text : text.split('\n').map(translateLine).join('\n');
}
