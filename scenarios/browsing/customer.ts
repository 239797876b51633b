import type { CaseContext } from '../case-context.js';
import { type AuthenticationRecord, timeLeft } from './authentication-record.js';
import type { Customer } from './bank.js';
import { CustomerBrowser } from './customer-browser.js';
import type { ReceivedPage } from './html-page.js';

/** Moves the gateway's clock over the time limit of the authentication whose bank shows a page. */
async function expire(context: CaseContext, { url }: ReceivedPage): Promise<void> {
  const id3d = new URL(url).searchParams.get('ID3D') ?? '';
  const record = (await context.control().call('GET', `/authentications/${id3d}`)) as AuthenticationRecord;
  await context.clock();
  await context.clock('POST', '/clock/advance', { by: timeLeft(record, context.now()) });
}

/**
 * Returns the customer of a case, with a new browser.
 *
 * @param signal ends what the browser is doing
 * @param headersFor returns the headers to add to requests for an address
 */
export function customerOf(
  context: CaseContext,
  signal: AbortSignal,
  headersFor: (url: URL) => Readonly<Record<string, string>> = () => ({}),
): Customer {
  const gateway = new URL(context.endpoint.url).origin;
  const fetchFor = ({ origin }: URL) => (origin === gateway ? context.endpoint.fetch : globalThis.fetch);
  return { browser: new CustomerBrowser({ fetchFor, headersFor, signal }), expire: (page) => expire(context, page) };
}
