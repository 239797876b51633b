import type { IncomingMessage, RequestListener } from 'node:http';
import { GATEWAY_HOSTS, gatewayHost } from '../../../contracts/index.js';

/** Why the proxy, which serves the gateway's hosts only, refuses a host and port; undefined if it serves them. */
export function proxyRefusal(host: string, port: string): string | undefined {
  const known = gatewayHost(host);
  if (known && (port === '443' || port === '')) return undefined;
  const target = port === '' ? host : `${host}:${port}`;
  if (known) return `${target} was refused: the gateway answers on port 443.`;
  const hosts = GATEWAY_HOSTS.map((gateway) => gateway.host).join(', ');
  return [
    `${target} was refused: this is the proxy of paybox-direct-simulator, which serves ${hosts} and forwards nothing.`,
    `To reach ${host} without it, add it to NO_PROXY: NO_PROXY=localhost,127.0.0.1,::1,${host}`,
  ].join('\n');
}

const ABSOLUTE = /^https?:\/\//i;

// The target takes precedence over the Host header. RFC 9112, section 3.2.2.
function retarget(request: IncomingMessage, { host, pathname, search }: URL): void {
  const others = request.rawHeaders.flatMap((name, at, all) =>
    at % 2 === 0 && name.toLowerCase() !== 'host' ? [name, all[at + 1] ?? ''] : [],
  );
  request.rawHeaders = ['Host', host, ...others];
  request.headers.host = host;
  request.url = pathname + search;
}

/**
 * Answers requests in proxy form, `POST http://preprod-ppps.paybox.com/PPPS.php`, like those to the host itself.
 * Other hosts than the gateway's get a 403.
 *
 * @param onRefused called with the reason
 */
export function proxyRequests(answer: RequestListener, onRefused: (why: string) => void): RequestListener {
  return (request, response) => {
    const target = request.url ?? '';
    const url = ABSOLUTE.test(target) && URL.canParse(target) ? new URL(target) : undefined;
    const refusal = url && proxyRefusal(url.hostname, url.port);
    if (refusal !== undefined) {
      onRefused(refusal);
      request.resume();
      // Programs print the page, so it is short: the terminal shows the reason.
      const page = `${url?.host} was refused by paybox-direct-simulator, which prints the reason in its terminal.\n`;
      response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' }).end(page);
      return;
    }
    if (url) retarget(request, url);
    answer(request, response);
  };
}
