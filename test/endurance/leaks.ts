/** A value that must not appear in a text. */
export interface Secret {
  /** The name of the value in messages. */
  readonly what: string;
  readonly value: string;
}

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');

// In the base64 of a longer text, a value has one of three forms, depending on its offset. The characters at both ends vary.
function base64Forms(value: string): string[] {
  return ['', 'x', 'xx'].map((before) => base64(before + value).slice(before.length + 1, -4)).filter((form) => form.length >= 6);
}

const percent = (value: string): string => Array.from(value, (character) => `%${character.charCodeAt(0).toString(16)}`).join('');

/** Patterns for all forms in which a secret may appear. */
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

/**
 * Finds secrets in a text: in clear, spaced, percent-encoded, in hex or in base64.
 *
 * @param source name of the text in the result
 * @returns one line for each secret that was found
 */
export function leaksIn(source: string, text: string, secrets: readonly Secret[]): string[] {
  return secrets.flatMap(({ what, value }) => {
    const at = formsOf(value).reduce((found, form) => (found < 0 ? text.search(form) : found), -1);
    return at < 0 ? [] : [`${source}: ${what} in ${JSON.stringify(text.slice(Math.max(0, at - 60), at + 80))}`];
  });
}
