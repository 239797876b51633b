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

/** A field, and what is wrong with it. The texts of problems are English. */
function Field({ context, name, children }: { readonly context: PageContext; readonly name: string; readonly children: Child }) {
  const problem = problemOf(context, name);
  if (problem === undefined) return <>{children}</>;
  return (
    <div class="field">
      {children}
      <p class="problem" id={`${name}-problem`}>
        {maskText(problem)}
      </p>
    </div>
  );
}

const problemOf = ({ problems }: PageContext, name: string): string | undefined =>
  Object.hasOwn(problems, name) ? problems[name] : undefined;

/** The attributes of an input that tell screen readers what is wrong with it. */
const problemAttributes = (context: PageContext, name: string) =>
  problemOf(context, name) === undefined ? {} : { 'aria-invalid': 'true' as const, 'aria-describedby': `${name}-problem` };

/** A labelled input. It contains the parameter of the same name, or a default value. */
export function TextField({
  context,
  name,
  label,
  defaultValue = '',
  type = 'text',
  step,
  isNumeric = false,
}: {
  readonly context: PageContext;
  readonly name: string;
  readonly label: string;
  readonly defaultValue?: string;
  /** `number` accepts whole numbers from 0. */
  readonly type?: 'text' | 'number' | 'datetime-local';
  readonly step?: number;
  /** Whether a touch screen shows a keyboard of digits. */
  readonly isNumeric?: boolean;
}) {
  return (
    <Field context={context} name={name}>
      <label>
        {label}
        <input
          name={name}
          value={maskText(context.query(name)) || defaultValue}
          type={type}
          min={type === 'number' ? 0 : undefined}
          step={step}
          inputmode={isNumeric ? 'numeric' : undefined}
          maxlength={250}
          autocomplete="off"
          {...problemAttributes(context, name)}
        />
      </label>
    </Field>
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
  isChooser = false,
  isLabelHidden = false,
}: {
  readonly context: PageContext;
  readonly name: string;
  readonly label: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly defaultValue?: string;
  readonly isWide?: boolean;
  /** Whether the parts of the form that are {@link ShownFor} other options are hidden. */
  readonly isChooser?: boolean;
  /** Whether only screen readers have the label: the first option says the same. */
  readonly isLabelHidden?: boolean;
}) {
  return (
    <Field context={context} name={name}>
      <label class={isWide ? 'wide' : undefined}>
        {isLabelHidden ? <span class="visually-hidden">{label}</span> : label}
        <select name={name} data-chooses={isChooser ? '' : undefined} {...problemAttributes(context, name)}>
          {options.map(([value, text]) => (
            <Option value={value} label={text} selected={context.query(name) || defaultValue} />
          ))}
        </select>
      </label>
    </Field>
  );
}

/** A part of a form that is shown for some options of a select element only; without JavaScript, for all. */
export function ShownFor({ by, values, children }: { readonly by: string; readonly values: readonly string[]; readonly children: Child }) {
  return (
    <div class="when" data-by={by} data-for={values.join(' ')}>
      {children}
    </div>
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
