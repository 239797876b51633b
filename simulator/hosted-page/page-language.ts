import { type Language, preferredLanguage } from '../pages/language.js';

/** Returns the language of the page: French for PBX_LANGUE `FRA`, English for every other value, that of the browser without one. */
export function pageLanguage(pbxLangue: string | undefined, acceptLanguage: string | undefined): Language {
  if (!pbxLangue) return preferredLanguage(acceptLanguage);
  return pbxLangue === 'FRA' ? 'fr' : 'en';
}
