import type { PageContext } from '../page-context.js';
import { WireValue } from './wire-value.js';

/** A text with a button that copies it. The script of the page shows the button. */
export function Copyable({
  context,
  id,
  label,
  text,
  isWire = false,
}: {
  readonly context: PageContext;
  readonly id: string;
  readonly label: string;
  readonly text: string;
  /** Whether the text comes from a request or a reply. Its invisible characters then appear by name. */
  readonly isWire?: boolean;
}) {
  const { copy } = context.t;
  return (
    <div class="copyable">
      <button type="button" class="quiet" data-copy={id} data-done={copy.done} hidden>
        {copy.button}
        <span class="visually-hidden">{context.t.colon + label}</span>
      </button>
      <section class="code" aria-label={label} tabindex={0}>
        <pre id={id}>{isWire ? <WireValue value={text} /> : text}</pre>
      </section>
    </div>
  );
}
