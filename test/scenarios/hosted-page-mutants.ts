import { hmacHex, hmacMessage, isHashName, latin1Text, TEST_HMAC_KEY } from '../../contracts/index.js';
import type { Mutant, Page, PageMistake } from './broken-gateway.js';

/** A mistake on the hosted page. Questions are answered as they should be. */
const onPage = (mistake: string, pages: PageMistake): Mutant => ({
  mistake,
  answer: async (question, gateway) => ({ reply: await gateway.ask(question) }),
  pages,
});

function hmacOf(variables: URLSearchParams): string {
  const hash = (variables.get('PBX_HASH') ?? '').toUpperCase();
  const fields = [...variables]
    .filter(([name]) => name !== 'PBX_HMAC')
    .map(([name, value]) => ({ name, raw: latin1Text(new TextEncoder().encode(value)) }));
  return hmacHex(isHashName(hash) ? hash : 'SHA512', TEST_HMAC_KEY, hmacMessage(fields));
}

/** A mistake in reading the variables. Those that were signed stay signed, those that were not do not become so. */
const reads = (mistake: string, change: (variables: URLSearchParams) => void): Mutant =>
  onPage(mistake, {
    read: (variables) => {
      if (!variables.has('PBX_CMD')) return;
      const wasSigned = variables.get('PBX_HMAC')?.toUpperCase() === hmacOf(variables).toUpperCase();
      change(variables);
      if (wasSigned) variables.set('PBX_HMAC', hmacOf(variables));
    },
  });

const writes = (mistake: string, write: (page: Page) => Page): Mutant => onPage(mistake, { write });

const writesHtml = (mistake: string, change: (html: string) => string): Mutant =>
  writes(mistake, (page) => ({ ...page, html: change(page.html) }));

/** A mistake in the query of the call to the shop. */
const calls = (mistake: string, change: (query: string) => string): Mutant => onPage(mistake, { call: (query) => [change(query)] });

/** A mistake in the address that the browser is led to. */
const leads = (mistake: string, change: (address: string) => string): Mutant =>
  writes(mistake, (page) => ({ ...page, refresh: page.refresh.includes('order=') ? change(page.refresh) : page.refresh }));

const isErrorPage = ({ html }: Page): boolean => /Erreur PAYBOX|identification du commerce/.test(html);

const otherSignature = (query: string): string => query.replace(/(?<=&K=)./, (first) => (first === 'A' ? 'B' : 'A'));

