import { operationBy, operationNamed } from '../contracts/index.js';
import { Authentication } from './authentication/authentication.js';
import { type AuthenticationParameters, mpiFieldsOf } from './authentication/mpi-fields.js';
import { readAuthentication } from './authentication/read-authentication.js';
import { CheckoutForm } from './checkout/checkout-form.js';
import type { CheckoutParameters } from './checkout/checkout-parameters.js';
import { endSubscription, type SubscriptionEnd, type SubscriptionToEnd } from './checkout/end-subscription.js';
import { pbxFieldsOf } from './checkout/pbx-fields.js';
import { readReturn } from './checkout/read-return.js';
import { createContext } from './client-context.js';
import { MisuseError } from './errors/client-error.js';
import { type Methods, makeMethods, type SubscriberMethods } from './methods.js';
import type { CallOptions, ClientOptions, SendOptions } from './options.js';
import type { WireVariables } from './question.js';
import type { Reply } from './reply.js';
import { request } from './request.js';
import { checkTimeout, readOptions, type Settings } from './settings.js';

/** A client of the gateway for one account, made by {@link createClient}. */
export interface Client extends Methods {
  /** Operations on subscribers (Direct Plus): the gateway stores a card under the merchant's subscriber reference. */
  readonly subscribers: SubscriberMethods;
  /**
   * Starts an authentication of the cardholder (3-D Secure): returns what the customer's browser must post to RemoteMPI. Sends nothing.
   * With `customer` it has the variables of 3-D Secure 2. The result comes to the addresses of the account or of `urls`;
   * {@link Client.readAuthentication} reads it. See docs/protocol.md#section-7.
   *
   * @throws MisuseError naming the parameter that is not valid, or if the client has no `identifiant`
   * @example
   * const session = crypto.randomUUID();
   * const authentication = client.authentication({
   *   amount: minorUnits(1234, 'EUR'),
   *   card: { number: '1111222233334444', expiry: '1249', cvv: '123' },
   *   session,
   *   urls: { server: 'https://shop.example/3ds/server', browser: 'https://shop.example/3ds/return' },
   * });
   * response.end(authentication.html());
   */
  authentication(parameters: AuthenticationParameters): Authentication;
  /** Reads the result of an authentication and verifies its signature: {@link readAuthentication}. */
  readonly readAuthentication: typeof readAuthentication;
  /**
   * Starts a payment on the hosted page: returns the signed form that the customer's browser must post to it. Sends nothing. The result comes
   * to `urls`; {@link Client.readReturn} reads it. See docs/protocol.md#section-9.
   *
   * @throws MisuseError naming the parameter that is not valid, or if the client has no `hmacKey` or no `identifiant`
   * @example
   * const checkout = client.checkout({
   *   amount: minorUnits(1234, 'EUR'),
   *   reference: 'ORDER-1',
   *   customer,
   *   urls: {
   *     paid: 'https://shop.example/paid',
   *     refused: 'https://shop.example/refused',
   *     cancelled: 'https://shop.example/cancelled',
   *     notification: 'https://shop.example/notification',
   *   },
   * });
   * response.end(checkout.html());
   */
  checkout(parameters: CheckoutParameters): CheckoutForm;
  /** Reads the result of a checkout and verifies its signature: {@link readReturn}. */
  readonly readReturn: typeof readReturn;
  /**
   * Ends a subscription that began on the hosted page. Sends one request, and no second one: after an error call it again, an ended
   * subscription stays ended. See docs/protocol.md#section-9.
   *
   * @throws MisuseError if the parameters are not valid, or the client has no `identifiant`; nothing was sent
   * @throws TransportError if there is no usable reply
   * @example
   * const { ended } = await client.endSubscription({ reference: 'ORDER-1' });
   */
  endSubscription(parameters: SubscriptionToEnd, options?: Pick<CallOptions, 'signal' | 'timeout'>): Promise<SubscriptionEnd>;
  /**
   * Sends any question to one host, once, and reads the reply. For tests, and for what the methods do not offer. Nothing is validated
   * before it is sent, there is no failover, and a lost reply is not inquired about.
   *
   * VERSION, SITE, RANG, IDENTIFIANT, NUMQUESTION, DATEQ and the key are added unless the variables contain them. A variable that is
   * undefined is not sent. A question with a CLE or HMAC among its variables is not signed.
   *
   * @param operation the name of an operation (`pay`, `subscribers.register`), or any TYPE, known or not
   * @throws MisuseError if the options are not valid; nothing was sent
   * @throws TransportError if there is no usable reply; an EchoMismatchError if the reply answers another question.
   *   The options can turn these checks off
   * @example
   * const reply = await client.send('pay', { MONTANT: '1000', DEVISE: undefined });
   * reply.get('CODEREPONSE'); // '00014'
   */
  send(operation: string, variables?: WireVariables, options?: SendOptions): Promise<Reply>;
}

function selectHost({ hosts }: Settings, host: 'main' | 'backup'): string {
  const url = hosts[host === 'main' ? 0 : 1];
  if (url === undefined) throw new MisuseError('send: the client has no backup host; set backupUrl in the options of createClient.');
  return url;
}

function makeSend(settings: Settings): Client['send'] {
  return async (operation, variables = {}, options = {}) => {
    const { signal, timeout = settings.timeout, host = 'main', checkEcho = true, checkReply = true } = options;
    checkTimeout('send', timeout);
    const known = operationBy(operation);
    const input = { operation: known?.name ?? operation, TYPE: operationNamed(operation)?.TYPE ?? operation, variables };
    return request(settings, input, selectHost(settings, host), { signal, timeout }, { echo: checkEcho, format: checkReply });
  };
}

/**
 * Creates a client for one account of the gateway. Use one client for all payments of a process: it remembers the questions whose
 * outcome is unknown, and inquires about them before it sends them again.
 *
 * @throws MisuseError naming the option that is not valid
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
  return Object.freeze({
    ...methods,
    authentication: (parameters: AuthenticationParameters) =>
      new Authentication(settings.mpiUrl, mpiFieldsOf(parameters, settings.accountVariables.IDENTIFIANT)),
    readAuthentication,
    checkout: (parameters: CheckoutParameters) => new CheckoutForm(settings.hostedPageUrl, pbxFieldsOf(parameters, settings)),
    readReturn,
    endSubscription: (parameters: SubscriptionToEnd, options?: Pick<CallOptions, 'signal' | 'timeout'>) =>
      endSubscription(settings, parameters, options),
    send: makeSend(settings),
  });
}
