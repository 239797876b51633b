import { continueChallenge, startAuthentication } from './authentication/handle-authentication.js';
import { ResultSender } from './authentication/result-sender.js';
import type { Gateway, Received } from './gateway/gateway.js';
import { HostedPageHandler } from './hosted-page/handle-hosted-page.js';
import { unsubscribe } from './hosted-page/unsubscribe.js';
import type { Deliveries } from './notifications/delivery.js';
import type { AskedPage } from './transport/gateway-request.js';
import type { PageHandler } from './transport/handle-request.js';

/**
 * The handler of the pages of the gateway: RemoteMPI with the page of the bank, and the hosted page.
 *
 * @param hostedPage that of the process, if it has one
 */
export function pageHandler(deliveries: Deliveries, hostedPage = new HostedPageHandler(deliveries)): PageHandler {
  const sender = new ResultSender(deliveries);
  type Answer = (received: Received, asked: AskedPage, gateway: Gateway, acceptLanguage: string) => ReturnType<PageHandler>;
  const answers: Readonly<Record<AskedPage['page'], Answer>> = {
    authentication: (received, _, gateway, language) => startAuthentication(received, gateway, sender, language),
    challenge: (received, { query }, gateway, language) => continueChallenge(received, query, gateway, sender, language),
    checkout: (received, { path }, gateway, language) => hostedPage.start(received, gateway, path, language),
    card: (received, { query }, gateway, language) => hostedPage.continue(received, query, gateway, language),
    unsubscribe: (received, _, gateway) => unsubscribe(received, gateway),
  };
  return (received, asked, gateway, acceptLanguage) => answers[asked.page](received, asked, gateway, acceptLanguage);
}
