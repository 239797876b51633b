import { codePointName, INVISIBLE } from '../invisible-characters.js';

/** Replaces the invisible characters of a text by their names, for places that cannot contain elements. */
export function visibleText(text: string): string {
  return text
    .split(INVISIBLE)
    .map((part, at) => (at % 2 === 1 ? codePointName(part) : part))
    .join('');
}

const MAX_LENGTH = 64;

/** A value of a request or a reply. Invisible characters appear by name, and the direction of writing of the value does not affect the page. */
export function WireValue({ value, short = false }: { readonly value: string; readonly short?: boolean }) {
  const shown = short && value.length > MAX_LENGTH ? `${value.slice(0, MAX_LENGTH)}…` : value;
  return (
    <bdi class="wire" title={shown === value ? undefined : visibleText(value)}>
      {shown.split(INVISIBLE).map((part, at) => (at % 2 === 1 ? <span class="invisible">{codePointName(part)}</span> : part))}
    </bdi>
  );
}
