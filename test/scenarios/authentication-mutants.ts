import { MPI_VARIABLES } from '../../contracts/index.js';
import type { AuthenticationMistake, Mutant, Page, Question, Reply } from './broken-gateway.js';
import { madeUpRefusal, madeUpSuccess } from './broken-gateway.js';
import { decides, doing, hasVariant, reads } from './mutant-kinds.js';

/** A mistake in an authentication. Questions are answered as they should be. */
const authenticates = (mistake: string, authentication: AuthenticationMistake): Mutant => ({
  mistake,
  answer: async (question, gateway) => ({ reply: await gateway.ask(question) }),
  authentication,
});

const readsVariables = (mistake: string, read: (variables: URLSearchParams) => void): Mutant => authenticates(mistake, { read });

const writesHtml = (mistake: string, write: (html: string) => string): Mutant =>
  authenticates(mistake, { write: (page) => ({ ...page, html: write(page.html) }) });

const writesPage = (mistake: string, write: (page: Page) => Page): Mutant => authenticates(mistake, { write });

/** A mistake in the query of the call to the shop. */
const callsWith = (mistake: string, call: (query: string) => string): Mutant => authenticates(mistake, { call: (query) => [call(query)] });

/** A mistake in a value of the form that the browser posts. */
const writesField = (mistake: string, name: string, change: (value: string) => string): Mutant =>
  writesHtml(mistake, (html) =>
    html.replace(new RegExp(`(name="${name}" value=")([^"]*)`), (_, before: string, value: string) => before + change(value)),
  );

/** A missing check of an ID3D: refusals with these codes become successes. */
const acceptsId3d = (mistake: string, code: string): Mutant =>
  decides(mistake, async (question, gateway) => {
    const reply = await gateway.ask(question);
    return question.get('ID3D') !== '' && reply.get('CODEREPONSE') === code ? madeUpSuccess(question) : reply;
  });

const withoutId3d =
  (applies: (question: Question) => boolean) =>
  (question: Question): Question =>
    applies(question) ? question.with({ ID3D: undefined }) : question;

const otherCheck = (check: string): string => (check.startsWith('A') ? 'B' : 'A') + check.slice(1);

const FIELD = /<input type="hidden" name="(?:\w+)" value="[^"]*">\n/g;

/** Sorts the fields of a form that brings a result. */
function sortFields(html: string): string {
  const sorted = [...html.matchAll(FIELD)].map(([field]) => field).sort();
  return html.replace(FIELD, () => sorted.shift() ?? '');
}

const inCheck = (query: string, change: (check: string) => string): string => query.replace(/(?<=&Check=).*$/, (check) => change(check));

const VERSION_2 = MPI_VARIABLES.filter(({ needed }) => needed === 'version2');

const isRefusedByBank = (reply: Reply): boolean => /^001/.test(reply.get('CODEREPONSE') ?? '');

/** Gateways with one mistake each in authentications and in what their ID3D pays. */
export const AUTHENTICATION_MUTANTS: Readonly<Record<string, Mutant>> = {
  // The page of RemoteMPI.
  'mpi-error-without-the-word': writesHtml('An error page says Error.', (html) => html.replaceAll('Erreur', 'Error')),
  'mpi-error-with-http-400': writesPage('An error page has an HTTP error status.', (page) =>
    page.html.includes('Erreur') ? { ...page, status: 400 } : page,
  ),
  'mpi-page-with-doctype': writesHtml('The page begins as HTML should.', (html) => html.replace(/^<html>/, '<!DOCTYPE html>\n<html>')),
  'mpi-guesses-the-currency': readsVariables('Without Currency it is the euro.', (variables) => {
    if (!variables.has('Currency')) variables.set('Currency', '978');
  }),
  'mpi-without-version-2': readsVariables('The variables of 3-D Secure 2 are not read.', (variables) => {
    for (const { name } of VERSION_2) variables.delete(name);
  }),
  'mpi-takes-a-session-twice': readsVariables('An IdSession is made unique and not refused.', (variables) => {
    variables.set('IdSession', `${variables.get('IdSession')}-${crypto.randomUUID()}`);
  }),
  // The form of the browser.
  'form-in-utf-8': writesHtml('The form is posted in UTF-8.', (html) =>
    html.replace('accept-charset="ISO-8859-1"', 'accept-charset="UTF-8"'),
  ),
  'form-with-a-short-session': writesField('IdSession is cut to 100 characters.', 'IdSession', (session) => session.slice(0, 100)),
  'form-in-another-order': writesHtml('The fields are in alphabetical order.', sortFields),
  'form-with-check-encoded-once': writesField('Check is not encoded before the browser encodes it.', 'Check', decodeURIComponent),
  'form-with-another-check': writesField('Check is the signature of another text.', 'Check', otherCheck),
  'form-that-always-succeeds': writesHtml('The browser always brings a success.', (html) =>
    html.replace(/(?<=name="StatusPBX" value=")[^"]*/, 'Autorisation à faire'),
  ),
  // The call to the shop.
  'call-in-utf-8': callsWith('The call is in UTF-8.', (query) => query.replaceAll('%e0', '%c3%a0')),
  'call-with-upper-case-hex': callsWith('The hex digits are upper-case.', (query) => query.replace(/%../g, (hex) => hex.toUpperCase())),
  'call-with-plus': callsWith('A space is a plus.', (query) => query.replaceAll('%20', '+')),
  'call-with-raw-check': callsWith('Check is not encoded.', (query) => inCheck(query, decodeURIComponent)),
  'call-in-another-order': callsWith('ID3D is the first variable after IdSession.', (query) =>
    query.replace(/^(IdSession=[^&]*)(.*)(&ID3D=\d+)/, '$1$3$2'),
  ),
  'call-of-a-time-out-with-eci': callsWith('A time-out has an empty 3DECI.', (query) =>
    query.replace(/(?<!3DECI=.*)&3DXID=/, '&3DECI=&3DXID='),
  ),
  'call-with-another-check': callsWith('Check is the signature of another text.', (query) => inCheck(query, otherCheck)),
  'call-made-twice': authenticates('The shop is called twice.', { call: (query) => [query, query] }),
  // The payment.
  'id3d-of-declined-accepted': acceptsId3d('Every ID3D that was issued pays.', '00040'),
  'id3d-of-any-site': acceptsId3d('An ID3D pays on every SITE.', '00041'),
  'id3d-not-looked-up': acceptsId3d('An ID3D that was never issued pays.', '00041'),
  'id3d-not-on-registrations': reads(
    'A registration ignores its ID3D.',
    withoutId3d((question) => doing(question, 'register')),
  ),
  'id3d-used-by-a-refusal': decides('A payment that the bank refused uses the ID3D.', async (question, gateway) => {
    const id3d = `id3d ${question.get('ID3D')}`;
    if (question.get('ID3D') !== '' && gateway.memory.has(id3d)) return madeUpRefusal(question, '00041');
    const reply = await gateway.ask(question);
    if (isRefusedByBank(reply)) gateway.memory.set(id3d, '');
    return reply;
  }),
  'soft-decline-of-authenticated': reads(
    'The bank does not see the authentication.',
    withoutId3d(() => true),
  ),
  'id3d-never-expires': hasVariant('An ID3D lives without end.', 'id3dLife', 'unlimited'),
  'id3d-serves-again': hasVariant('An ID3D serves any number of payments.', 'id3dReuse', 'unlimited'),
  'id3d-of-any-amount': hasVariant('An ID3D pays any amount.', 'id3dMismatch', 'accepted'),
};
