import type { Language } from '../pages/language.js';
import { PROBLEM_MESSAGES } from './messages/problem-messages.js';
import { FRENCH_PROBLEMS } from './messages/problem-messages-fr.js';
import { translateIn } from './templates.js';

/**
 * Returns a message about what a user wrote in a language. It may begin with the name of the wrong value (`from: must be >= 1`). Messages
 * that are not in the table, such as those of a YAML parser, stay in English.
 */
export function problemIn(language: Language, message: string): string {
  if (language === 'en') return message;
  const french = (text: string): string | undefined => translateIn(PROBLEM_MESSAGES, FRENCH_PROBLEMS, 'problem', text);
  const [, name = '', rest = ''] = /^([\w./-]+): (.*)$/s.exec(message) ?? [];
  return french(message) ?? (name === '' ? message : `${name}\u00a0: ${french(rest) ?? rest}`);
}
