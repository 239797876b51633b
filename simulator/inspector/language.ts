import { type Language, parseLanguage, preferredLanguage } from '../pages/language.js';

/** The cookie that stores the language the user selected. */
export const LANGUAGE_COOKIE = 'paybox_sim_language';

/** Returns the language of the cookie, or else the preferred one of Accept-Language. */
export function languageOf(cookie: string | undefined, acceptLanguage: string | undefined): Language {
  return parseLanguage(cookie) ?? preferredLanguage(acceptLanguage);
}
