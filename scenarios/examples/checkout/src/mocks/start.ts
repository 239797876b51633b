import { setupWorker } from 'msw/browser';
import { createClient } from 'paybox-direct-simulator/client';
import { payboxHandlers } from 'paybox-direct-simulator/msw';
import { replaceVisit } from '../page/bank.js';
import { backend } from './backend.js';
import { visitBank } from './bank.js';
import { showFaultPanel } from './fault-panel.js';

/** Milliseconds until a reply counts as lost. Set by `?timeout=300`. */
const TIMEOUT = Number(new URLSearchParams(location.search).get('timeout') ?? 3000);

/** Starts the mocked back end and the gateway behind it in this page. */
export async function startMocks(): Promise<void> {
  const paybox = payboxHandlers();
  const client = createClient({ ...paybox.clientOptions, timeout: TIMEOUT, askAfter: [0, 500] });
  const worker = setupWorker(...backend(client), ...paybox.handlers);
  await worker.start({
    quiet: true,
    onUnhandledRequest: ({ url }, print) => new URL(url).pathname.startsWith('/api/') && print.error(),
  });
  replaceVisit(visitBank);
  const refresh = showFaultPanel(paybox);
  worker.events.on('response:mocked', refresh);
}