/** Gateways with one mistake each on the hosted page, in its results and in what follows. */
export const HOSTED_PAGE_MUTANTS: Readonly<Record<string, Mutant>> = {
  // The page.
  'hosted-error-with-http-403': writes('An error page has an HTTP error status.', (page) =>
    isErrorPage(page) ? { ...page, status: 403 } : page,
  ),
  'hosted-error-in-english': writesHtml('The error pages are in English.', (html) =>
    html.replaceAll('variable manquante', 'missing variable').replaceAll('identification du commerce', 'shop identification'),
  ),
  'hosted-one-error-page': writesHtml('Every error page has the same number.', (html) =>
    html.replaceAll('Erreur PAYBOX 4', 'Erreur PAYBOX 3'),
  ),
  'hosted-guesses-the-currency': reads('Without PBX_DEVISE it is the euro.', (variables) => {
    if (!variables.has('PBX_DEVISE')) variables.set('PBX_DEVISE', '978');
  }),
  'hosted-any-hmac': onPage('PBX_HMAC is not verified.', {
    read: (variables) => {
      if (variables.has('PBX_HMAC')) variables.set('PBX_HMAC', hmacOf(variables));
    },
  }),
  'hosted-sha512-only': onPage('Only SHA512 is known.', {
    read: (variables) => {
      if (variables.has('PBX_HASH')) variables.set('PBX_HASH', 'SHA512');
    },
  }),
  'hosted-one-path-only': writes('Only one path has the page.', (page) =>
    page.path.endsWith('/php/') || page.path.endsWith('/cgi/ChoixPaiementMobile.cgi') ? { ...page, status: 404, html: '' } : page,
  ),
  'hosted-reference-pays-again': reads('A reference that was paid can be paid again.', (variables) => {
    variables.set('PBX_CMD', `${variables.get('PBX_CMD')}-${crypto.randomUUID().slice(0, 4)}`);
  }),
  'hosted-captures-at-once': reads('PBX_AUTOSEULE is not read.', (variables) => variables.delete('PBX_AUTOSEULE')),
  'hosted-remits-at-once': reads('PBX_DIFF is not read.', (variables) => variables.delete('PBX_DIFF')),
  'hosted-always-calls-by-get': reads('PBX_RUF1 is not read.', (variables) => variables.delete('PBX_RUF1')),
  'hosted-always-signs': reads('K comes back although it was not asked for.', (variables) => {
    const fields = variables.get('PBX_RETOUR') ?? '';
    if (!/:K(?:;|$)/.test(fields)) variables.set('PBX_RETOUR', `${fields};K:K`);
  }),
  'hosted-without-instalments': reads('Instalments are forgotten.', (variables) => {
    for (const name of ['PBX_2MONT1', 'PBX_DATE1']) variables.delete(name);
  }),
  'hosted-without-subscriptions': reads('A subscription in PBX_CMD is a part of the reference.', (variables) => {
    variables.set('PBX_CMD', (variables.get('PBX_CMD') ?? '').replace('PBX_NBPAIE', 'PBX_NBPAYE'));
  }),
  'hosted-without-tokens': reads('PBX_REFABONNE is not read.', (variables) => variables.delete('PBX_REFABONNE')),
  'hosted-unsubscribes-nobody': writes('The end of a subscription is confirmed, whatever was asked.', (page) =>
    page.path.endsWith('ResAbon.cgi') ? { ...page, html: page.html.replace('ACQ=NO&ERREUR=9', 'ACQ=OK') } : page,
  ),
  // The call to the shop.
  'hosted-call-with-another-signature': calls('K of the call is the signature of another text.', otherSignature),
  'hosted-call-made-twice': onPage('The shop is called twice.', { call: (query) => [query, query] }),
  'hosted-call-with-plus': calls('A space is a plus.', (query) => query.replaceAll('%20', '+')),
  'hosted-call-with-raw-signature': calls('K is not encoded.', (query) => query.replace(/(?<=&K=).*$/, decodeURIComponent)),
  'hosted-call-in-alphabetical-order': calls('The values are in alphabetical order.', (query) => query.split('&').sort().join('&')),
  'hosted-call-with-padded-numbers': calls('S and T have ten digits.', (query) =>
    query.replace(/(?<=(?:^|&)[ST]=)\d+/g, (number) => number.padStart(10, '0')),
  ),
  'hosted-call-with-empty-authorization': calls('A refusal has an empty A.', (query) =>
    /(?:^|&)A=/.test(query) ? query : query.replace('&B=', '&A=&B='),
  ),
  'hosted-call-with-code-of-two-digits': calls('E is the code of the bank.', (query) => query.replace(/(?<=(?:^|&)E=)001(?=\d\d)/, '')),
  'hosted-call-without-authentication': calls('F is always N.', (query) => query.replace(/(?<=(?:^|&)F=)Y/, 'N')),
  'hosted-call-with-month-first': calls('The expiry of U is MMYY.', (query) =>
    query.replace(/(?<=(?:^|&)U=[^&]*\+\+)(\d\d)(\d\d)/, '$2$1'),
  ),
  'hosted-renewal-without-a-mark': calls('A renewal looks like a payment.', (query) => query.replace('ETAT_PBX=PBX_RECONDUCTION_ABT&', '')),
  // The return of the browser.
  'hosted-return-with-another-signature': leads('K of the return is the signature of another text.', otherSignature),
  'hosted-return-without-own-variables': leads("The shop's own variables come last.", (address) =>
    address.replace(/\?(order=\d+)&(.*)$/, '?$2&$1'),
  ),
  'hosted-return-that-always-succeeds': leads('The browser always brings a success.', (address) =>
    address.replace(/(?<=[?&]E=)\w{5}/, '00000'),
  ),
  'hosted-cancel-leads-to-refusal': leads('A cancelled payment leads to PBX_REFUSE.', (address) =>
    address.replace('/PBX_ANNULE?', '/PBX_REFUSE?'),
  ),
  'hosted-time-out-as-cancel': leads('A time-out has the code of a cancelled payment.', (address) => address.replace('E=00030', 'E=00001')),
};
