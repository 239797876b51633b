import { tenDigits } from '../../contracts/index.js';
import type { Store } from '../store/store.js';
import { instantOf } from './clock.js';
import type { Configuration } from './configuration/configuration.js';
import type { GatewaySettings } from './configuration/settings.js';
import { importPayment } from './import-payment.js';
import { addSubscriber, importSubscriber } from './import-subscriber.js';
import { ImportError } from './import-values.js';

export { importPayment, importSubscriber };

/**
 * Imports the payments and the subscribers of the settings that are not there yet.
 *
 * @throws ImportError when one of them cannot be imported
 */
export async function importSettings(
  { payments = [], subscribers = [] }: Pick<GatewaySettings, 'payments' | 'subscribers'>,
  { accounts, clock }: Configuration,
  store: Store,
): Promise<void> {
  for (const payment of payments) {
    const exists = async (): Promise<boolean> => (await store.payment(tenDigits(payment.NUMTRANS))) !== undefined;
    if (await exists()) continue;
    await importPayment(payment, accounts, store, instantOf(clock)).catch(async (error: unknown) => {
      // Another process may have imported it first.
      if (!(error instanceof ImportError) || !(await exists())) throw error;
    });
  }
  for (const subscriber of subscribers) await addSubscriber(subscriber, accounts, store, instantOf(clock));
}
