import { operationBy, operationNamed } from '../contracts/index.js';
import { createContext } from './client-context.js';
import { MisuseError } from './errors/misuse-error.js';
import { type Methods, makeMethods, type SubscriberMethods } from './methods.js';
import type { ClientOptions, SendOptions } from './options.js';
import type { Reply } from './reply.js';
import { ask } from './request.js';
import { checkTimeout, readOptions, type Settings } from './settings.js';
import type { WireVariables } from './wire-variables.js';

/** A client of the gateway, for one account. */
export interface Client extends Methods {
  /** Direct Plus: cards kept by the gateway under the merchant's reference. */
  readonly subscribers: SubscriberMethods;
  /**
   * Sends a question of one's own making to one host, once, and reads the reply: for tests, and for what the methods do not offer.
   * Nothing is checked before it is sent. Head, NUMQUESTION, DATEQ and key are the client's unless the variables name them; one that
   * is undefined is left out. A question that names CLE or HMAC is not signed.
   *
   * @param operation name of an operation (`pay`, `subscribers.register`), or a TYPE, known or not
   * @throws TransportError for want of a reply, EchoMismatchError for one to another question, unless the options turn these checks off
   * @example
   * const reply = await client.send('pay', { MONTANT: '1000', DEVISE: undefined });
   * reply.get('CODEREPONSE'); // '00014'
   */
  send(operation: string, variables?: WireVariables, options?: SendOptions): Promise<Reply>;
}

function hostOf({ hosts }: Settings, host: 'main' | 'backup'): string {
  const url = hosts[host === 'main' ? 0 : 1];
  if (url === undefined) throw new MisuseError('send: the client has no backupUrl.');
  return url;
}

function makeSend(settings: Settings): Client['send'] {
  return async (operation, variables = {}, options = {}) => {
    const { signal, timeout = settings.timeout, host = 'main', checkEcho = true, checkReply = true } = options;
    checkTimeout('send', timeout);
    const known = operationBy(operation);
    const query = { operation: known?.name ?? operation, TYPE: operationNamed(operation)?.TYPE ?? operation, variables };
    return ask(settings, query, hostOf(settings, host), { signal, timeout }, { echo: checkEcho, reply: checkReply });
  };
}

/**
 * A client for one account of the gateway.
 *
 * @throws MisuseError naming the option that cannot be right
 * @example
 * const client = createClient({
 *   url: 'https://preprod-ppps.paybox.com',
 *   site: '1999888',
 *   rang: '32',
 *   cle: '1999888I',
 *   version: '00104',
 *   timeout: 30_000,
 * });
 * const outcome = await client.pay({
 *   amount: minorUnits(1234, 'EUR'),
 *   reference: 'ORDER-1',
 *   card: { number: '1111222233334444', expiry: '1299', cvv: '123' },
 * });
 * if (outcome.kind === 'approved') await client.refund({ amount: minorUnits(234, 'EUR'), transaction: outcome.transaction });
 */
export function createClient(options: ClientOptions): Client {
  const settings = readOptions(options);
  const methods = makeMethods(createContext(settings));
  return Object.freeze({ ...methods, send: makeSend(settings) });
}
