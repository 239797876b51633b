import { INSPECT } from './inspect.js';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes a text for HTML or XML, also within an attribute. `&#39;` is understood by both. */
export const escapeMarkup = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** A field of a form that the customer's browser posts. */
export type BrowserField = readonly [name: string, value: string];

/** Options of the method `html` of a form. */
export interface FormOptions {
  /** `id` of the form. Default: `authentication` or `checkout`, by what it starts. */
  readonly id?: string | undefined;
  /** Text of the button. Default: `Continue`. */
  readonly button?: string | undefined;
}

/** What the customer's browser must post. Its JSON, its text and what Node's `inspect` shows are masked. */
export abstract class BrowserForm {
  /** The address that the form is posted to. */
  readonly url: string;
  readonly #fields: readonly BrowserField[];

  constructor(url: string, fields: readonly BrowserField[]) {
    this.url = url;
    this.#fields = fields;
  }

  /** The default `id` of the form. */
  protected abstract defaultId(): string;

  /** Returns a value as it may be shown. */
  protected abstract mask(field: BrowserField): string;

  /** Returns the names and values of the form in their order. Contains data of the customer: do not log it. */
  fields(): BrowserField[] {
    return this.#fields.map(([name, value]) => [name, value]);
  }

  /**
   * Returns an HTML form with the fields, hidden, and a button. It has no script: the button submits it, and a page can submit it by
   * itself with `document.getElementById(id).submit()`. Contains data of the customer: do not log it, and send it with
   * `Cache-Control: no-store`.
   */
  html({ id = this.defaultId(), button = 'Continue' }: FormOptions = {}): string {
    const inputs = this.#fields.map(
      ([name, value]) => `<input type="hidden" name="${escapeMarkup(name)}" value="${escapeMarkup(value)}">\n`,
    );
    // Without `autocomplete` a browser may keep the values for the next time the page is opened.
    const start = `<form id="${escapeMarkup(id)}" method="post" action="${escapeMarkup(this.url)}" accept-charset="utf-8" autocomplete="off">`;
    return `${start}\n${inputs.join('')}<button type="submit">${escapeMarkup(button)}</button>\n</form>\n`;
  }

  /** Returns the address and the fields, masked. */
  toJSON(): { readonly url: string; readonly fields: Record<string, string> } {
    return { url: this.url, fields: Object.fromEntries(this.#fields.map((field) => [field[0], this.mask(field)])) };
  }

  [INSPECT](): object {
    return this.toJSON();
  }
}
