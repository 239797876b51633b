/** The languages of the inspector. The first is the default. */
export const LANGUAGES = ['en', 'fr'] as const;

/** A language of the inspector. */
export type Language = (typeof LANGUAGES)[number];

const isLanguage = (text: string | undefined): text is Language => LANGUAGES.some((language) => language === text);

/** The cookie that stores the language the user selected. */
export const LANGUAGE_COOKIE = 'paybox_sim_language';

function acceptedLanguages(header: string): string[] {
  const ranges = header.split(',').map((range) => {
    const [name = '', ...parameters] = range.trim().split(';');
    const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find((q) => q !== undefined);
    return { name: name.slice(0, 2).toLowerCase(), quality: Number(quality ?? 1) };
  });
  return ranges
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ name }) => name);
}

/** Returns the language of the cookie, or else the first of Accept-Language that the inspector has, or else the default. */
export function languageOf(cookie: string | undefined, acceptLanguage: string | undefined): Language {
  if (isLanguage(cookie)) return cookie;
  return acceptedLanguages(acceptLanguage ?? '').find(isLanguage) ?? LANGUAGES[0];
}

/** Reads a language from a parameter; undefined if it is missing or the inspector does not have it. */
export function parseLanguage(text: string | undefined): Language | undefined {
  return isLanguage(text) ? text : undefined;
}
