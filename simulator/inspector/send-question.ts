import { encodeForm, NUMQUESTION_MAX, operationBy, withCredentials } from '../../contracts/index.js';
import type { Account } from '../engine/account.js';
import { parisTime, questionDay } from '../engine/calendar.js';
import { credentialsOf } from '../gateway/account-credentials.js';
import type { PageContext } from './page-context.js';
import { DEFAULT_CARD } from './replay/fill-request.js';

/** Returns the accounts that a question can be sent for: those with a CLE or an HMAC key. */
export function accountsWithKey({ gateway }: Pick<PageContext, 'gateway'>): readonly Account[] {
  return gateway.accounts.filter(({ CLE, hmacKey }) => CLE !== '' || hmacKey !== '');
}

/** The HHMMSS of a time like `2026-03-28T12:00:00.000+01:00`. */
const timeDigits = (time: string): string => time.slice('2026-03-28T'.length, '2026-03-28T12:00:00'.length).replaceAll(':', '');

// DDMMYYYYHHMMSS.
const dateq = (now: number): string => `${questionDay(now)}${timeDigits(parisTime(now))}`;

async function tokenOf({ gateway }: PageContext, account: Account, refabonne: string): Promise<string> {
  const subscriber = (await gateway.subscribers()).find((one) => one.account === account.id && one.REFABONNE === refabonne);
  return subscriber?.PORTEUR ?? '';
}

/**
 * Sends the question that the fields of the form describe, with the credentials of an account.
 * Returns the seq of its exchange, or undefined if the exchange is no longer in the journal.
 */
export async function sendQuestion(context: PageContext, account: Account): Promise<number | undefined> {
  const { gateway, query } = context;
  const operation = operationBy(query('operation'));
  const isToken = operation?.porteur === 'token';
  const number = String(1 + Math.floor(Math.random() * NUMQUESTION_MAX));
  const porteur = isToken ? await tokenOf(context, account, query('REFABONNE')) : query('PORTEUR');
  const values: Readonly<Record<string, string>> = {
    MONTANT: query('MONTANT'),
    DEVISE: query('DEVISE'),
    REFERENCE: query('REFERENCE'),
    REFABONNE: query('REFABONNE'),
    PORTEUR: porteur,
    DATEVAL: DEFAULT_CARD.DATEVAL,
    CVV: isToken ? '' : DEFAULT_CARD.CVV,
    NUMAPPEL: query('NUMAPPEL'),
    NUMTRANS: query('NUMTRANS'),
  };
  const accepted = [...(operation?.takes ?? []), ...(operation?.optional ?? [])];
  const sent = Object.entries(values).filter(([name, value]) => value !== '' && accepted.includes(name));
  const head = { VERSION: '00104', TYPE: operation?.TYPE ?? query('operation'), SITE: account.SITE, RANG: account.RANG };
  const variables = withCredentials(
    [...Object.entries({ ...head, NUMQUESTION: number, DATEQ: dateq(gateway.clock.now()) }), ...sent],
    credentialsOf(account),
  );
  await gateway.answer({ body: encodeForm(variables), contentType: 'application/x-www-form-urlencoded' });
  const newest = await gateway.journal({ limit: 20 });
  return newest.find(({ request }) => request.some(([name, value]) => name === 'NUMQUESTION' && value === number))?.seq;
}
