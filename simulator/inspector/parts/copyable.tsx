import type { PageContext } from '../page-context.js';
import { Wire } from './wire.js';

/** A text to take along. The button is there where the script is. */
export function Copyable({
  view,
  id,
  label,
  text,
  isWire = false,
}: {
  readonly view: PageContext;
  readonly id: string;
  readonly label: string;
  readonly text: string;
  /** Whether it came over the wire: what cannot be seen is named. */
  readonly isWire?: boolean;
}) {
  const { copy } = view.t;
  return (
    <div class="copyable">
      <button type="button" class="quiet" data-copy={id} data-done={copy.done} hidden>
        {copy.button}
        <span class="unheard">: {label}</span>
      </button>
      <section class="code" aria-label={label} tabindex={0}>
        <pre id={id}>{isWire ? <Wire value={text} /> : text}</pre>
      </section>
    </div>
  );
}
