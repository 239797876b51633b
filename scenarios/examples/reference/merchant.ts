// A merchant that uses the reference client. ../README.md describes its commands.
// In another project, import from 'paybox-direct-simulator/client'.
import {
  type Approved,
  ConnectionError,
  createClient,
  EchoMismatchError,
  type Found,
  type InquiryOutcome,
  minorUnits,
  numAppel,
  numTrans,
  type Outcome,
  TransportError,
} from '../../../client/index.js';

const { PAYBOX_URL = '', PAYBOX_BACKUP_URL = '', PAYBOX_SITE = '', PAYBOX_RANG = '', PAYBOX_VERSION, PAYBOX_TIMEOUT = '1' } = process.env;
const { PAYBOX_IDENTIFIANT = '', PAYBOX_CLE = '', PAYBOX_HMAC_KEY = '' } = process.env;

const client = createClient({
  url: PAYBOX_URL,
  backupUrl: PAYBOX_BACKUP_URL,
  site: PAYBOX_SITE,
  rang: PAYBOX_RANG,
  identifiant: PAYBOX_IDENTIFIANT || undefined,
  version: PAYBOX_VERSION === '00103' ? '00103' : '00104',
  timeout: Number(PAYBOX_TIMEOUT) * 1000,
  askAfter: [0, 500, 1000],
  ...(PAYBOX_CLE === '' ? { hmacKey: PAYBOX_HMAC_KEY } : { cle: PAYBOX_CLE }),
});

const euros = (amount: string) => minorUnits(Number(amount), 'EUR');

const done = (word: string, { transaction }: Approved | Found): string => `${word} ${transaction.numtrans} ${transaction.numappel}`;

function line(word: string, outcome: Outcome | InquiryOutcome): string {
  switch (outcome.kind) {
    case 'approved':
    case 'found':
      return done(word, outcome);
    case 'refused':
    case 'unavailable':
      return `${outcome.kind} ${outcome.code}`;
    default:
      return 'unknown';
  }
}

/** The word that an operation prints when it succeeds, and the resulting STATUS. */
interface Success {
  readonly word: string;
  readonly resultingStatus: string;
}

/** Sends a question and returns the line to print. Inquires if the client throws because the reply answers another question. */
async function sendAndReconcile(
  { word, resultingStatus }: Success,
  send: () => Promise<Outcome>,
  inquire: () => Promise<InquiryOutcome>,
): Promise<string> {
  try {
    return line(word, await send());
  } catch (error) {
    if (!(error instanceof EchoMismatchError)) throw error;
    const seen = await inquire();
    return seen.kind === 'found' && seen.state === resultingStatus ? done(word, seen) : 'unknown';
  }
}

/** STATUS of payments that took no money. Such an order may be paid again. */
const NOTHING_TAKEN: ReadonlySet<string | undefined> = new Set(['Refusé', 'Annulé']);

async function take(operation: 'pay' | 'authorize', success: Success, reference: string, amount: string, number: string): Promise<string> {
  const order = { amount: euros(amount), reference };
  // The check of existence does not return the STATUS; an inquiry does.
  const find = async (): Promise<InquiryOutcome> => {
    const named = await client.exists(order);
    if (named.kind !== 'found') return named;
    const found = await client.inquire({ transaction: { numtrans: named.transaction.numtrans } });
    return found.kind === 'not-found' ? { kind: 'unknown', doubt: 'unclear', error: undefined } : found;
  };
  // An earlier call may have paid. Then this one must not.
  const before = await find();
  if (before.kind === 'found' && before.state === success.resultingStatus) return done(success.word, before);
  if (before.kind === 'found' && !NOTHING_TAKEN.has(before.state)) return 'unknown';
  if (before.kind !== 'found' && before.kind !== 'not-found') return line('', before);
  return sendAndReconcile(success, () => client[operation]({ ...order, card: { number, expiry: '1249', cvv: '123' } }), find);
}

async function follow(
  operation: 'capture' | 'cancel' | 'refund',
  success: Success,
  numtrans: string,
  numappel: string,
  amount: string,
): Promise<string> {
  const transaction = { numtrans: numTrans(numtrans), numappel: numAppel(numappel) };
  const send = () => client[operation]({ amount: euros(amount), transaction });
  return sendAndReconcile(success, send, () => client.inquire({ transaction }));
}

async function status(numtrans: string): Promise<string> {
  const outcome = await client.inquire({ transaction: { numtrans: numTrans(numtrans) } }).catch((error: unknown) => {
    if (error instanceof TransportError) return undefined;
    throw error;
  });
  if (outcome?.kind === 'not-found') return 'not-found';
  // Any other failure says nothing about the transaction.
  return outcome?.kind === 'found' && outcome.state !== undefined ? `found ${outcome.state}` : 'unknown';
}

function merchant(command = '', [first = '', second = '', third = '']: readonly string[] = []): Promise<string> {
  switch (command) {
    case 'pay':
      return take('pay', { word: 'paid', resultingStatus: 'Capturé' }, first, second, third);
    case 'authorize':
      return take('authorize', { word: 'authorized', resultingStatus: 'Autorisé' }, first, second, third);
    case 'capture':
      return follow('capture', { word: 'captured', resultingStatus: 'Capturé' }, first, second, third);
    case 'cancel':
      return follow('cancel', { word: 'cancelled', resultingStatus: 'Annulé' }, first, second, third);
    case 'refund':
      return follow('refund', { word: 'refunded', resultingStatus: 'Remboursé' }, first, second, third);
    case 'status':
      return status(first);
    default:
      throw new Error(`There is no command ${JSON.stringify(command)}.`);
  }
}

const [, , command, ...rest] = process.argv;
try {
  console.log(await merchant(command, rest));
} catch (error) {
  if (!(error instanceof TransportError)) throw error;
  console.log(error instanceof ConnectionError ? 'unavailable connection' : 'unknown');
}
