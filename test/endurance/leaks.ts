/** A secret, and where a whole word of it would be one by chance. */
export interface Secret {
  readonly what: string;
  readonly value: string;
}

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');

// Wherever the value stands in a longer text, its base64 is one of three, but for the characters at the edges.
function base64Forms(value: string): string[] {
  return ['', 'x', 'xx'].map((before) => base64(before + value).slice(before.length + 1, -4)).filter((form) => form.length >= 6);
}

const percent = (value: string): string => Array.from(value, (character) => `%${character.charCodeAt(0).toString(16)}`).join('');

/** The ways a secret may be written down. */
function formsOf(value: string): readonly RegExp[] {
  const exactly = (form: string): RegExp => new RegExp(form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i');
  const between = (separator: string): RegExp => new RegExp(Array.from(value).join(separator));
  const isNumber = /^\d+$/.test(value);
  return [
    isNumber ? new RegExp(`(?<!\\d)${value}(?!\\d)`) : exactly(value),
    exactly(percent(value)),
    exactly(Buffer.from(value, 'latin1').toString('hex')),
    ...(value.length >= 12 ? base64Forms(value).map((form) => new RegExp(form.replace(/[+]/g, '\\+'))) : [exactly(base64(value))]),
    ...(isNumber && value.length >= 12 ? [new RegExp(value), between('[ +-]?'), between('(?:%20|%2B|%2D)?')] : []),
  ];
}

/** Where secrets stand in a text, in clear, percent-encoded, in hex, spaced, or as base64; empty: nowhere. */
export function leaksIn(place: string, text: string, secrets: readonly Secret[]): string[] {
  return secrets.flatMap(({ what, value }) => {
    const at = formsOf(value).reduce((found, form) => (found < 0 ? text.search(form) : found), -1);
    return at < 0 ? [] : [`${place}: ${what} in ${JSON.stringify(text.slice(Math.max(0, at - 60), at + 80))}`];
  });
}
