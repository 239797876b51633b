import { startCheckout } from './page/checkout.js';

// Mocks replace the missing back end. A build with VITE_BACKEND=real does not contain them.
if (import.meta.env.VITE_BACKEND !== 'real') {
  const { startMocks } = await import('./mocks/start.js');
  await startMocks();
}
startCheckout();
