import { encodeForm, NUMQUESTION_MAX, operationBy, withCredentials } from '../../contracts/index.js';
import type { Account } from '../engine/account.js';
import { parisTime, questionDay } from '../engine/calendar.js';
import { credentialsOf } from '../gateway/account-credentials.js';
import type { PageContext } from './page-context.js';
import { DEFAULT_CARD } from './replay/fill-request.js';

/** The value of PORTEUR in the form if the user enters a card. */
export const OWN_CARD = 'own';

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

/** The card of the form: a published one, or the user's own. */
function cardOf({ query }: PageContext): { readonly PORTEUR: string; readonly DATEVAL: string; readonly CVV: string } {
  const { DATEVAL, CVV } = DEFAULT_CARD;
  if (query('PORTEUR') !== OWN_CARD) return { PORTEUR: query('PORTEUR'), DATEVAL, CVV };
  return { PORTEUR: query('ownPORTEUR').trim(), DATEVAL: query('ownDATEVAL').trim() || DATEVAL, CVV: query('ownCVV').trim() };
}

/** RANG as the payment's first operation had it, because the gateway may compare their digits. */
async function rangOf({ gateway, query }: PageContext, account: Account): Promise<string> {
  const payment = /^\d{1,10}$/.test(query('NUMTRANS')) ? await gateway.payment(query('NUMTRANS')) : undefined;
  return payment?.origin === 'direct' && payment.account === account.id ? payment.transactions[0].RANG : account.RANG;
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
  const card = cardOf(context);
  const values: Readonly<Record<string, string>> = {
    MONTANT: query('MONTANT'),
    DEVISE: query('DEVISE'),
    REFERENCE: query('REFERENCE'),
    REFABONNE: query('REFABONNE'),
    PORTEUR: isToken ? await tokenOf(context, account, query('REFABONNE')) : card.PORTEUR,
    DATEVAL: isToken ? DEFAULT_CARD.DATEVAL : card.DATEVAL,
    CVV: isToken ? '' : card.CVV,
    NUMAPPEL: query('NUMAPPEL'),
    NUMTRANS: query('NUMTRANS'),
  };
  const accepted = [...(operation?.takes ?? []), ...(operation?.optional ?? [])];
  const sent = Object.entries(values).filter(([name, value]) => value !== '' && accepted.includes(name));
  const head = { VERSION: '00104', TYPE: operation?.TYPE ?? query('operation'), SITE: account.SITE, RANG: await rangOf(context, account) };
  const variables = withCredentials(
    [...Object.entries({ ...head, NUMQUESTION: number, DATEQ: dateq(gateway.clock.now()) }), ...sent],
    credentialsOf(account),
  );
  await gateway.answer({ body: encodeForm(variables), contentType: 'application/x-www-form-urlencoded' });
  const newest = await gateway.journal({ limit: 20 });
  return newest.find(({ request }) => request.some(([name, value]) => name === 'NUMQUESTION' && value === number))?.seq;
}
