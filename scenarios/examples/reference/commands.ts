// The commands of a merchant that uses the reference client. They are described in ../README.md.
// Outside this project, import from 'paybox-direct-simulator/client'.
import {
  type Approved,
  type Client,
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

type Environment = Readonly<Record<string, string | undefined>>;

function clientFor({
  PAYBOX_URL = '',
  PAYBOX_BACKUP_URL = '',
  PAYBOX_SITE = '',
  PAYBOX_RANG = '',
  PAYBOX_IDENTIFIANT = '',
  PAYBOX_VERSION,
  PAYBOX_CLE = '',
  PAYBOX_HMAC_KEY = '',
  PAYBOX_TIMEOUT = '10',
}: Environment): Client {
  return createClient({
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
}

const euros = (amount: string) => minorUnits(Number(amount), 'EUR');

const successLine = (word: string, { transaction }: Approved | Found): string => `${word} ${transaction.numtrans} ${transaction.numappel}`;

function outcomeLine(word: string, outcome: Outcome | InquiryOutcome): string {
  switch (outcome.kind) {
    case 'approved':
    case 'found':
      return successLine(word, outcome);
    case 'refused':
    case 'unavailable':
      return `${outcome.kind} ${outcome.code}`;
    default:
      return 'unknown';
  }
}

/** The success of an operation: the word to print, and the STATUS of the transaction afterwards. */
interface Success {
  readonly word: string;
  readonly expectedStatus: string;
}

/** Sends a question. If the reply answers another question, the client throws instead of inquiring, so this function inquires. */
async function sendSafely(
  { word, expectedStatus }: Success,
  send: () => Promise<Outcome>,
  inquire: () => Promise<InquiryOutcome>,
): Promise<string> {
  try {
    return outcomeLine(word, await send());
  } catch (error) {
    if (!(error instanceof EchoMismatchError)) throw error;
    const outcome = await inquire();
    return outcome.kind === 'found' && outcome.state === expectedStatus ? successLine(word, outcome) : 'unknown';
  }
}

/** STATUS of transactions that took no money: an order with such a transaction may be paid again. */
const NOT_CHARGED: ReadonlySet<string | undefined> = new Set(['Refusé', 'Annulé']);

interface Order {
  readonly amount: ReturnType<typeof euros>;
  readonly reference: string;
}

const orderOf = (reference: string, amount: string): Order => ({ amount: euros(amount), reference });

const cardOf = (number: string) => ({ number, expiry: '1249', cvv: '123' });

async function charge(client: Client, success: Success, order: Order, send: () => Promise<Outcome>): Promise<string> {
  // `exists` does not tell a payment from a refused or cancelled one; `inquire` shows STATUS.
  const find = async (): Promise<InquiryOutcome> => {
    const existing = await client.exists(order);
    if (existing.kind !== 'found') return existing;
    const found = await client.inquire({ transaction: { numtrans: existing.transaction.numtrans } });
    return found.kind === 'not-found' ? { kind: 'unknown', reason: 'unclear', error: undefined } : found;
  };
  // An earlier process may have charged this order already.
  const before = await find();
  if (before.kind === 'found' && before.state === success.expectedStatus) return successLine(success.word, before);
  if (before.kind === 'found' && !NOT_CHARGED.has(before.state)) return 'unknown';
  if (before.kind !== 'found' && before.kind !== 'not-found') return outcomeLine('', before);
  return sendSafely(success, send, find);
}

function chargeCard(client: Client, operation: 'pay' | 'authorize', success: Success, order: Order, number: string): Promise<string> {
  return charge(client, success, order, () => client[operation]({ ...order, card: cardOf(number) }));
}

/** Registers a card. Without a reply nothing shows whether it was registered, so the next call finds the subscriber (00016) and sends the card again. */
async function subscribe(client: Client, subscriber: string, number: string): Promise<string> {
  const parameters = { amount: euros('0'), subscriber, card: cardOf(number) };
  const registered = await client.subscribers.register(parameters);
  const exists = registered.kind === 'refused' && registered.code === '00016';
  const outcome = exists ? await client.subscribers.modify(parameters) : registered;
  return outcome.kind === 'approved' && outcome.token !== undefined ? `subscribed ${outcome.token}` : outcomeLine('', outcome);
}

function renew(client: Client, subscriber: string, token: string, order: Order): Promise<string> {
  const success = { word: 'renewed', expectedStatus: 'Capturé' };
  return charge(client, success, order, () => client.subscribers.pay({ ...order, subscriber, card: { token, expiry: '1249' } }));
}

async function changeTransaction(
  client: Client,
  operation: 'capture' | 'cancel' | 'refund',
  success: Success,
  numtrans: string,
  numappel: string,
  amount: string,
): Promise<string> {
  const transaction = { numtrans: numTrans(numtrans), numappel: numAppel(numappel) };
  const send = () => client[operation]({ amount: euros(amount), transaction });
  return sendSafely(success, send, () => client.inquire({ transaction }));
}

async function status(client: Client, numtrans: string): Promise<string> {
  const outcome = await client.inquire({ transaction: { numtrans: numTrans(numtrans) } }).catch((error: unknown) => {
    if (error instanceof TransportError) return undefined;
    throw error;
  });
  if (outcome?.kind === 'not-found') return 'not-found';
  // Any other outcome says nothing about the transaction.
  return outcome?.kind === 'found' && outcome.state !== undefined ? `found ${outcome.state}` : 'unknown';
}

function commandLine(
  client: Client,
  command: string,
  [first = '', second = '', third = '', fourth = '']: readonly string[],
): Promise<string> {
  switch (command) {
    case 'pay':
      return chargeCard(client, 'pay', { word: 'paid', expectedStatus: 'Capturé' }, orderOf(first, second), third);
    case 'authorize':
      return chargeCard(client, 'authorize', { word: 'authorized', expectedStatus: 'Autorisé' }, orderOf(first, second), third);
    case 'capture':
      return changeTransaction(client, 'capture', { word: 'captured', expectedStatus: 'Capturé' }, first, second, third);
    case 'cancel':
      return changeTransaction(client, 'cancel', { word: 'cancelled', expectedStatus: 'Annulé' }, first, second, third);
    case 'refund':
      return changeTransaction(client, 'refund', { word: 'refunded', expectedStatus: 'Remboursé' }, first, second, third);
    case 'subscribe':
      return subscribe(client, first, second);
    case 'renew':
      return renew(client, first, second, orderOf(third, fourth));
    case 'status':
      return status(client, first);
    default:
      throw new Error(
        `Unknown command ${JSON.stringify(command)}. Use pay, authorize, capture, cancel, refund, subscribe, renew or status.`,
      );
  }
}

/**
 * Runs a command of the merchant. Returns the line that it prints.
 *
 * @param environment the settings, such as `PAYBOX_URL`
 * @throws Error if there is no such command
 */
export async function runCommand([command = '', ...rest]: readonly string[], environment: Environment): Promise<string> {
  try {
    return await commandLine(clientFor(environment), command, rest);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return error instanceof ConnectionError ? 'unavailable connection' : 'unknown';
  }
}
