import type { IncomingMessage, RequestListener } from 'node:http';

/** The URL that a request names: its target if that is a whole URL, else the path on the host of the Host header. */
const urlOf = ({ url = '', headers: { host = '' } }: IncomingMessage): string => (/^https?:\/\//.test(url) ? url : `http://${host}${url}`);

/** Whether a `Request` can have this URL: it has a valid host and no user name. */
function isRequestUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}

/** Answers requests whose URL cannot be used (`Host: 1.2.3.4.5`) with status 400, and passes every other request on. */
export function refuseInvalidUrls(otherwise: RequestListener): RequestListener {
  return (incoming, outgoing) => {
    if (isRequestUrl(urlOf(incoming))) {
      otherwise(incoming, outgoing);
      return;
    }
    incoming.resume();
    outgoing.writeHead(400, { 'Content-Type': 'text/plain; charset=utf-8' });
    outgoing.end('The Host header, or the URL in the request line, is no valid one.\n');
  };
}
