import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { decodeReply, encodeForm, latin1Text } from '../../contracts/index.js';
import { createSimulator, type RuleInput, type Simulator } from '../../simulator/index.js';
import { CARD, HEAD, NOON, type Variables } from '../support/question.js';

const ORDER: Variables = { ...HEAD, ...CARD, TYPE: '00003', MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1', NUMQUESTION: '1' };

let simulator: Simulator | undefined;
let sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await simulator?.close();
});

/** What came over a socket until it was closed, or until it was whole. */
interface Received {
  readonly text: string;
  readonly ended: 'cut' | 'open';
}

async function serve(...rules: readonly RuleInput[]): Promise<Simulator> {
  simulator = createSimulator({ clock: NOON, rules });
  await simulator.listen();
  return simulator;
}

function open(): Socket {
  const socket = connect({ port: Number(new URL(simulator?.url ?? '').port), host: '127.0.0.1' });
  sockets.push(socket);
  return socket;
}

function write(socket: Socket, variables: Variables): void {
  const body = encodeForm(Object.entries(variables));
  socket.write(
    `POST /PPPS.php HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  socket.write(body);
}

const isWhole = (text: string): boolean => {
  const head = text.indexOf('\r\n\r\n');
  const length = /content-length: (\d+)/i.exec(text)?.[1];
  return head >= 0 && length !== undefined && text.length >= head + 4 + Number(length);
};

function receive(socket: Socket): Promise<Received> {
  return new Promise((resolve) => {
    let text = '';
    const onData = (chunk: Buffer): void => {
      text += latin1Text(chunk);
      if (isWhole(text)) end('open');
    };
    const end = (ended: Received['ended']): void => {
      socket.off('data', onData);
      resolve({ text, ended });
    };
    socket.on('data', onData);
    socket.once('error', () => {});
    socket.once('close', () => end('cut'));
  });
}

async function exchange(variables: Variables, socket = open()): Promise<Received> {
  const received = receive(socket);
  write(socket, variables);
  return received;
}

const bodyOf = ({ text }: Received): string => text.slice(text.indexOf('\r\n\r\n') + 4);
const payments = async (): Promise<number> => (await simulator?.gateway.payments({ limit: 10 }))?.length ?? -1;
const exchanges = async (): Promise<number> => (await simulator?.journal())?.length ?? -1;

describe('a fault on the socket', () => {
  test('cuts the connection after the commit', async () => {
    await serve({ fault: { reply: 'drop' }, times: 1 });
    expect(await exchange(ORDER)).toEqual({ text: '', ended: 'cut' });
    expect(await payments()).toBe(1);
  });

  test('cuts the connection before the commit', async () => {
    await serve({ fault: { reply: 'drop', processed: 'no' }, times: 1 });
    expect(await exchange(ORDER)).toEqual({ text: '', ended: 'cut' });
    expect(await payments()).toBe(0);
    expect(bodyOf(await exchange(ORDER))).toContain('CODEREPONSE=00000');
  });

  test('cuts a connection that was kept alive', async () => {
    await serve({ fault: { reply: 'drop' }, from: 2 });
    const socket = open();
    expect(bodyOf(await exchange(ORDER, socket))).toContain('CODEREPONSE=00000');
    expect(await exchange({ ...ORDER, NUMQUESTION: '2' }, socket)).toEqual({ text: '', ended: 'cut' });
  });

  test('never answers, and holds nobody up when the simulator ends', async () => {
    const up = await serve({ fault: { reply: 'never' } });
    const silent = exchange(ORDER);
    await expect.poll(exchanges).toBe(1);
    await up.close();
    expect(await silent).toEqual({ text: '', ended: 'cut' });
  });

  test('sends half a body', async () => {
    await serve({ fault: { reply: 'half' } });
    const received = await exchange(ORDER);
    const length = Number(/content-length: (\d+)/i.exec(received.text)?.[1]);
    expect(received.ended).toBe('cut');
    expect(bodyOf(received)).toHaveLength(Math.floor(length / 2));
  });

  test('sends an empty body', async () => {
    await serve({ fault: { reply: 'empty' } });
    const received = await exchange(ORDER);
    expect(received.text).toMatch(/^HTTP\/1\.1 200 /);
    expect(bodyOf(received)).toBe('');
  });

  test.each([500, 502, 503, 504] as const)('sends an HTML page with HTTP status %d', async (http) => {
    await serve({ fault: { http } });
    const received = await exchange(ORDER);
    expect(received.text).toMatch(new RegExp(`^HTTP/1\\.1 ${http} `));
    expect(bodyOf(received)).toContain('<h1>');
  });

  test('repeats other values than those that were sent', async () => {
    await serve({ fault: { echo: { NUMQUESTION: '0000000666', RANG: '032' } } });
    expect(bodyOf(await exchange(ORDER))).toContain('&NUMQUESTION=0000000666&SITE=1999888&RANG=032&');
  });

  test('writes the reply in UTF-8', async () => {
    await serve({ fault: { reply: 'utf-8' } });
    expect(bodyOf(await exchange(ORDER))).toContain('Demande traitÃ©e');
  });

  test('sends bytes that are no reply', async () => {
    await serve({ fault: { reply: 'garbage' } });
    expect(decodeReply(Buffer.from(bodyOf(await exchange(ORDER)), 'latin1')).has('CODEREPONSE')).toBe(false);
  });

  test('processes a question twice', async () => {
    await serve({ fault: { processed: 'twice' } });
    expect(bodyOf(await exchange(ORDER))).toContain('NUMTRANS=0001000001');
    expect(await payments()).toBe(2);
  });

  test('exchanges the replies of two questions at once', async () => {
    await serve({ fault: { reply: 'swap' } });
    const first = exchange(ORDER);
    await expect.poll(exchanges).toBe(1);
    const second = exchange({ ...ORDER, NUMQUESTION: '2' });
    expect(bodyOf(await first)).toContain('&NUMQUESTION=2&');
    expect(bodyOf(await second)).toContain('&NUMQUESTION=1&');
  });

  test('sends a reply byte by byte', async () => {
    await serve({ fault: { slow: 0 } });
    const socket = open().setNoDelay(true);
    let chunks = 0;
    socket.on('data', () => chunks++);
    expect(bodyOf(await exchange(ORDER, socket))).toContain('CODEREPONSE=00000');
    expect(chunks).toBeGreaterThan(1);
  });

  test('delays a reply by the time that its seed draws', async () => {
    const delays = async (seed: number): Promise<number[]> => {
      const up = createSimulator({ rules: [{ fault: { delay: { min: 0, max: 5 } }, seed }] });
      const drawn: number[] = [];
      for (const NUMQUESTION of ['1', '2', '3', '4']) {
        const { fault } = await up.gateway.answer({ body: encodeForm(Object.entries({ ...ORDER, NUMQUESTION })) });
        drawn.push(fault?.delay ?? -1);
      }
      return drawn;
    };
    expect(await delays(7)).toEqual(await delays(7));
    expect(await delays(7)).not.toEqual(await delays(8));
    expect((await delays(7)).every((delay) => delay >= 0 && delay <= 5)).toBe(true);
    await serve({ fault: { delay: 30 } });
    const start = performance.now();
    await exchange(ORDER);
    expect(performance.now() - start).toBeGreaterThanOrEqual(29);
  });
});

describe('a rule with a fault', () => {
  test('takes effect as often as its probability and seed say, the same each time', async () => {
    const cut = async (): Promise<boolean[]> => {
      const up = createSimulator({ rules: [{ fault: { reply: 'empty' }, probability: 0.5, seed: 3 }] });
      const drawn: boolean[] = [];
      for (let n = 1; n <= 40; n++) {
        const { fault } = await up.gateway.answer({ body: encodeForm(Object.entries({ ...ORDER, NUMQUESTION: String(n) })) });
        drawn.push(fault !== undefined);
      }
      return drawn;
    };
    const drawn = await cut();
    expect(await cut()).toEqual(drawn);
    expect(drawn.filter(Boolean).length).toBeGreaterThan(8);
    expect(drawn.filter(Boolean).length).toBeLessThan(32);
  });

  test('stands beside a rule with an answer', async () => {
    await serve({ answer: '00105' }, { fault: { echo: { SITE: '7654321' } } });
    expect(bodyOf(await exchange(ORDER))).toMatch(/SITE=7654321.*CODEREPONSE=00105/);
  });

  test('is shown with the request it met', async () => {
    const up = await serve({ id: 'cut', fault: { reply: 'drop', processed: 'no' } });
    await exchange(ORDER);
    const [entry] = await up.journal();
    expect(entry?.findings).toContainEqual(
      expect.objectContaining({ rule: 'fault-staged', message: 'Rule cut: not processed, reply: drop.' }),
    );
  });

  test('that is neither answer nor fault is refused', async () => {
    const up = await serve();
    expect(() => up.gateway.rules.add({ match: { TYPE: '1' } })).toThrow('A rule has an answer (a CODEREPONSE) or a fault');
  });

  test('reaches whoever calls fetch in process', async () => {
    const up = createSimulator({ rules: [{ fault: { reply: 'drop' } }] });
    const request = new Request('http://localhost/PPPS.php', { method: 'POST', body: encodeForm(Object.entries(ORDER)) });
    await expect(up.fetch(request)).rejects.toThrow('fetch failed');
    const halved = createSimulator({ rules: [{ fault: { reply: 'half' } }] });
    const response = await halved.fetch(
      new Request('http://localhost/PPPS.php', { method: 'POST', body: encodeForm(Object.entries(ORDER)) }),
    );
    await expect(response.text()).rejects.toThrow('fetch failed');
  });
});
