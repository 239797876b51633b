import { startCheckout } from './page/checkout.js';

// As long as there is no back end. With VITE_BACKEND=real nothing of the mocks is in the build.
if (import.meta.env.VITE_BACKEND !== 'real') {
  const { startMocks } = await import('./mocks/start.js');
  await startMocks();
}
startCheckout();
