import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { latin1Bytes } from '../../contracts/index.js';
import type { HtmlPage } from '../../simulator/pages/layout.js';

/** A request as it was received. */
export interface ReceivedRequest {
  readonly method: string;
  /** The path with the query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The raw body, one character per byte. */
  readonly body: string;
}

/** A server for pages that records its requests. */
export interface PageServer {
  readonly origin: string;
  readonly received: ReceivedRequest[];
  /** Serves a page at a path until the server is closed. Returns its URL. */
  serve(path: string, page: HtmlPage): string;
}

const TEXT = { 'Content-Type': 'text/plain' };

/** Starts a server until the tests of the `describe` have ended. It answers requests for other paths with `Received`. */
export async function startPageServer(): Promise<PageServer> {
  const pages = new Map<string, HtmlPage>();
  const received: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    let body = '';
    for await (const chunk of request.setEncoding('latin1')) body += chunk;
    received.push({ method, url, headers, body });
    const page = pages.get(url.split('?', 1)[0] as string);
    if (page) response.writeHead(200, page.headers).end(latin1Bytes(page.body));
    else response.writeHead(200, TEXT).end('Received');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    received,
    serve: (path, page) => {
      pages.set(path, page);
      return origin + path;
    },
  };
}
