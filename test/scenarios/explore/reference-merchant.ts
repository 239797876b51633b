import { vi } from 'vitest';
import { runCommand } from '../../../scenarios/examples/reference/commands.js';
import { type CodeFlowOptions, codeFlow, type Shop, type ShopStep } from '../../../scenarios/explore/code-flow.js';
import type { Flow } from '../../../scenarios/explore/flow.js';

const AMOUNT = 1000;
const HALF = AMOUNT / 2;

/** The waits before the inquiries of the merchant, in milliseconds. They take no time here. */
const WAITS: readonly unknown[] = [500, 1000];

const realSetTimeout = globalThis.setTimeout;

/** Sets the global `fetch`, and takes the waits out of `setTimeout`. A killed step cannot undo it: end each test with {@link restoreGlobals}. */
function useGlobals(fetch: typeof globalThis.fetch): void {
  vi.stubGlobal('fetch', fetch);
  vi.stubGlobal('setTimeout', (run: () => void, milliseconds?: number) =>
    realSetTimeout(run, WAITS.includes(milliseconds) ? 0 : milliseconds).unref(),
  );
}

/** Takes back what the flows changed. */
export const restoreGlobals = (): void => {
  vi.unstubAllGlobals();
};

/** Returns a step that runs a command of the merchant, which uses the global `fetch`: no two of them may run at once. */
function command(argumentsOf: (shop: Shop, numbers: readonly string[]) => readonly string[]): ShopStep {
  return async (shop) => {
    const { site, rang, identifiant = '', cle = '', version } = shop.account;
    const environment = {
      ...{ PAYBOX_URL: shop.url, PAYBOX_BACKUP_URL: shop.backupUrl, PAYBOX_SITE: site, PAYBOX_RANG: rang },
      ...{ PAYBOX_IDENTIFIANT: identifiant, PAYBOX_CLE: cle, PAYBOX_VERSION: version },
      // What was killed uses the global `fetch` too, if it ever goes on.
      PAYBOX_TIMEOUT: '86400',
    };
    const numbers = (shop.stored.get('order') ?? '').split(' ').slice(1);
    useGlobals(shop.fetch);
    const line = await runCommand(argumentsOf(shop, numbers), environment);
    if (/^(paid|authorized|subscribed) /.test(line)) shop.stored.set('order', line);
    return line;
  };
}

const take = (name: string): ShopStep => command(({ reference, card }) => [name, reference, String(AMOUNT), card.number]);
const follow = (name: string, amount: number): ShopStep => command((_, numbers) => [name, ...numbers, String(amount)]);

const FLOWS: Readonly<Record<string, Omit<CodeFlowOptions, 'amount'>>> = {
  pay: { steps: { pay: take('pay') } },
  'authorize-capture': { steps: { authorize: take('authorize'), capture: follow('capture', AMOUNT) } },
  cancel: { steps: { authorize: take('authorize'), cancel: follow('cancel', AMOUNT) } },
  refund: { steps: { pay: take('pay'), refund: follow('refund', AMOUNT) }, refund: AMOUNT },
  'subscribe-renew': {
    steps: {
      subscribe: command(({ card }) => ['subscribe', 'SUB-1', card.number]),
      pay: command(({ reference }, [token = '']) => ['renew', 'SUB-1', token, reference, String(AMOUNT)]),
    },
  },
  'partial-refund': { steps: { pay: take('pay'), refund: follow('refund', HALF) }, refund: HALF, leftToPerson: ['refund'] },
};

/** The flows of the merchant with the reference client, in process. */
export const REFERENCE_FLOWS: readonly Flow[] = Object.entries(FLOWS).map(([name, options]) =>
  codeFlow({ name, amount: AMOUNT, ...options }),
);
