import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { GATEWAY_PATH } from '../../../contracts/index.js';
import type { Host } from '../../engine/question.js';
import type { Gateway, Received } from '../../gateway/gateway.js';
import { type Gateways, isGatewayName, MAIN } from '../../gateway/gateways.js';
import { headersOf, hostAsked } from '../answer-request.js';
import type { FaultInjector } from '../fault-injector.js';
import { BODY_LIMIT } from '../read-body.js';
import { sendResponse } from './send-response.js';
import { socketChannel } from './socket-channel.js';

const PATH = /^(?:\/s\/([^/?#%]+))?(?:\/backup)?\/PPPS\.php$/;

interface Place {
  readonly name: string;
  readonly host: Host;
}

function withoutPort(host: string): string {
  const colon = host.lastIndexOf(':');
  return colon < 0 ? host : host.slice(0, colon);
}

/**
 * The value of a header, empty where there is none; of a repeated one, the first. Read from what was sent: to put all of them in an object costs
 * more than the three that are looked at.
 *
 * @param name in lower case
 */
function header({ rawHeaders }: IncomingMessage, name: string): string {
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const sent = rawHeaders[i] as string;
    if (sent.length === name.length && sent.toLowerCase() === name) return rawHeaders[i + 1] as string;
  }
  return '';
}

/** Which gateway a request line asks, and as which of its hosts. */
function placeOf(incoming: IncomingMessage): Place | undefined {
  const length = incoming.method === 'POST' ? header(incoming, 'content-length') : '';
  if (length === '' || !(Number(length) <= BODY_LIMIT)) return undefined;
  const { url = '' } = incoming;
  const [path, name = MAIN] = url === GATEWAY_PATH ? [url] : (PATH.exec(url) ?? []);
  if (path === undefined || !isGatewayName(name)) return undefined;
  return { name, host: hostAsked(withoutPort(header(incoming, 'host')), path) };
}

/** Gives the body on, once; empty where it broke off: half a question must not be carried out. */
function readBytes(incoming: IncomingMessage, then: (body: Uint8Array) => void): void {
  const chunks: Buffer[] = [];
  let isRead = false;
  const give = (body: Uint8Array): void => {
    if (!isRead) then(body);
    isRead = true;
  };
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => give(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
  incoming.on('error', () => give(new Uint8Array()));
}

function goneSignal(outgoing: ServerResponse): AbortSignal {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  return gone.signal;
}

async function answer(gateway: Gateway, faults: FaultInjector, received: Received, outgoing: ServerResponse): Promise<void> {
  const answered = await gateway.answer(received);
  const headers = headersOf(answered);
  if (answered.fault) {
    const signal = goneSignal(outgoing);
    await sendResponse(await faults.send(answered, answered.fault, gateway.name, headers, socketChannel(outgoing, signal)), outgoing);
    return;
  }
  const { text } = answered;
  withItsLikes(() => {
    outgoing.writeHead(200, { ...headers, 'Content-Length': text.length });
    outgoing.end(text, 'latin1');
  });
}

type Act = () => void;

/**
 * Does together what belongs together.
 *
 * @param whenAllAreThere calls back once they have come
 */
function bundle(whenAllAreThere: (doAll: Act) => void): (act: Act) => void {
  let waiting: Act[] = [];
  return (act) => {
    if (waiting.push(act) > 1) return;
    whenAllAreThere(() => {
      const acts = waiting;
      waiting = [];
      for (const one of acts) one();
    });
  };
}

// What was decided at once is sent at once: whoever waits for replies is woken once, and not once a reply.
const withItsLikes = bundle(process.nextTick);

// The questions of one turn of the event loop are asked one after another, and not between reading one and the next.
const withItsTurn = bundle(setImmediate);

const byItself = (act: Act): void => act();

/**
 * Answers questions straight from the socket and leaves every other request to the app. What the app would answer is the same; a question
 * answered here costs no Request and no Response, which are most of what HTTP costs.
 */
export function questionListener(gateways: Gateways, faults: FaultInjector, otherwise: RequestListener): RequestListener {
  return (incoming, outgoing) => {
    const place = placeOf(incoming);
    if (!place) {
      otherwise(incoming, outgoing);
      return;
    }
    const contentType = header(incoming, 'content-type');
    readBytes(incoming, (body) => {
      // A store that commits several questions at once gathers them itself.
      const ask = gateways.get(place.name).store.isGrouping ? byItself : withItsTurn;
      ask(() => void answer(gateways.get(place.name), faults, { body, contentType, host: place.host }, outgoing));
    });
  };
}
