/** The languages of the pages. The first is the default. */
export const LANGUAGES = ['en', 'fr'] as const;

/** A language of the pages. */
export type Language = (typeof LANGUAGES)[number];

const isLanguage = (text: string | undefined): text is Language => LANGUAGES.some((language) => language === text);

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

/** Returns the first language of an Accept-Language header that the pages have, or else the default. */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  return acceptedLanguages(acceptLanguage ?? '').find(isLanguage) ?? LANGUAGES[0];
}

/** Reads the name of a language. Returns undefined if it is missing or the pages do not have the language. */
export function parseLanguage(text: string | undefined): Language | undefined {
  return isLanguage(text) ? text : undefined;
}
