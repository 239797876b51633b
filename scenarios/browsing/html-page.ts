import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** A name and a value of a form. */
export type FormPair = readonly [name: string, value: string];

/** A form of a page, as a browser without scripts sees it. */
export interface PageForm {
  /** Absolute address. */
  readonly action: string;
  readonly method: 'GET' | 'POST';
  readonly charset: 'utf-8' | 'iso-8859-1';
  /** What is sent beside the button that is pressed. */
  readonly fields: readonly FormPair[];
  /** Its buttons. One without a name sends nothing. */
  readonly buttons: readonly FormPair[];
  /** Names of the controls that a person fills in. */
  readonly visible: readonly string[];
}

/** A page as it was received. */
export interface ReceivedPage {
  /** Its address, after redirects. */
  readonly url: string;
  readonly status: number;
  readonly text: string;
  readonly isHtml: boolean;
  /** Charset of the page, as its Content-Type says. */
  readonly charset: string;
}

const attribute = ({ attrs }: Element, name: string): string | undefined => attrs.find((one) => one.name === name)?.value;

/** Returns the elements below a node with one of the names, in the order of the page. */
function elementsBelow(node: Node, names: ReadonlySet<string>): Element[] {
  const children = 'childNodes' in node ? node.childNodes : [];
  return children.flatMap((child) => {
    const own = defaultTreeAdapter.isElementNode(child) && names.has(child.tagName) ? [child] : [];
    return [...own, ...elementsBelow(child, names)];
  });
}

const CONTROLS: ReadonlySet<string> = new Set(['input', 'select', 'textarea', 'button']);
const BUTTONS: ReadonlySet<string> = new Set(['submit', 'image', 'button']);
/** Controls that are sent only if they are checked. */
const CHECKABLE: ReadonlySet<string> = new Set(['checkbox', 'radio']);

/** Returns the type of a control: of an input or a button its `type`, else its name. */
function typeOf(control: Element): string {
  if (control.tagName === 'input') return (attribute(control, 'type') ?? 'text').toLowerCase();
  if (control.tagName === 'button') return (attribute(control, 'type') ?? 'submit').toLowerCase();
  return control.tagName;
}

const textOf = (node: Node): string =>
  'childNodes' in node
    ? node.childNodes.map((child) => ('value' in child && child.nodeName === '#text' ? child.value : textOf(child))).join('')
    : '';

function selectedValue(select: Element): string {
  const options = elementsBelow(select, new Set(['option']));
  const chosen = options.find((option) => attribute(option, 'selected') !== undefined) ?? options[0];
  return chosen ? (attribute(chosen, 'value') ?? textOf(chosen)) : '';
}

const VALUES: Readonly<Record<string, (control: Element) => string>> = { select: selectedValue, textarea: textOf };

const currentValue = (control: Element): string => (VALUES[control.tagName] ?? ((one) => attribute(one, 'value') ?? ''))(control);

const isSent = (control: Element): boolean => !CHECKABLE.has(typeOf(control)) || attribute(control, 'checked') !== undefined;

function charsetOf(form: Element, page: ReceivedPage): PageForm['charset'] {
  const [named = ''] = (attribute(form, 'accept-charset') ?? page.charset).toLowerCase().split(/[\s,]+/);
  return named === 'iso-8859-1' || named === 'latin1' || named === 'windows-1252' ? 'iso-8859-1' : 'utf-8';
}

function formOf(form: Element, page: ReceivedPage): PageForm {
  const controls = elementsBelow(form, CONTROLS).filter((control) => attribute(control, 'disabled') === undefined);
  const [buttons, others] = [true, false].map((wanted) => controls.filter((control) => BUTTONS.has(typeOf(control)) === wanted));
  const pair = (control: Element): FormPair => [attribute(control, 'name') ?? '', currentValue(control)];
  const action = attribute(form, 'action') ?? '';
  return {
    action: new URL(action === '' ? page.url : action, page.url).href,
    method: attribute(form, 'method')?.toLowerCase() === 'post' ? 'POST' : 'GET',
    charset: charsetOf(form, page),
    fields: (others ?? [])
      .filter(isSent)
      .map(pair)
      .filter(([name]) => name !== ''),
    buttons: (buttons ?? []).filter((button) => typeOf(button) !== 'button').map(pair),
    visible: (others ?? []).filter((control) => typeOf(control) !== 'hidden').map((control) => pair(control)[0]),
  };
}

const documentOf = (page: ReceivedPage) => parse(page.text, { scriptingEnabled: false });

/** Returns the forms of a page. */
export function formsOf(page: ReceivedPage): PageForm[] {
  if (!page.isHtml) return [];
  return elementsBelow(documentOf(page), new Set(['form'])).map((form) => formOf(form, page));
}

/** Whether a page shows nothing. */
export function isBlank(page: ReceivedPage): boolean {
  const [body] = elementsBelow(documentOf(page), new Set(['body']));
  return page.isHtml && body !== undefined && body.childNodes.length === 0;
}

/**
 * Returns the form of a page that leads on by itself: it is the only one, and has nothing but hidden fields and at most one button. Its
 * script, or a customer without scripts, submits it.
 */
export function leadingForm(page: ReceivedPage): PageForm | undefined {
  const [form, ...others] = formsOf(page);
  if (!form || others.length > 0) return undefined;
  return form.visible.length === 0 && form.fields.length > 0 && form.buttons.length <= 1 ? form : undefined;
}
