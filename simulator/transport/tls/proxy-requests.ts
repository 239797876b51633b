import type { IncomingMessage, RequestListener } from 'node:http';
import { proxyRefusal } from './proxy-target.js';

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
