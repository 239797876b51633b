import {
  ACTIVITIES,
  accountId,
  cardTraits,
  commentOf,
  isCardShaped,
  isCurrency,
  isLuhn,
  latin1Bytes,
  luhnDigit,
  NUMQUESTION_MAX,
  needsDirectPlus,
  percentEncode,
  REFUSAL_PREFIX,
  RESPONSE_CODE_BY_CODE,
  STATUSES,
  TEST_ACCOUNTS,
  VARIABLES,
} from '../../contracts/index.js';
import { AUTHENTICATION_MUTANTS } from './authentication-mutants.js';
import { type Mutant, madeUpRefusal, madeUpSuccess, type Question, type Reply, type Unbroken, written } from './broken-gateway.js';
import { decides, doing, forgets, hasVariant, isSuccess, reads, refusesFirst, replies, writes } from './mutant-kinds.js';

const isMissing = (reply: Reply): boolean => /^Mandatory\+values\+missing/.test(reply.get('COMMENTAIRE') ?? '');

/** Checks of formats, roughly in the order of the gateway. */
const FORMATS: readonly (readonly [name: string, code: string, isGood: (value: string) => boolean])[] = [
  ['NUMQUESTION', '00005', (value) => /^\d{1,10}$/.test(value)],
  ['DATEQ', '00007', (value) => /^\d{8}(\d{6})?$/.test(value)],
  ['DEVISE', '00010', isCurrency],
  ['MONTANT', '00011', (value) => /^\d{1,10}$/.test(value)],
  ['REFERENCE', '00012', (value) => value.length <= 250],
  ['REFABONNE', '00012', (value) => value.length <= 250],
  ['ACTIVITE', '00026', (value) => ACTIVITIES.has(value)],
];

async function cardRefusal(question: Question, gateway: Unbroken): Promise<Reply | undefined> {
  const [card, expiry] = [question.get('PORTEUR'), question.get('DATEVAL')];
  if (question.operation?.porteur !== 'card' || card === '' || expiry === '') return undefined;
  if (!isLuhn(card)) return madeUpRefusal(question, '00004');
  const { now } = (await (await gateway.control('GET', '/clock')).json()) as { now: string };
  return `20${expiry.slice(2)}-${expiry.slice(0, 2)}` < now.slice(0, 7) ? madeUpRefusal(question, '00008') : undefined;
}

interface Account {
  readonly id: string;
  readonly auth: string;
  readonly CLE: string;
  readonly cvvRequired: boolean;
}

async function accountOf(question: Question, gateway: Unbroken): Promise<Account | undefined> {
  const { accounts } = (await (await gateway.control('GET', '/accounts')).json()) as { accounts: Account[] };
  return accounts.find(({ id }) => id === accountId(question.get('SITE'), question.get('RANG')));
}

async function forgetEverything(gateway: Unbroken): Promise<void> {
  const { content, ...rest } = (await (await gateway.control('GET', '/snapshot')).json()) as { content: object };
  const empty = { ...content, sequence: 0, payments: [], subscribers: [], questions: [], cards: [], journal: [] };
  await gateway.control('PUT', '/snapshot', { ...rest, content: empty });
}

/** Returns the token of the subscriber that a question names. */
async function tokenOf(question: Question, gateway: Unbroken): Promise<string | undefined> {
  const { subscribers } = (await (await gateway.control('GET', '/subscribers')).json()) as {
    subscribers: { REFABONNE: string; PORTEUR: string }[];
  };
  return subscribers.find(({ REFABONNE }) => REFABONNE === question.get('REFABONNE'))?.PORTEUR;
}

/** Asks again under another question number, and answers under that of the question. */
async function askUnderNewNumber(question: Question, gateway: Unbroken): Promise<Reply> {
  const [fresh] = crypto.getRandomValues(new Uint32Array(1));
  const again = await gateway.ask(question.with({ NUMQUESTION: String(((fresh ?? 0) % NUMQUESTION_MAX) + 1) }));
  return new Map([...again, ['NUMQUESTION', question.get('NUMQUESTION')]]);
}

function isQuestionNumber(value: string): boolean {
  return /^\d{1,10}$/.test(value) && Number(value) >= 1 && Number(value) <= NUMQUESTION_MAX;
}

