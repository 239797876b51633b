// Of what comes over the wire, everything that is seen as something else than it is: controls, invisible characters, and those that turn
// the direction of writing.
const UNSEEN = /([\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb])/;

const codePoint = (character: string): string => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

const LONG = 64;

/** A value of the wire: as it is, what cannot be seen named, apart from the text around it. */
export function Wire({ value, short = false }: { readonly value: string; readonly short?: boolean }) {
  const shown = short && value.length > LONG ? `${value.slice(0, LONG)}…` : value;
  return (
    <bdi class="wire" title={shown === value ? undefined : value}>
      {shown.split(UNSEEN).map((part, at) => (at % 2 === 1 ? <span class="unseen">{codePoint(part)}</span> : part))}
    </bdi>
  );
}
