import type { Page } from '../page.js';
import { accountsPage } from './accounts.js';
import { authenticationPage } from './authentication.js';
import { authenticationsPage } from './authentications.js';
import { clockPage } from './clock.js';
import { exchangePage } from './exchange.js';
import { exchangesPage } from './exchanges.js';
import { findingsPage } from './findings.js';
import { paymentPage } from './payment.js';
import { paymentsPage } from './payments.js';
import { protocolPage } from './protocol.js';
import { rulesPage } from './rules.js';
import { sessionsPage } from './sessions.js';
import { subscribersPage } from './subscribers.js';
import { tryPage } from './try.js';

const PAGES: readonly Page[] = [
  exchangesPage,
  exchangePage,
  paymentsPage,
  paymentPage,
  authenticationsPage,
  authenticationPage,
  findingsPage,
  subscribersPage,
  accountsPage,
  clockPage,
  rulesPage,
  tryPage,
  sessionsPage,
  protocolPage,
];

const PATTERNS = PAGES.map((page) => ({ page, pattern: new RegExp(`^/${page.path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`) }));

/** Returns the page at a path below the inspector and the parameters of the path; undefined if there is none. */
export function pageAt(path: string): { readonly page: Page; readonly parameters: Readonly<Record<string, string>> } | undefined {
  for (const { page, pattern } of PATTERNS) {
    const match = pattern.exec(path);
    if (match) return { page, parameters: match.groups ?? {} };
  }
  return undefined;
}