const letters = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(11)), (byte) => String.fromCharCode(65 + (byte % 26))).join('');

/**
 * Replaces the gateway's tokens by others in replies, and back in questions.
 *
 * @param tokenFor returns the token to send instead of the gateway's token
 */
const givesOtherTokens = (
  mistake: string,
  tokenFor: (question: Question, gateway: Unbroken, token: string) => string | undefined,
): Mutant =>
  decides(mistake, async (question, gateway) => {
    const own = question.operation?.porteur === 'token' ? gateway.memory.get(`token ${question.get('PORTEUR')}`) : undefined;
    if (doing(question, 'register', 'modify')) gateway.memory.set(`card ${question.get('REFABONNE')}`, question.get('PORTEUR'));
    const reply = new Map(await gateway.ask(own === undefined ? question : question.with({ PORTEUR: own })));
    const token = reply.get('PORTEUR') ?? '';
    const other = token === '' || !isSuccess(reply) ? undefined : tokenFor(question, gateway, token);
    if (other === undefined) return reply;
    gateway.memory.set(`token ${other}`, token);
    return reply.set('PORTEUR', other);
  });

/** The variables of an external 3-D Secure server that have a length. */
const LIMITED_3DS = VARIABLES.filter(({ name, length: [, max] }) => /^3D|^NOMMARCHANDAUTHENT$/.test(name) && max < 250);

/** The results of an external 3-D Secure server. */
const RESULTS_3DS = ['VERSION3DS', 'DSTRANSID', 'ACSTRANSID', '3DSTATUS', '3DECI'];

const ENGLISH = new Map<string, string>(Object.entries(STATUSES).map(([english, french]) => [french, english]));

