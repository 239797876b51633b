import type { Account, AccountInput } from '../../engine/account.js';
import { ControlError } from '../errors.js';
import type { ControlRoute } from '../route.js';

/** The routes for merchant accounts. */
export const accountRoutes: readonly ControlRoute[] = [
  {
    method: 'get',
    path: '/accounts',
    summary: 'Lists the accounts with their settings.',
    response: 'The accounts.',
    run: ({ gateway }) => ({ accounts: gateway.accounts }),
  },
  {
    method: 'put',
    path: '/accounts/{SITE}/{RANG}',
    summary: 'Adds an account, or changes the given settings of an existing one.',
    body: 'accountChange',
    response: 'The account.',
    run: async ({ gateway, param, body }) => {
      const [SITE, RANG] = [param('SITE'), param('RANG')];
      if (!/^\d{1,7}$/.test(SITE) || !/^\d{1,3}$/.test(RANG))
        throw new ControlError(400, `${SITE}/${RANG}: SITE has 1 to 7 digits, RANG 1 to 3.`);
      gateway.setAccount({ ...(body as Partial<AccountInput>), SITE, RANG });
      await gateway.saved();
      return gateway.account(SITE, RANG) as Account;
    },
  },
];
