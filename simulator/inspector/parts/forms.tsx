import type { Child } from 'hono/jsx';
import { hrefOf, type PageContext } from '../page-context.js';

/** An entry of a list to choose from. */
export function Option({ value, label, chosen }: { readonly value: string; readonly label: string; readonly chosen: string | undefined }) {
  return (
    <option value={value} selected={value === chosen}>
      {label}
    </option>
  );
}

/** A button that does one thing. */
export function ActionButton({
  view,
  path,
  values,
  children,
  isQuiet = false,
}: {
  readonly view: PageContext;
  readonly path: string;
  readonly values: Readonly<Record<string, string>>;
  readonly children: Child;
  readonly isQuiet?: boolean;
}) {
  return (
    <form method="post" action={hrefOf(view, path)} class="action">
      {Object.entries(values).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit" class={isQuiet ? 'quiet' : undefined}>
        {children}
      </button>
    </form>
  );
}
