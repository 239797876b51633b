import { operationOf, SUCCESS, VARIANTS, type VariantName } from '../contracts/index.js';
import type { RecordedExchange, Recording } from './recording.js';

/** The value of a variant that a recorded exchange shows. */
interface LearnedVariant {
  readonly name: VariantName;
  readonly value: string;
  /** The first exchange that shows it: its case, and the number of its step. */
  readonly case: string;
  readonly step: number;
  /** What the exchange shows. */
  readonly reason: string;
}

/** What a recording shows of the variants. */
export interface Learned {
  /** The account of most exchanges. Only its exchanges are evidence, because each account has variants of its own. */
  readonly account: { readonly SITE: string; readonly RANG: string };
  /** In the order of `VARIANTS`. A variant that shows several values is listed once for each. */
  readonly shown: readonly LearnedVariant[];
  /** The variants that no exchange shows. */
  readonly notShown: readonly VariantName[];
}

/** A recorded exchange with the values of its variables. */
interface ReadExchange {
  readonly step: number;
  readonly TYPE: string;
  readonly code: string;
  sent(name: string): string;
  received(name: string): string;
  has(name: string): boolean;
}

type Shown = readonly [value: string, reason: string] | undefined;

/** Returns the value that an exchange shows. `earlier` are the exchanges of the case before it. */
type Reader = (exchange: ReadExchange, earlier: readonly ReadExchange[]) => Shown;

