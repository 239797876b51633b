/**
 * Replaces the control characters of a text, which a terminal would interpret, by dots.
 * For texts from files, programs and requests.
 */
export const printable = (text: string): string => text.replace(/[\x00-\x1f\x7f-\x9f]/g, '·');
