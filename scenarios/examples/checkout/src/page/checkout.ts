import { lookUp, type OrderAnswer, type PayBody, pay, refund } from '../api.js';
import { visitBank } from './bank.js';
import { BUSY, type View, viewOf } from './views.js';

function element<E extends HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found as E;
}

const paymentForm = element<HTMLFormElement>('payment');
const fields = element<HTMLFieldSetElement>('fields');
const outcome = element('outcome');
const check = element<HTMLButtonElement>('check');
const refundForm = element<HTMLFormElement>('refund');
const another = element<HTMLButtonElement>('another');

const field = (form: HTMLFormElement, name: string): HTMLInputElement => form.elements.namedItem(name) as HTMLInputElement;

const centsOf = (text: string): number => Math.round(Number(text.replace(',', '.')) * 100);

const digitsOf = (text: string): string => text.replace(/\D/g, '');

const newReference = (): string => `ORDER-${crypto.randomUUID().slice(0, 8)}`;

let reference = newReference();

function show(status: string, { headline, explanation, message, can }: View): void {
  element('reference').textContent = reference;
  element('headline').textContent = headline;
  element('explanation').textContent = explanation;
  element('message').textContent = message ?? '';
  outcome.dataset.status = status;
  fields.disabled = !can.pay;
  check.hidden = !can.check;
  refundForm.hidden = !can.refund;
  another.hidden = !can.startNewOrder;
}

async function showAnswer(pending: Promise<OrderAnswer>): Promise<void> {
  show('busy', BUSY);
  const answer = await pending;
  show(answer.status, viewOf(answer));
  if (answer.status === 'authenticate') await showAnswer(visitBank(answer));
  if (answer.status === 'paid') field(refundForm, 'amount').value = ((answer.cents - answer.refunded) / 100).toFixed(2);
}

function payBody(): PayBody {
  const [amount = '', number = '', expiry = '', cvv = ''] = ['amount', 'number', 'expiry', 'cvv'].map(
    (name) => field(paymentForm, name).value,
  );
  return { reference, cents: centsOf(amount), card: { number: digitsOf(number), expiry: digitsOf(expiry), cvv } };
}

function startNewOrder(): void {
  reference = newReference();
  field(paymentForm, 'amount').readOnly = false;
  show('open', viewOf({ status: 'open' }));
}

/** Connects the controls of the page. An order keeps its reference for all attempts to pay. */
export function startCheckout(): void {
  paymentForm.addEventListener('submit', (event) => {
    event.preventDefault();
    // The amount must not change any more: an inquiry after a lost answer needs the amount that was sent.
    field(paymentForm, 'amount').readOnly = true;
    showAnswer(pay(payBody()));
  });
  check.addEventListener('click', () => showAnswer(lookUp(reference)));
  refundForm.addEventListener('submit', (event) => {
    event.preventDefault();
    showAnswer(refund(reference, { cents: centsOf(field(refundForm, 'amount').value) }));
  });
  another.addEventListener('click', startNewOrder);
  startNewOrder();
  // The bank leads the customer back to the back end, and that to this page.
  const returned = new URLSearchParams(location.search).get('reference');
  if (returned === null) return;
  reference = returned;
  showAnswer(lookUp(reference));
}
