import type { OrderAnswer } from '../api.js';

/** What the browser must post, and where. */
export type BankVisit = Extract<OrderAnswer, { status: 'authenticate' }>;

/** Leads the browser away from this page, to the bank. It comes back to the back end, which redirects to this page with `?reference=`. */
function leavePage({ url, fields }: BankVisit): Promise<OrderAnswer> {
  const form = document.createElement('form');
  Object.assign(form, { action: url, method: 'post', hidden: true });
  for (const [name, value] of fields) form.append(Object.assign(document.createElement('input'), { name, value }));
  document.body.append(form);
  form.submit();
  return new Promise(() => {});
}

let visit = leavePage;

/** Replaces the way to the bank. The mocks do: MSW does not see the navigations of a browser. */
export function replaceVisit(replacement: typeof leavePage): void {
  visit = replacement;
}

/** Leads the customer to the bank. Resolves with the state of the order if the customer comes back to this page. */
export const visitBank = (bankVisit: BankVisit): Promise<OrderAnswer> => visit(bankVisit);
