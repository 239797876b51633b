import {
  ACTIVITIES,
  accountId,
  type Does,
  isCurrency,
  isLuhn,
  latin1Bytes,
  luhnDigit,
  needsDirectPlus,
  percentEncode,
  REFUSAL_PREFIX,
  STATUSES,
  SUCCESS,
  TEST_ACCOUNTS,
} from '../../contracts/index.js';
import {
  type Answer,
  type Mutant,
  madeUpRefusal,
  madeUpSuccess,
  type Question,
  type Reply,
  type Unbroken,
  written,
} from './broken-gateway.js';

const isSuccess = (reply: Reply): boolean => reply.get('CODEREPONSE') === SUCCESS;
const doing = (question: Question, ...does: readonly Does[]): boolean =>
  question.operation !== undefined && does.includes(question.operation.does);

/** A mistake in the decision. */
const decides = (mistake: string, decide: (question: Question, gateway: Unbroken) => Promise<Reply>): Mutant => ({
  mistake,
  answer: async (question, gateway) => ({ reply: await decide(question, gateway) }),
});

/** A mistake in reading the question. */
const reads = (mistake: string, read: (question: Question) => Question): Mutant =>
  decides(mistake, (question, gateway) => gateway.ask(read(question)));

/** A wrong check before all others: returns its refusal, or the gateway's reply if there is none. */
const refusesFirst = (mistake: string, refuse: (question: Question, gateway: Unbroken) => Promise<Reply | undefined>): Mutant =>
  decides(mistake, async (question, gateway) => (await refuse(question, gateway)) ?? gateway.ask(question));

/** A mistake in the values of the reply. The returned values replace those of the reply; undefined omits one. */
const replies = (mistake: string, change: (reply: Reply, question: Question) => Readonly<Record<string, string | undefined>>): Mutant =>
  decides(mistake, async (question, gateway) => {
    const reply = await gateway.ask(question);
    const changed = Object.entries({ ...Object.fromEntries(reply), ...change(reply, question) });
    return new Map(changed.filter((pair): pair is [string, string] => pair[1] !== undefined));
  });

/** A mistake in sending the reply. */
const writes = (mistake: string, write: (reply: Reply) => Omit<Answer, 'reply'>): Mutant => ({
  mistake,
  answer: async (question, gateway) => {
    const reply = await gateway.ask(question);
    return { reply, ...write(reply) };
  },
});

/** A missing check of the payment's state: refusals with these codes become successes. */
const forgets = (
  mistake: string,
  does: Does,
  codes: readonly string[],
  applies: (payment: NonNullable<Awaited<ReturnType<Unbroken['payment']>>>) => boolean = () => true,
): Mutant =>
  decides(mistake, async (question, gateway) => {
    const reply = await gateway.ask(question);
    if (!doing(question, does) || question.amount === 0 || !codes.includes(reply.get('CODEREPONSE') ?? '')) return reply;
    const payment = await gateway.payment(question);
    return payment && applies(payment) ? madeUpSuccess(question) : reply;
  });

const isMissing = (reply: Reply): boolean => /^Mandatory values missing/.test(reply.get('COMMENTAIRE') ?? '');

/** Checks of formats, roughly in the order of the gateway. */
const FORMATS: readonly (readonly [name: string, code: string, isGood: (value: string) => boolean])[] = [
  ['NUMQUESTION', '00005', (value) => /^\d{1,10}$/.test(value)],
  ['DATEQ', '00007', (value) => /^([0-2]\d|3[01])(0\d|1[0-2])\d{4}(\d{6})?$/.test(value)],
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

async function accountOf(question: Question, gateway: Unbroken): Promise<{ auth: string; CLE: string } | undefined> {
  const { accounts } = (await (await gateway.control('GET', '/accounts')).json()) as {
    accounts: { id: string; auth: string; CLE: string }[];
  };
  return accounts.find(({ id }) => id === accountId(question.get('SITE'), question.get('RANG')));
}

async function forgetEverything(gateway: Unbroken): Promise<void> {
  const { content, ...rest } = (await (await gateway.control('GET', '/snapshot')).json()) as { content: object };
  const empty = { ...content, sequence: 0, payments: [], subscribers: [], questions: [], cards: [], journal: [] };
  await gateway.control('PUT', '/snapshot', { ...rest, content: empty });
}

const letters = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(11)), (byte) => String.fromCharCode(65 + (byte % 26))).join('');

/**
 * Replaces the gateway's tokens by others in replies, and back in questions.
 *
 * @param tokenFor returns the token to send instead
 */
const givesOtherTokens = (mistake: string, tokenFor: (question: Question, gateway: Unbroken) => string | undefined): Mutant =>
  decides(mistake, async (question, gateway) => {
    const own = question.operation?.porteur === 'token' ? gateway.memory.get(`token ${question.get('PORTEUR')}`) : undefined;
    if (doing(question, 'register', 'modify')) gateway.memory.set(`card ${question.get('REFABONNE')}`, question.get('PORTEUR'));
    const reply = new Map(await gateway.ask(own === undefined ? question : question.with({ PORTEUR: own })));
    const token = reply.get('PORTEUR') ?? '';
    const other = token === '' ? undefined : tokenFor(question, gateway);
    if (other === undefined) return reply;
    gateway.memory.set(`token ${other}`, token);
    return reply.set('PORTEUR', other);
  });

const ENGLISH = new Map<string, string>(Object.entries(STATUSES).map(([english, french]) => [french, english]));

/** Gateways with one mistake each, as hand-written test doubles have them. The keys are the names in `catches` of scenarios. */
export const MUTANTS: Readonly<Record<string, Mutant>> = {
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
    if (reply.get('CODEREPONSE') !== '00039') return reply;
    const [fresh] = crypto.getRandomValues(new Uint32Array(1));
    const again = await gateway.ask(question.with({ NUMQUESTION: String((fresh ?? 0) % 2_147_483_647) }));
    return new Map([...again, ['NUMQUESTION', question.get('NUMQUESTION')]]);
  }),
  'question-number-across-types': refusesFirst('A question number is also refused for another TYPE.', async (question, { memory }) => {
    const number = ['SITE', 'RANG', 'NUMQUESTION'].map((name) => Number(question.get(name))).join(' ');
    const key = `${number} ${question.get('DATEQ').slice(0, 8)}`;
    if ((memory.get(key) ?? question.get('TYPE')) !== question.get('TYPE')) return madeUpRefusal(question, '00039');
    memory.set(key, question.get('TYPE'));
    return undefined;
  }),

  // State of a payment.
  'no-state': decides('Every question is answered without any stored state.', async (question, gateway) => {
    await forgetEverything(gateway);
    return gateway.ask(question);
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
  'token-not-checked': decides("A subscriber's payment does not check the token.", async (question, gateway) => {
    if (question.operation?.porteur !== 'token' || question.get('PORTEUR') === '') return gateway.ask(question);
    const { subscribers } = (await (await gateway.control('GET', '/subscribers')).json()) as {
      subscribers: { REFABONNE: string; PORTEUR: string }[];
    };
    const theirs = subscribers.find(({ REFABONNE }) => REFABONNE === question.get('REFABONNE'));
    return gateway.ask(theirs ? question.with({ PORTEUR: theirs.PORTEUR }) : question);
  }),
  'delete-keeps-authorization': replies('A deletion returns an AUTORISATION like other successes.', (reply, question) =>
    doing(question, 'unsubscribe') && isSuccess(reply) ? { AUTORISATION: 'XXXXXX' } : {},
  ),
};