/** Whether the first eight digits of a DATEQ are a date. */
function isDate(dateq: string): boolean {
  const [day, month, year] = [dateq.slice(0, 2), dateq.slice(2, 4), dateq.slice(4, 8)].map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

const isType = (...types: readonly string[]) => types.includes.bind(types);
const isCapture = isType('00002', '00052');
const isRefund = isType('00014');
const isCancel = isType('00005', '00055');

/** What operations do that start a payment. */
const STARTS_PAYMENT: ReadonlySet<string> = new Set(['authorize', 'pay', 'force', 'register', 'modify']);

const sameNumber = (a: string, b: string): boolean => a !== '' && Number(a) === Number(b);

const numbersReader =
  (isConcerned: (TYPE: string) => boolean): Reader =>
  ({ TYPE, code, sent, received }, earlier) => {
    if (!isConcerned(TYPE) || code !== SUCCESS) return undefined;
    // A question may name any of the payment's numbers.
    const isKept = (name: string): boolean =>
      sameNumber(sent(name), received(name)) || earlier.some((one) => sameNumber(one.received(name), received(name)));
    const [keepsTransaction, keepsCall] = [isKept('NUMTRANS'), isKept('NUMAPPEL')];
    const reason = `NUMTRANS ${received('NUMTRANS')} and NUMAPPEL ${received('NUMAPPEL')} answer ${sent('NUMTRANS')} and ${sent('NUMAPPEL')}`;
    if (keepsCall) return [keepsTransaction ? 'kept' : 'newTransaction', reason];
    return keepsTransaction ? undefined : ['new', reason];
  };

/** The amount of the authorization or payment that a question names, if the case made it. */
function amountOfPayment({ sent }: ReadExchange, earlier: readonly ReadExchange[]): number | undefined {
  const done = earlier.filter(({ code, received }) => code === SUCCESS && sameNumber(received('NUMTRANS'), sent('NUMTRANS')));
  const first = done.find((one) => STARTS_PAYMENT.has(operationOf(one.TYPE)?.does ?? ''));
  return first && Number(first.sent('MONTANT'));
}

// After another operation the state may be the reason of a refusal.
const isCancelledOrRefunded = (earlier: readonly ReadExchange[]): boolean =>
  earlier.some(({ TYPE, code }) => code === SUCCESS && (isCancel(TYPE) || isRefund(TYPE)));

const amountReader =
  (isConcerned: (TYPE: string) => boolean): Reader =>
  (exchange, earlier) => {
    const { TYPE, code, sent } = exchange;
    const isChanged = isCancelledOrRefunded(earlier) || earlier.some((one) => one.code === SUCCESS && one.TYPE === TYPE);
    const before = isChanged ? undefined : amountOfPayment(exchange, earlier);
    if (!isConcerned(TYPE) || before === undefined || Number(sent('MONTANT')) <= before || !/^000(11|15)$/.test(code)) return undefined;
    return [code, `MONTANT ${sent('MONTANT')} after ${before} is ${code}`];
  };

const READERS: Partial<Record<VariantName, Reader>> = {
  captureNumbers: numbersReader(isCapture),
  refundNumbers: numbersReader(isRefund),
  cancelNumbers: numbersReader(isCancel),
  echo: ({ sent, received }) => {
    const [before, after] = [sent('RANG'), received('RANG')];
    if (!before.startsWith('0') || !sameNumber(before, after)) return undefined;
    return [before === after ? 'verbatim' : 'normalised', `RANG ${before} is repeated as ${after}`];
  },
  repeatedQuestion: ({ TYPE, code, sent }, earlier) => {
    const isRepeated = earlier.some((one) => one.TYPE === TYPE && sameNumber(one.sent('NUMQUESTION'), sent('NUMQUESTION')));
    return isRepeated && /^000(05|39)$/.test(code) ? [code, `NUMQUESTION ${sent('NUMQUESTION')} sent again is ${code}`] : undefined;
  },
  emptyVariable: ({ TYPE, sent, received, has }) => {
    const isEmpty = operationOf(TYPE)?.takes.some((name) => has(name) && sent(name) === '') ?? false;
    const text = received('COMMENTAIRE');
    if (!isEmpty || received('CODEREPONSE') !== '00014') return undefined;
    // A value that no field can hold is answered so too, but without the question number.
    if (/^Invalid/.test(text) && /^0*$/.test(received('NUMQUESTION'))) return undefined;
    if (/^Invalid/.test(text)) return ['invalid', `COMMENTAIRE is ${text}`];
    return /^Mandatory/.test(text) ? ['mandatory', `COMMENTAIRE is ${text}`] : undefined;
  },
  typeIndex: ({ TYPE, received }) => {
    const shown = /Type:(\d+)$/.exec(received('COMMENTAIRE'))?.[1];
    return shown !== undefined && Number(TYPE) > 50 ? [String(Number(TYPE) - Number(shown)), `TYPE ${TYPE} is Type:${shown}`] : undefined;
  },
  dateq: ({ code, sent }) => {
    const dateq = sent('DATEQ');
    if (!/^\d{8}(\d{6})?$/.test(dateq) || isDate(dateq)) return undefined;
    if (code === '00007') return ['calendar', `DATEQ ${dateq} is ${code}`];
    return code === SUCCESS ? ['digits', `DATEQ ${dateq} is accepted`] : undefined;
  },
  secondCapture: (exchange, earlier) => {
    const { TYPE, code, sent } = exchange;
    const captures = earlier.filter(
      (one) => isCapture(one.TYPE) && one.code === SUCCESS && sameNumber(one.sent('NUMTRANS'), sent('NUMTRANS')),
    );
    if (!isCapture(TYPE) || captures.length === 0) return undefined;
    if (code === SUCCESS) return ['accepted', 'a second capture is accepted'];
    // A sum above the authorized amount may be the reason of the refusal.
    const sum = [...captures, exchange].reduce((total, one) => total + Number(one.sent('MONTANT')), 0);
    const isWithin = sum <= (amountOfPayment(exchange, earlier) ?? 0) && !isCancelledOrRefunded(earlier);
    return code === '00015' && isWithin ? ['00015', 'a second capture within the authorized amount is 00015'] : undefined;
  },
  captureAbove: amountReader(isCapture),
  refundAbove: amountReader(isRefund),
  refundStatus: ({ TYPE, sent, received }, earlier) => {
    const isOfRefund = earlier.some(
      (one) => isRefund(one.TYPE) && one.code === SUCCESS && sameNumber(one.received('NUMTRANS'), sent('NUMTRANS')),
    );
    const status = received('STATUS');
    if (TYPE !== '00017' || !isOfRefund || status === '') return undefined;
    return [status === 'Remboursé' ? 'refund' : 'payment', `STATUS is ${status}`];
  },
  id3dReuse: ({ code, sent }, earlier) => {
    const isUsed = earlier.some((one) => one.code === SUCCESS && sent('ID3D') !== '' && one.sent('ID3D') === sent('ID3D'));
    if (!isUsed || (code !== SUCCESS && code !== '00041')) return undefined;
    return [code === SUCCESS ? 'unlimited' : 'once', `a second payment with ID3D ${sent('ID3D')} is ${code}`];
  },
  authorizationInRefusal: ({ code, received, has }) => {
    if (code === SUCCESS || code === '00006' || code === '' || !has('TYPE')) return undefined;
    const value = received('AUTORISATION');
    return value === '' || value === '000000'
      ? [value === '' ? 'empty' : 'zeros', `AUTORISATION of a ${code} is ${value || 'empty'}`]
      : undefined;
  },
};

function readExchange({ step, request, reply }: RecordedExchange): ReadExchange {
  const [sent, received] = [new Map(request), new Map(reply)];
  const type = sent.get('TYPE') ?? '';
  return {
    step,
    TYPE: operationOf(type)?.TYPE ?? type,
    code: received.get('CODEREPONSE') ?? '',
    sent: (name) => sent.get(name) ?? '',
    received: (name) => received.get(name) ?? '',
    has: (name) => sent.has(name),
  };
}

function learnFromCase(name: VariantName, reader: Reader, caseName: string, exchanges: readonly ReadExchange[]): LearnedVariant[] {
  return exchanges.flatMap((exchange, index) => {
    const shown = reader(exchange, exchanges.slice(0, index));
    return shown ? [{ name, value: shown[0], case: caseName, step: exchange.step, reason: shown[1] }] : [];
  });
}

// RANG 32 and 032 are one account.
const accountOf = ({ sent }: ReadExchange): string => `${sent('SITE')}/${sent('RANG').replace(/^0+(?=\d)/, '')}`;

/** The account that most exchanges are for. */
function mainAccount(exchanges: readonly ReadExchange[]): string {
  const counts = new Map<string, number>();
  for (const exchange of exchanges) counts.set(accountOf(exchange), (counts.get(accountOf(exchange)) ?? 0) + 1);
  return Array.from(counts).reduce((most, one) => (one[1] > most[1] ? one : most), ['/', 0])[0];
}

/**
 * Finds the variant values that a recording shows, each with the first exchange that shows it. `lateCapture`, `cancelAfterRemittance` and
 * `id3dLife` need time to pass, and `id3dMismatch` what was authenticated: they cannot be learned.
 */
export function learnVariants({ cases }: Recording): Learned {
  const read = Object.entries(cases).map(([name, { exchanges }]) => ({ name, exchanges: exchanges.map(readExchange) }));
  const account = mainAccount(read.flatMap(({ exchanges }) => exchanges));
  const own = read.map(({ name, exchanges }) => ({ name, exchanges: exchanges.filter((exchange) => accountOf(exchange) === account) }));
  const shown = VARIANTS.flatMap(({ name, values }) => {
    const reader = READERS[name];
    const all = reader ? own.flatMap((one) => learnFromCase(name, reader, one.name, one.exchanges)) : [];
    return values.flatMap(({ value }) => all.find((learned) => learned.value === value) ?? []);
  });
  const [SITE = '', RANG = ''] = account.split('/');
  const isShown = (name: VariantName): boolean => shown.some((learned) => learned.name === name);
  return { account: { SITE, RANG }, shown, notShown: VARIANTS.map(({ name }) => name).filter((name) => !isShown(name)) };
}

/** The variants that showed several values. */
export const contradictions = ({ shown }: Learned): VariantName[] =>
  VARIANTS.map(({ name }) => name).filter((name) => shown.filter((learned) => learned.name === name).length > 1);

/** The block of a configuration that gives the account the variants that it showed. A variant that showed several values is left out. */
export function variantsBlock(learned: Learned): string {
  const unsure = contradictions(learned);
  const { SITE, RANG } = learned.account;
  const settings = learned.shown.filter(({ name }) => !unsure.includes(name));
  return [
    'accounts:',
    `  - SITE: '${SITE}'`,
    `    RANG: '${RANG}'`,
    '    variants:',
    ...settings.map(({ name, value }) => `      ${name}: ${/^\d/.test(value) ? `'${value}'` : value}`),
  ].join('\n');
}
