import type { Child } from 'hono/jsx';
import { maskText } from '../../../contracts/index.js';
import { hrefOf, type PageContext } from '../page-context.js';

/** An option of a select element. */
export function Option({
  value,
  label,
  selected,
}: {
  readonly value: string;
  readonly label: string;
  readonly selected: string | undefined;
}) {
  return (
    <option value={value} selected={value === selected}>
      {label}
    </option>
  );
}

/** A labelled input. It contains the parameter of the same name, or a default value. */
export function TextField({
  context,
  name,
  label,
  defaultValue = '',
  type = 'text',
  isNumeric = false,
}: {
  readonly context: PageContext;
  readonly name: string;
  readonly label: string;
  readonly defaultValue?: string;
  /** `number` accepts whole numbers from 0. */
  readonly type?: 'text' | 'number';
  /** Whether a touch screen shows a keyboard of digits. */
  readonly isNumeric?: boolean;
}) {
  return (
    <label>
      {label}
      <input
        name={name}
        value={maskText(context.query(name)) || defaultValue}
        type={type}
        min={type === 'number' ? 0 : undefined}
        inputmode={isNumeric ? 'numeric' : undefined}
        maxlength={250}
        autocomplete="off"
      />
    </label>
  );
}

/** A labelled select element. The parameter of the same name, or the default value, is selected. */
export function SelectField({
  context,
  name,
  label,
  options,
  defaultValue = '',
  isWide = false,
}: {
  readonly context: PageContext;
  readonly name: string;
  readonly label: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly defaultValue?: string;
  readonly isWide?: boolean;
}) {
  return (
    <label class={isWide ? 'wide' : undefined}>
      {label}
      <select name={name}>
        {options.map(([value, text]) => (
          <Option value={value} label={text} selected={context.query(name) || defaultValue} />
        ))}
      </select>
    </label>
  );
}

/** A button that posts fixed values to a page. */
export function ActionButton({
  context,
  path,
  values,
  children,
  isQuiet = false,
}: {
  readonly context: PageContext;
  readonly path: string;
  readonly values: Readonly<Record<string, string>>;
  readonly children: Child;
  readonly isQuiet?: boolean;
}) {
  return (
    <form method="post" action={hrefOf(context, path)} class="action">
      {Object.entries(values).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit" class={isQuiet ? 'quiet' : undefined}>
        {children}
      </button>
    </form>
  );
}
