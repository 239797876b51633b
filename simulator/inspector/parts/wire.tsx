import { codePoint, UNSEEN } from '../unseen.js';

/** A text for places that take no elements: what cannot be seen is named. */
export function visible(text: string): string {
  return text
    .split(UNSEEN)
    .map((part, at) => (at % 2 === 1 ? codePoint(part) : part))
    .join('');
}

const LONG = 64;

/** A value of the wire: as it is, what cannot be seen named, apart from the text around it. */
export function Wire({ value, short = false }: { readonly value: string; readonly short?: boolean }) {
  const shown = short && value.length > LONG ? `${value.slice(0, LONG)}…` : value;
  return (
    <bdi class="wire" title={shown === value ? undefined : visible(value)}>
      {shown.split(UNSEEN).map((part, at) => (at % 2 === 1 ? <span class="unseen">{codePoint(part)}</span> : part))}
    </bdi>
  );
}
