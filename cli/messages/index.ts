import { translateIn } from '../../simulator/inspector/templates.js';
import type { Language } from '../../simulator/pages/language.js';
import { withNoBreakSpaces } from '../../simulator/pages/typography.js';
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

/** Returns a text of a group of {@link FOREIGN_TEXTS} in the language of the messages. Lines without a translation stay as they are. */
export function translated(group: keyof typeof FOREIGN_TEXTS, text: string): string {
  const translateLine = (line: string): string => translateIn(FOREIGN_TEXTS, messages().foreign, group, line) ?? line;
  return current === 'en' ? text : text.split('\n').map(translateLine).join('\n');
}
