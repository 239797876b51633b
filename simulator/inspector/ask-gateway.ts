import { type Credentials, encodeForm, NUMQUESTION_MAX, operationBy, withCredentials } from '../../contracts/index.js';
import type { Account } from '../engine/account.js';
import { parisTime } from '../engine/calendar.js';
import { USUAL_CARD } from './entry-facts.js';
import type { PageContext } from './page-context.js';

/** The accounts that can be asked as: those with a key. */
export function askableAccounts({ gateway }: Pick<PageContext, 'gateway'>): readonly Account[] {
  return gateway.accounts.filter(({ CLE, hmacKey }) => CLE !== '' || hmacKey !== '');
}

const credentialsOf = ({ auth, CLE, hmacKey }: Account): Credentials => (auth !== 'hmac' && CLE !== '' ? { cle: CLE } : { hmacKey });

// 2026-06-10T12:00:00… as DDMMYYYYHHMMSS.
const dateq = (now: number): string => parisTime(now).replace(/^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d).*/, '$3$2$1$4$5$6');

async function tokenOf({ gateway }: PageContext, account: Account, refabonne: string): Promise<string> {
  const subscriber = (await gateway.subscribers()).find((one) => one.account === account.id && one.REFABONNE === refabonne);
  return subscriber?.PORTEUR ?? '';
}

/** Puts a question as a form describes it. @returns the number of its exchange; undefined: it is not in the journal any more */
export async function askGateway(view: PageContext, account: Account): Promise<number | undefined> {
  const { gateway, query } = view;
  const operation = operationBy(query('operation'));
  const isToken = operation?.porteur === 'token';
  const number = String(1 + Math.floor(Math.random() * NUMQUESTION_MAX));
  const porteur = isToken ? await tokenOf(view, account, query('REFABONNE')) : query('PORTEUR');
  const own: Readonly<Record<string, string>> = {
    MONTANT: query('MONTANT'),
    DEVISE: query('DEVISE'),
    REFERENCE: query('REFERENCE'),
    REFABONNE: query('REFABONNE'),
    PORTEUR: porteur,
    DATEVAL: USUAL_CARD.DATEVAL,
    CVV: isToken ? '' : USUAL_CARD.CVV,
    NUMAPPEL: query('NUMAPPEL'),
    NUMTRANS: query('NUMTRANS'),
  };
  const takes = [...(operation?.takes ?? []), ...(operation?.optional ?? [])];
  const sent = Object.entries(own).filter(([name, value]) => value !== '' && takes.includes(name));
  const head = { VERSION: '00104', TYPE: operation?.TYPE ?? query('operation'), SITE: account.SITE, RANG: account.RANG };
  const pairs = withCredentials(
    [...Object.entries({ ...head, NUMQUESTION: number, DATEQ: dateq(gateway.clock.now()) }), ...sent],
    credentialsOf(account),
  );
  await gateway.answer({ body: encodeForm(pairs), contentType: 'application/x-www-form-urlencoded' });
  const newest = await gateway.journal({ limit: 20 });
  return newest.find(({ request }) => request.some(([name, value]) => name === 'NUMQUESTION' && value === number))?.seq;
}