/** Gateways with one mistake each, as hand-written test doubles have them. The keys are the names in `catches` of scenarios. */
export const MUTANTS: Readonly<Record<string, Mutant>> = {
  ...AUTHENTICATION_MUTANTS,
  // Format of the reply.
  'wrong-echo-numquestion': replies('NUMQUESTION comes from a separate counter.', () => ({ NUMQUESTION: '0000000001' })),
  'wrong-echo-site': replies('SITE is padded to ten digits like the numbers.', (reply) => ({ SITE: reply.get('SITE')?.padStart(10, '0') })),
  'wrong-echo-rang': replies('RANG is padded to three digits, as it is stored.', (reply) => ({
    RANG: reply.get('RANG')?.padStart(3, '0'),
  })),
  'utf8-reply': writes('The body is encoded in UTF-8, the default of the framework.', (reply) => ({
    body: new TextEncoder().encode(written(reply)),
  })),
  'percent-encoded-reply': writes('The body is percent-encoded like a form.', (reply) => ({
    body: latin1Bytes(Array.from(reply, ([name, value]) => `${name}=${percentEncode(value, 'iso-8859-1')}`).join('&')),
  })),
  'content-type-utf8': writes('The Content-Type is the default of the framework.', () => ({ contentType: 'text/html; charset=UTF-8' })),
  'http-400-on-refusal': writes('A refusal has an HTTP error status.', (reply) => ({ status: isSuccess(reply) ? 200 : 400 })),
  'fields-shuffled': writes('The variables are in alphabetical order.', (reply) => ({
    body: latin1Bytes(written(new Map([...reply].sort(([a], [b]) => (a < b ? -1 : 1))))),
  })),
  'short-numbers': replies('NUMTRANS and NUMAPPEL are written as numbers, without leading zeros.', (reply) => ({
    NUMTRANS: String(Number(reply.get('NUMTRANS'))),
    NUMAPPEL: String(Number(reply.get('NUMAPPEL'))),
  })),
  'comment-without-prefix': replies('COMMENTAIRE of a refusal has no prefix.', (reply) => ({
    COMMENTAIRE: reply.get('COMMENTAIRE')?.replace(REFUSAL_PREFIX, ''),
  })),
  'keyword-off-by-one': replies('The missing variable is counted from one.', (reply) => ({
    COMMENTAIRE: reply.get('COMMENTAIRE')?.replace(/(?<=keyword:)\d+/, (keyword) => String(Number(keyword) + 1)),
  })),
  'mandatory-with-spaces': replies('The text of a missing variable has spaces instead of `+`.', (reply) =>
    isMissing(reply) ? { COMMENTAIRE: reply.get('COMMENTAIRE')?.replaceAll('+', ' ') } : {},
  ),
  'mandatory-echoes-question': replies('The refusal of a missing variable repeats NUMQUESTION.', (reply, question) =>
    isMissing(reply) ? { NUMQUESTION: question.get('NUMQUESTION') } : {},
  ),
  'mandatory-echoes-subscriber': replies('The refusal of a missing variable repeats REFABONNE and PORTEUR.', (reply, question) =>
    isMissing(reply) ? { REFABONNE: question.get('REFABONNE'), PORTEUR: question.get('PORTEUR') } : {},
  ),
  'issuer-refusal-with-prefix': replies("The issuer's refusals have the prefix of the gateway's own.", (reply) =>
    /^001/.test(reply.get('CODEREPONSE') ?? '') ? { COMMENTAIRE: `${REFUSAL_PREFIX}${reply.get('COMMENTAIRE')}` } : {},
  ),
  'issuer-code-invents-text': replies('An issuer code without a text has one of our own.', (reply) =>
    reply.get('COMMENTAIRE')?.startsWith('***') ? { COMMENTAIRE: `Refus ${reply.get('CODEREPONSE')}` } : {},
  ),
  'authorization-zeros-in-refusals': hasVariant('AUTORISATION is zeros in every refusal.', 'authorizationInRefusal', 'zeros'),
  'authorization-empty-without-access': replies('AUTORISATION is empty in every refusal.', (reply) =>
    isSuccess(reply) ? {} : { AUTORISATION: '' },
  ),
  'country-absent-in-refusals': replies('A refusal never has PAYS.', (reply) => (isSuccess(reply) ? {} : { PAYS: undefined })),
  'porteur-empty-in-refusals': replies('A refusal does not repeat PORTEUR.', (reply) =>
    isSuccess(reply) || !reply.has('PORTEUR') ? {} : { PORTEUR: '' },
  ),
  'subscriber-echo-on-direct': replies('Operations without a subscriber repeat REFABONNE.', (reply, question) =>
    reply.has('REFABONNE') ? { REFABONNE: question.get('REFABONNE') } : {},
  ),
  'numbers-on-refusal': replies('Numbers are assigned before the access check.', (reply) =>
    reply.get('CODEREPONSE') === '00006' ? { NUMTRANS: '0009000001', NUMAPPEL: '0090000001' } : {},
  ),
  'sha1-lower-case': replies('SHA-1 is in lower case, as most hash functions return it.', (reply) => ({
    'SHA-1': reply.get('SHA-1')?.toLowerCase(),
  })),
  'details-always': reads('PAYS, TYPECARTE and SHA-1 are returned even if they were not requested.', (question) => {
    const details = ['PAYS', 'TYPECARTE', 'SHA-1'].filter((name) => !question.has(name));
    return question.with(Object.fromEntries(details.map((name) => [name, ''])));
  }),
  'reply-lacks-refabonne': replies('Replies lack REFABONNE and PORTEUR.', () => ({ REFABONNE: undefined, PORTEUR: undefined })),
  'status-in-english': replies('STATUS is the English name used in the code.', (reply) => ({
    STATUS: ENGLISH.get(reply.get('STATUS') ?? '') ?? reply.get('STATUS'),
  })),

  // Access.
  'any-key-accepted': decides('Questions without a signature are accepted with any key.', async (question, gateway) => {
    const account = question.get('HMAC') === '' ? await accountOf(question, gateway) : undefined;
    if (!account) return gateway.ask(question);
    const isSigner = account.auth === 'hmac';
    return gateway.ask(isSigner ? question.with({ HASH: 'SHA512', HMAC: '' }).signed() : question.with({ CLE: account.CLE }));
  }),
  'any-hmac-accepted': reads('HMAC must be present, but is not verified.', (question) =>
    question.get('HMAC') === '' ? question : question.signed(),
  ),
  'hmac-wrong-as-key-wrong': replies('A wrong HMAC has the text of a wrong key.', (reply) =>
    reply.get('COMMENTAIRE') === 'HMAC invalide' ? { COMMENTAIRE: commentOf('00006') } : {},
  ),
  'hmac-over-encoded-values': reads('The HMAC is computed over the percent-encoded values.', (question) => {
    if (question.get('HMAC') === '') return question;
    const isMet = question.get('HMAC').toUpperCase() === question.hmac('encoded');
    return isMet ? question.signed() : question.with({ HMAC: '0'.repeat(question.get('HMAC').length) });
  }),
  'rang-strict': refusesFirst('32 and 032 are two accounts.', async (question) => {
    const isAsPublished = TEST_ACCOUNTS.some(({ SITE, RANG }) => SITE === question.get('SITE') && RANG === question.get('RANG'));
    return isAsPublished ? undefined : madeUpRefusal(question, '00006', 'Non autorise');
  }),
  'plus-on-direct': reads('Operations on subscribers are accepted with any VERSION.', (question) => {
    const isPlus = question.operation !== undefined && needsDirectPlus(question.operation);
    return isPlus && Number(question.get('VERSION')) === 103 ? question.with({ VERSION: '00104' }) : question;
  }),

  // Order of the checks, and missing checks.
  'card-before-access': refusesFirst('The card is checked before the account.', cardRefusal),
  'card-before-subscriber': refusesFirst('The card is checked before the subscriber.', async (question, gateway) =>
    question.operation && needsDirectPlus(question.operation) ? cardRefusal(question, gateway) : undefined,
  ),
  'impossible-value-as-wrong-card': decides('A value that no field can hold is refused like a wrong card.', async (question, gateway) => {
    const reply = await gateway.ask(question);
    return reply.get('COMMENTAIRE') === 'Invalid+data' ? madeUpRefusal(question, '00004') : reply;
  }),
  'three-d-secure-lengths-off': reads('3-D Secure values are cut to their length.', (question) =>
    question.with(
      Object.fromEntries(
        LIMITED_3DS.filter(({ name }) => question.has(name)).map(({ name, length: [, max] }) => [name, question.get(name).slice(0, max)]),
      ),
    ),
  ),
  'three-d-secure-for-enrolled-cards-only': reads(
    'An account with 3-D Secure accepts cards that are not enrolled without a result.',
    (question) =>
      question.operation?.porteur === 'card' && !cardTraits(question.get('PORTEUR')).enrolled && question.get('3DENROLLED') === ''
        ? question.with({ '3DENROLLED': 'N' })
        : question,
  ),
  'external-results-ignored': reads('The results of an external 3-D Secure server are ignored.', (question) =>
    question.with(Object.fromEntries(RESULTS_3DS.map((name) => [name, undefined]))),
  ),
  'id3d-of-zeros-looked-up': refusesFirst('An ID3D of zeros is looked up.', async (question) =>
    /^0+$/.test(question.get('ID3D')) ? madeUpRefusal(question, '00041') : undefined,
  ),
  'cvv-required-of-registrations': refusesFirst(
    'An account that requires the CVV requires it of registrations.',
    async (question, gateway) => {
      const isWithout = doing(question, 'register', 'modify') && question.get('CVV') === '';
      return isWithout && (await accountOf(question, gateway))?.cvvRequired ? madeUpRefusal(question, '00020') : undefined;
    },
  ),
  'error-code-test-of-the-table': reads('ERRORCODETEST takes only the documented codes.', (question) =>
    RESPONSE_CODE_BY_CODE.has(question.get('ERRORCODETEST')) ? question : question.with({ ERRORCODETEST: undefined }),
  ),
  'dateq-calendar': hasVariant('DATEQ must be a date of the calendar.', 'dateq', 'calendar'),
  'formats-before-mandatory': decides('Formats are checked before mandatory variables.', async (question, gateway) => {
    const reply = await gateway.ask(question);
    const wrong = FORMATS.find(([name, , isGood]) => question.get(name) !== '' && !isGood(question.get(name)));
    return wrong && isMissing(reply) ? madeUpRefusal(question, wrong[1]) : reply;
  }),
  'unpadded-type-refused': refusesFirst('TYPE is compared as text.', async (question) =>
    question.operation && question.operation.TYPE !== question.get('TYPE') ? madeUpRefusal(question, '00009') : undefined,
  ),
  'luhn-off': reads('The check digit of a card is not checked.', (question) => {
    const card = question.get('PORTEUR');
    const isCard = question.operation?.porteur === 'card' && /^\d{13,19}$/.test(card);
    return isCard && !isLuhn(card) ? question.with({ PORTEUR: card.slice(0, -1) + luhnDigit(card.slice(0, -1)) }) : question;
  }),
  'expiry-off': reads('DATEVAL is not checked.', (question) =>
    question.operation?.porteur === 'card' && question.get('DATEVAL') !== '' ? question.with({ DATEVAL: '1249' }) : question,
  ),
  'duplicate-question-accepted': decides('A question number can be reused.', async (question, gateway) => {
    const reply = await gateway.ask(question);
    const isRepeated = reply.get('CODEREPONSE') === '00005' && isQuestionNumber(question.get('NUMQUESTION'));
    return isRepeated ? askUnderNewNumber(question, gateway) : reply;
  }),
  'question-number-zero-accepted': decides('A question number may be zero.', async (question, gateway) => {
    const reply = await gateway.ask(question);
    const isZero = reply.get('CODEREPONSE') === '00005' && /^0+$/.test(question.get('NUMQUESTION'));
    return isZero ? askUnderNewNumber(question, gateway) : reply;
  }),
  'repeated-question-00039': hasVariant('A repeated question number has the code of the list.', 'repeatedQuestion', '00039'),
  'question-number-across-types': refusesFirst('A question number is also refused for another TYPE.', async (question, { memory }) => {
    const number = ['SITE', 'RANG', 'NUMQUESTION'].map((name) => Number(question.get(name))).join(' ');
    const key = `${number} ${question.get('DATEQ').slice(0, 8)}`;
    if ((memory.get(key) ?? question.get('TYPE')) !== question.get('TYPE')) return madeUpRefusal(question, '00005');
    memory.set(key, question.get('TYPE'));
    return undefined;
  }),

  // State of a payment.
  'no-state': decides('Every question is answered without any stored state.', async (question, gateway) => {
    await forgetEverything(gateway);
    return gateway.ask(question);
  }),
  'capture-new-numbers': hasVariant('A capture has numbers of its own.', 'captureNumbers', 'new'),
  'refund-new-call-number': hasVariant('A refund has a NUMAPPEL of its own.', 'refundNumbers', 'new'),
  'cancel-repeats-numbers': hasVariant('A cancel repeats the numbers of the payment.', 'cancelNumbers', 'kept'),
  'refund-number-shows-payment': hasVariant("A refund's number shows the STATUS of the payment.", 'refundStatus', 'payment'),
  'numbers-must-pair': refusesFirst('NUMTRANS and NUMAPPEL must be of one transaction.', async (question, gateway) => {
    const NUMAPPEL = question.get('NUMAPPEL');
    const payment = NUMAPPEL === '' ? undefined : await gateway.payment(question);
    const isPair = payment?.transactions.some((one) => one.NUMTRANS === question.get('NUMTRANS') && one.NUMAPPEL === NUMAPPEL) ?? true;
    return isPair ? undefined : madeUpRefusal(question, doing(question, 'inquire') ? '00018' : '00015');
  }),
  'unlimited-refunds': forgets(
    'Earlier refunds are not counted.',
    'refund',
    ['00011', '00015'],
    ({ standing }) => standing === 'captured' || standing === 'refunded',
  ),
  'refund-without-capture': forgets(
    'A refund does not check that the payment was captured.',
    'refund',
    ['00015'],
    ({ standing, captured }) => captured === 0 && standing !== 'cancelled',
  ),
  'refund-counts-nothing': decides('A refund is answered, but not stored.', async (question, gateway) => {
    if (!doing(question, 'refund')) return gateway.ask(question);
    const before = await (await gateway.control('GET', '/snapshot')).json();
    const reply = await gateway.ask(question);
    await gateway.control('PUT', '/snapshot', before);
    return reply;
  }),
  'capture-above-authorized': forgets('The amount of a capture is not checked against the authorization.', 'capture', ['00011']),
  'capture-twice': forgets(
    'A captured authorization can be captured again.',
    'capture',
    ['00015'],
    ({ standing }) => standing === 'captured',
  ),
  'expired-authorization-captured': forgets('Authorizations never expire.', 'capture', ['00015'], ({ standing }) => standing === 'expired'),
  'cancel-any-amount': decides('The amount of a cancel is not checked.', async (question, gateway) => {
    const payment = doing(question, 'cancel') && question.amount > 0 ? await gateway.payment(question) : undefined;
    return gateway.ask(payment ? question.with({ MONTANT: String(payment.captured || payment.authorized) }) : question);
  }),
  'cancel-after-remittance': forgets(
    'A cancel does not check whether the payment was remitted.',
    'cancel',
    ['00015'],
    ({ remittance }) => remittance?.done === true,
  ),
  'differe-ignored': reads('DIFFERE is ignored.', (question) => question.with({ DIFFERE: undefined })),
  'no-remise': replies('An inquiry never returns REMISE.', () => ({ REMISE: undefined })),
  'remise-too-early': replies('An inquiry returns REMISE as soon as a payment is captured.', (reply) =>
    reply.get('STATUS') === STATUSES.captured && !reply.has('REMISE') ? { REMISE: '206140001' } : {},
  ),
  'inquiry-finds-anything': decides('An inquiry succeeds for any number.', async (question, gateway) => {
    const reply = await gateway.ask(question);
    const isNothing = doing(question, 'inquire') && reply.get('CODEREPONSE') === '00018';
    return isNothing ? madeUpSuccess(question, { NUMTRANS: question.get('NUMTRANS'), STATUS: STATUSES.captured }) : reply;
  }),
  'exists-finds-anything': decides('A check of existence succeeds for any reference.', async (question, gateway) => {
    const reply = await gateway.ask(question);
    return doing(question, 'find') && reply.get('CODEREPONSE') === '00018' ? madeUpSuccess(question) : reply;
  }),

  // Subscribers.
  'subscriber-twice': decides('Registering an existing subscriber modifies it.', async (question, gateway) => {
    const reply = await gateway.ask(question);
    const isThere = doing(question, 'register') && reply.get('CODEREPONSE') === '00016';
    return isThere ? gateway.ask(question.with({ TYPE: '00057' })) : reply;
  }),
  'token-changes': givesOtherTokens('Every reply has a new token; earlier ones stay valid.', letters),
  'token-is-card-number': givesOtherTokens('The token is the card number.', (question, { memory }) =>
    memory.get(`card ${question.get('REFABONNE')}`),
  ),
  'token-per-subscriber': givesOtherTokens('Each subscriber has a token of its own.', (question, { memory }) => {
    const key = `subscriber ${question.get('REFABONNE')}`;
    memory.set(key, memory.get(key) ?? letters());
    return memory.get(key);
  }),
  'modify-keeps-token': givesOtherTokens('A subscriber keeps the token of the first card.', (question, { memory }, token) => {
    const key = `subscriber ${question.get('REFABONNE')}`;
    if (doing(question, 'register')) memory.set(key, token);
    return memory.get(key);
  }),
  'token-in-every-reply': decides('Every reply about a subscriber has the token.', async (question, gateway) => {
    const token = await tokenOf(question, gateway);
    const reply = await gateway.ask(question);
    const isShown = token !== undefined && isSuccess(reply) && question.operation && needsDirectPlus(question.operation);
    return isShown && !doing(question, 'register', 'modify') ? new Map([...reply, ['PORTEUR', token]]) : reply;
  }),
  'padded-token-refused': refusesFirst('A token padded with spaces is not the token.', async (question) =>
    question.operation?.porteur === 'token' && / $/.test(question.get('PORTEUR')) ? madeUpRefusal(question, '00015') : undefined,
  ),
  'card-number-of-subscriber-refused': refusesFirst("A subscriber's card number is not accepted as a token.", async (question) =>
    question.operation?.porteur === 'token' && isCardShaped(question.get('PORTEUR')) ? madeUpRefusal(question, '00015') : undefined,
  ),
  'token-not-checked': decides("A subscriber's payment does not check the token.", async (question, gateway) => {
    if (question.operation?.porteur !== 'token' || question.get('PORTEUR') === '') return gateway.ask(question);
    const PORTEUR = await tokenOf(question, gateway);
    return gateway.ask(PORTEUR === undefined ? question : question.with({ PORTEUR }));
  }),
  'delete-keeps-authorization': replies('A deletion returns an AUTORISATION like other successes.', (reply, question) =>
    doing(question, 'unsubscribe') && isSuccess(reply) ? { AUTORISATION: 'XXXXXX' } : {},
  ),
};
