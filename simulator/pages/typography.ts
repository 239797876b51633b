const inText = (text: string): string => text.replace(/ (?=[:;?!»])/g, '\u00a0').replace(/« /g, '«\u00a0');

/** Returns French texts with no-break spaces at `:`, `;`, `?`, `!` and quotation marks, so that no line begins or ends with one. */
export function withNoBreakSpaces<Texts>(texts: Texts): Texts {
  if (typeof texts === 'string') return inText(texts) as Texts;
  if (typeof texts === 'function') return ((...values: unknown[]) => inText(texts(...values))) as Texts;
  if (Array.isArray(texts)) return texts.map(withNoBreakSpaces) as Texts;
  return Object.fromEntries(Object.entries(texts as object).map(([name, text]) => [name, withNoBreakSpaces(text)])) as Texts;
}
