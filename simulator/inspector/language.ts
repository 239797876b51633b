/** The languages the inspector speaks; the first is that of whoever asks for none of them. */
export const LANGUAGES = ['en', 'fr'] as const;

/** A language the inspector speaks. */
export type Language = (typeof LANGUAGES)[number];

const isLanguage = (text: string | undefined): text is Language => LANGUAGES.some((language) => language === text);

/** The cookie that remembers what somebody chose. */
export const LANGUAGE_COOKIE = 'paybox_sim_language';

function accepted(header: string): string[] {
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

/** The language that was chosen, else the browser's first that is spoken here. */
export function languageOf(chosen: string | undefined, acceptLanguage: string | undefined): Language {
  if (isLanguage(chosen)) return chosen;
  return accepted(acceptLanguage ?? '').find(isLanguage) ?? LANGUAGES[0];
}

/** The language that a parameter asks for; undefined: none that is spoken here. */
export function readLanguage(text: string | undefined): Language | undefined {
  return isLanguage(text) ? text : undefined;
}
