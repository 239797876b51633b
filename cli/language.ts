import { type Language, parseLanguage } from '../simulator/pages/language.js';
import type { Environment } from './trust/variables.js';

/** The value of `--lang`, read before the command line is parsed: its help and its errors have a language too. */
function langOption(args: readonly string[]): string | undefined {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  const at = own.findLastIndex((arg) => /^--lang(?:=|$)/.test(arg));
  return at < 0 ? undefined : (/=(.*)/s.exec(own[at] ?? '')?.[1] ?? own[at + 1]);
}

/**
 * Returns the language of the messages: that of `--lang`, or else of the first of LC_ALL, LC_MESSAGES and LANG that is set. It is English
 * for any other language.
 */
export function languageOf(args: readonly string[], env: Environment): Language {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return parseLanguage(langOption(args)) ?? parseLanguage(/^[a-z]+/i.exec(locale)?.[0].toLowerCase()) ?? 'en';
}
