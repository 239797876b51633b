import { HIDDEN_VALUE, maskField, maskText } from '../../contracts/index.js';
import { INSPECT } from '../inspect.js';
import type { MpiField } from './mpi-fields.js';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

const MASKS: Readonly<Record<string, (value: string) => string>> = {
  IdMerchant: maskText,
  IdSession: maskText,
  Amount: String,
  Currency: String,
  CCNumber: (value) => maskField('PORTEUR', value),
  URLHttpDirect: maskText,
  URLRetour: maskText,
};

const maskMpiField = ([name, value]: MpiField): MpiField => [name, MASKS[name]?.(value) ?? HIDDEN_VALUE];

/** Options of {@link Authentication.html}. */
export interface FormOptions {
  /** `id` of the form. Default: `authentication`. */
  readonly id?: string | undefined;
  /** Text of the button. Default: `Continue`. */
  readonly button?: string | undefined;
}

/**
 * What the customer's browser must post to start an authentication. {@link Authentication.fields} and {@link Authentication.html} contain
 * the card; its JSON, its text and what Node's `inspect` shows are masked.
 *
 * @example
 * const authentication = client.authentication({ amount, card, session });
 * response.setHeader('Cache-Control', 'no-store');
 * response.end(`<!doctype html>${authentication.html()}<script src="/submit.js"></script>`);
 */
export class Authentication {
  /** The address of RemoteMPI that the form is posted to. */
  readonly url: string;
  readonly #fields: readonly MpiField[];

  constructor(url: string, fields: readonly MpiField[]) {
    this.url = url;
    this.#fields = fields;
  }

  /** Returns the names and values of the form in their order. Contains card data: do not log it. */
  fields(): MpiField[] {
    return this.#fields.map(([name, value]) => [name, value]);
  }

  /**
   * Returns an HTML form with the fields, hidden, and a button. It has no script: the button submits it, and a page can submit it by
   * itself with `document.getElementById('authentication').submit()`. Contains card data: do not log it, and send it with
   * `Cache-Control: no-store`.
   */
  html({ id = 'authentication', button = 'Continue' }: FormOptions = {}): string {
    const inputs = this.#fields.map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">\n`);
    // Without `autocomplete` a browser may keep the values for the next time the page is opened.
    const start = `<form id="${escapeHtml(id)}" method="post" action="${escapeHtml(this.url)}" accept-charset="utf-8" autocomplete="off">`;
    return `${start}\n${inputs.join('')}<button type="submit">${escapeHtml(button)}</button>\n</form>\n`;
  }

  toString(): string {
    return `Authentication at ${this.url}`;
  }

  /** Returns the address and the fields, masked. */
  toJSON(): { readonly url: string; readonly fields: Record<string, string> } {
    return { url: this.url, fields: Object.fromEntries(this.#fields.map(maskMpiField)) };
  }

  [INSPECT](): object {
    return this.toJSON();
  }
}
