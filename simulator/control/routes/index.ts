import type { ControlRoute } from '../route.js';
import { accountRoutes } from './accounts.js';
import { authenticationRoutes } from './authentications.js';
import { checkRoutes } from './check.js';
import { checkoutRoutes } from './checkouts.js';
import { clockRoutes } from './clock.js';
import { journalRoutes } from './journal.js';
import { paymentRoutes } from './payments.js';
import { ruleRoutes } from './rules.js';
import { simulatorRoutes } from './simulator.js';
import { stateRoutes } from './state.js';

/** All routes of the control API, in the order of the table in docs/control-api.md. */
export const CONTROL_ROUTES: readonly ControlRoute[] = [
  ...simulatorRoutes,
  ...journalRoutes,
  ...paymentRoutes,
  ...authenticationRoutes,
  ...checkoutRoutes,
  ...checkRoutes,
  ...ruleRoutes,
  ...clockRoutes,
  ...stateRoutes,
  ...accountRoutes,
];
