import type { Socket } from 'node:net';

/** First byte of a SOCKS5 connection: the version. No HTTP request and no TLS record begins with it. RFC 1928. */
export const SOCKS5 = 0x05;

const CONNECT = 0x01;
const NO_AUTHENTICATION = 0x00;
const NO_ACCEPTABLE_METHOD = 0xff;

/** Replies to a request. RFC 1928, section 6. */
const REPLY = { succeeded: 0x00, notAllowed: 0x02, unknownCommand: 0x07 } as const;

/** How many bytes the address of a request has, by its type: IPv4, a name (its length is its first byte), IPv6. */
const ADDRESS_LENGTH: Readonly<Record<number, (bytes: Buffer) => number>> = {
  1: () => 4,
  3: (bytes) => 1 + (bytes[4] ?? 0),
  4: () => 16,
};

const HOST_TEXT: Readonly<Record<number, (address: Buffer) => string>> = {
  1: (address) => address.join('.'),
  3: (address) => address.toString('latin1', 1),
  4: (address) => `[${(address.toString('hex').match(/.{4}/g) ?? []).join(':')}]`,
};

/** What a peer asks a SOCKS5 proxy for. */
interface Socks5Request {
  readonly command: number;
  /** A name or an address; an IPv6 address in brackets. */
  readonly host: string;
  readonly port: number;
}

type Parsed<Message> = { readonly message: Message; readonly length: number } | undefined;

/** The authentication methods that a peer offers; undefined while bytes are missing. */
function readGreeting(bytes: Buffer): Parsed<readonly number[]> {
  const length = 2 + (bytes[1] ?? Number.POSITIVE_INFINITY);
  return bytes.length < length ? undefined : { message: [...bytes.subarray(2, length)], length };
}

/** The request; undefined while bytes are missing. */
function readRequest(bytes: Buffer): Parsed<Socks5Request> {
  if (bytes.length < 5) return undefined;
  const type = bytes[3] ?? 0;
  const end = 4 + (ADDRESS_LENGTH[type]?.(bytes) ?? 0);
  const length = end + 2;
  if (bytes.length < length) return undefined;
  const host = HOST_TEXT[type]?.(bytes.subarray(4, end)) ?? 'an address of an unknown type';
  return { message: { command: bytes[1] ?? 0, host, port: bytes.readUInt16BE(end) }, length };
}

/** Reads one message and leaves the bytes that follow it in the socket. */
function readMessage<Message>(socket: Socket, parse: (bytes: Buffer) => Parsed<Message>, onMessage: (message: Message) => void): void {
  let received = Buffer.alloc(0);
  const close = (): void => void socket.destroy();
  const read = (): void => {
    const bytes = socket.read() as Buffer | null;
    if (bytes === null) return;
    received = Buffer.concat([received, bytes]);
    const parsed = parse(received);
    if (parsed === undefined) return;
    socket.off('readable', read).off('end', close);
    if (parsed.length < received.length) socket.unshift(received.subarray(parsed.length));
    onMessage(parsed.message);
  };
  socket.on('readable', read).once('end', close);
  read();
}

const replyBytes = (reply: number): Buffer => Buffer.from([SOCKS5, reply, 0, 1, 0, 0, 0, 0, 0, 0]);

/**
 * Answers the greeting and the request of a peer of a SOCKS5 proxy without authentication.
 *
 * @param refusal returns why a host and port are refused; undefined if they are served
 * @param onAccepted called when the peer may speak to the host
 * @param onRefused called when the peer was refused. The connection is at its end.
 */
export function acceptSocks5(
  socket: Socket,
  refusal: (host: string, port: string) => string | undefined,
  onAccepted: () => void,
  onRefused: (why: string | undefined) => void,
): void {
  const refuse = (last: Buffer, why?: string): void => {
    socket.resume().end(last);
    onRefused(why);
  };
  readMessage(socket, readGreeting, (methods) => {
    if (!methods.includes(NO_AUTHENTICATION)) return refuse(Buffer.from([SOCKS5, NO_ACCEPTABLE_METHOD]));
    socket.write(Buffer.from([SOCKS5, NO_AUTHENTICATION]));
    readMessage(socket, readRequest, ({ command, host, port }) => {
      if (command !== CONNECT) return refuse(replyBytes(REPLY.unknownCommand));
      const why = refusal(host, String(port));
      if (why !== undefined) return refuse(replyBytes(REPLY.notAllowed), why);
      socket.write(replyBytes(REPLY.succeeded));
      onAccepted();
    });
  });
}
