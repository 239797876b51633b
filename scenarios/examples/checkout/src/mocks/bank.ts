import { encodeForm } from 'paybox-direct-simulator/contracts';
import type { OrderAnswer } from '../api.js';
import type { BankVisit } from '../page/bank.js';

type Fields = readonly (readonly [name: string, value: string])[];

/** A page of the gateway or the bank, and its address: responses that MSW mocks have none. */
interface BankPage {
  readonly url: URL;
  readonly document: Document;
}

const post = (url: URL | string, fields: Fields): Promise<Response> =>
  // As the browser encodes the form of a page in ISO-8859-1.
  fetch(url, { method: 'POST', body: encodeForm(fields, 'iso-8859-1'), headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });

async function pageOf(url: URL, response: Response): Promise<BankPage> {
  const html = new TextDecoder('iso-8859-1').decode(await response.arrayBuffer());
  return { url, document: new DOMParser().parseFromString(html, 'text/html') };
}

const fieldsOf = (form: HTMLFormElement, button?: HTMLElement | null): Fields =>
  [...new FormData(form, button)].map(([name, value]) => [name, String(value)] as const);

/** Shows the bank's question. Resolves with what the customer answers. */
function ask(page: Document, form: HTMLFormElement): Promise<Fields> {
  const dialog = document.createElement('dialog');
  dialog.id = 'bank';
  dialog.append(page.querySelector('main') ?? form);
  dialog.addEventListener('cancel', (event) => event.preventDefault());
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      dialog.remove();
      resolve(fieldsOf(form, event.submitter));
    });
  });
}

/** Plays the browser of a customer at the bank: it fetches what a browser would open, and shows the bank's page in a dialog. */
export async function visitBank({ url, fields }: BankVisit): Promise<OrderAnswer> {
  let page = await pageOf(new URL(url), await post(url, fields));
  for (;;) {
    const form = page.document.forms[0];
    if (!form) throw new Error(page.document.body.textContent ?? '');
    const action = new URL(form.getAttribute('action') ?? '', page.url);
    const isQuestion = form.querySelector('input:not([type=hidden])') !== null;
    const answer = isQuestion ? await ask(page.document, form) : fieldsOf(form);
    if (action.origin === location.origin) return (await post(action, answer)).json();
    if (form.method === 'get') action.search = String(new URLSearchParams(answer.map((pair) => [...pair])));
    page = await pageOf(action, await (form.method === 'get' ? fetch(action) : post(action, answer)));
  }
}
