import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { decodeReply, encodeForm, latin1Text } from '../../contracts/index.js';
import { createSimulator, type RuleInput, type Simulator } from '../../simulator/index.js';
import { disableTimeLimits } from '../support/fake-timers.js';
import { CARD, HEAD, NOON, type Variables } from '../support/question.js';

const ORDER: Variables = { ...HEAD, ...CARD, TYPE: '00003', MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1', NUMQUESTION: '1' };

let simulator: Simulator | undefined;
let sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await simulator?.close();
});

/** The bytes received until the response was complete or the connection was closed. */
interface Received {
  readonly text: string;
  readonly connection: 'closed' | 'open';
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

const isComplete = (text: string): boolean => {
  const head = text.indexOf('\r\n\r\n');
  const length = /content-length: (\d+)/i.exec(text)?.[1];
  return head >= 0 && length !== undefined && text.length >= head + 4 + Number(length);
};

function receive(socket: Socket): Promise<Received> {
  return new Promise((resolve) => {
    let text = '';
    const onData = (chunk: Buffer): void => {
      text += latin1Text(chunk);
      if (isComplete(text)) end('open');
    };
    const end = (connection: Received['connection']): void => {
      socket.off('data', onData);
      resolve({ text, connection });
    };
    socket.on('data', onData);
    socket.once('error', () => {});
    socket.once('close', () => end('closed'));
  });
}

async function exchange(variables: Variables, socket = open()): Promise<Received> {
  const received = receive(socket);
  write(socket, variables);
  return received;
}

const bodyOf = ({ text }: Received): string => text.slice(text.indexOf('\r\n\r\n') + 4);
const paymentCount = async (): Promise<number> => (await simulator?.gateway.payments({ limit: 10 }))?.length ?? -1;
const exchangeCount = async (): Promise<number> => (await simulator?.journal())?.length ?? -1;

describe('a fault over HTTP', () => {
  test('drop closes the connection after the commit', async () => {
    await serve({ fault: { reply: 'drop' }, times: 1 });
    expect(await exchange(ORDER)).toEqual({ text: '', connection: 'closed' });
    expect(await paymentCount()).toBe(1);
  });

  test('drop with `processed: no` closes the connection without processing the question', async () => {
    await serve({ fault: { reply: 'drop', processed: 'no' }, times: 1 });
    expect(await exchange(ORDER)).toEqual({ text: '', connection: 'closed' });
    expect(await paymentCount()).toBe(0);
    expect(bodyOf(await exchange(ORDER))).toContain('CODEREPONSE=00000');
  });

  test('drop closes a kept-alive connection', async () => {
    await serve({ fault: { reply: 'drop' }, from: 2 });
    const socket = open();
    expect(bodyOf(await exchange(ORDER, socket))).toContain('CODEREPONSE=00000');
    expect(await exchange({ ...ORDER, NUMQUESTION: '2' }, socket)).toEqual({ text: '', connection: 'closed' });
  });

  test('never sends no reply; close() closes the connection and does not wait', async () => {
    disableTimeLimits();
    const serving = await serve({ fault: { reply: 'never' } });
    const unanswered = exchange(ORDER);
    await expect.poll(exchangeCount).toBe(1);
    await serving.close();
    expect(await unanswered).toEqual({ text: '', connection: 'closed' });
  });

  test('half sends the first half of the body', async () => {
    await serve({ fault: { reply: 'half' } });
    const received = await exchange(ORDER);
    const length = Number(/content-length: (\d+)/i.exec(received.text)?.[1]);
    expect(received.connection).toBe('closed');
    expect(bodyOf(received)).toHaveLength(Math.floor(length / 2));
  });

  test('empty sends an empty body', async () => {
    await serve({ fault: { reply: 'empty' } });
    const received = await exchange(ORDER);
    expect(received.text).toMatch(/^HTTP\/1\.1 200 /);
    expect(bodyOf(received)).toBe('');
  });

  test.each([500, 502, 503, 504] as const)('http: %d sends an HTML page with this status', async (http) => {
    await serve({ fault: { http } });
    const received = await exchange(ORDER);
    expect(received.text).toMatch(new RegExp(`^HTTP/1\\.1 ${http} `));
    expect(bodyOf(received)).toContain('<h1>');
  });

  test('echo replaces variables of the reply', async () => {
    await serve({ fault: { echo: { NUMQUESTION: '0000000666', RANG: '032' } } });
    expect(bodyOf(await exchange(ORDER))).toContain('&NUMQUESTION=0000000666&SITE=1999888&RANG=032&');
  });

  test('utf-8 encodes the reply in UTF-8', async () => {
    await serve({ fault: { reply: 'utf-8' } });
    expect(bodyOf(await exchange(ORDER))).toContain('Demande traitÃ©e');
  });

  test('garbage sends bytes that are not a reply', async () => {
    await serve({ fault: { reply: 'garbage' } });
    expect(decodeReply(Buffer.from(bodyOf(await exchange(ORDER)), 'latin1')).has('CODEREPONSE')).toBe(false);
  });

  test('`processed: twice` makes two payments', async () => {
    await serve({ fault: { processed: 'twice' } });
    expect(bodyOf(await exchange(ORDER))).toContain('NUMTRANS=0001000001');
    expect(await paymentCount()).toBe(2);
  });

  test('swap exchanges the replies to two concurrent questions', async () => {
    await serve({ fault: { reply: 'swap' } });
    const first = exchange(ORDER);
    await expect.poll(exchangeCount).toBe(1);
    const second = exchange({ ...ORDER, NUMQUESTION: '2' });
    expect(bodyOf(await first)).toContain('&NUMQUESTION=2&');
    expect(bodyOf(await second)).toContain('&NUMQUESTION=1&');
  });

  test('slow sends a reply byte by byte', async () => {
    await serve({ fault: { slow: 0 } });
    const socket = open().setNoDelay(true);
    let chunks = 0;
    socket.on('data', () => chunks++);
    expect(bodyOf(await exchange(ORDER, socket))).toContain('CODEREPONSE=00000');
    expect(chunks).toBeGreaterThan(1);
  });

  test('delay with a range draws the time from the seed of the rule', async () => {
    const delays = async (seed: number): Promise<number[]> => {
      const inProcess = createSimulator({ rules: [{ fault: { delay: { min: 0, max: 5 } }, seed }] });
      const drawn: number[] = [];
      for (const NUMQUESTION of ['1', '2', '3', '4']) {
        const { fault } = await inProcess.gateway.answer({ body: encodeForm(Object.entries({ ...ORDER, NUMQUESTION })) });
        drawn.push(fault?.delay ?? -1);
      }
      return drawn;
    };
    expect(await delays(7)).toEqual(await delays(7));
    expect(await delays(7)).not.toEqual(await delays(8));
    expect((await delays(7)).every((delay) => delay >= 0 && delay <= 5)).toBe(true);
  });

  test('delay ends when the client resets the connection', async ({ signal }) => {
    await serve({ fault: { delay: 600_000 } });
    disableTimeLimits();
    const before = vi.getTimerCount();
    const socket = open();
    write(socket, ORDER);
    const isWaiting = (): boolean => vi.getTimerCount() > before;
    while (!isWaiting() && !signal.aborted) await new Promise(setImmediate);
    socket.resetAndDestroy();
    while (isWaiting() && !signal.aborted) await new Promise(setImmediate);
    expect(await paymentCount()).toBe(1);
  });

  test('delay sends the reply after this time', async () => {
    await serve({ fault: { delay: 30 } });
    const start = performance.now();
    await exchange(ORDER);
    // A timer can end up to a millisecond early.
    expect(performance.now() - start).toBeGreaterThanOrEqual(29);
  });
});

describe('a rule with a fault', () => {
  test('applies to the questions that its probability and seed determine', async () => {
    const drawFaults = async (): Promise<boolean[]> => {
      const inProcess = createSimulator({ rules: [{ fault: { reply: 'empty' }, probability: 0.5, seed: 3 }] });
      const drawn: boolean[] = [];
      for (let n = 1; n <= 40; n++) {
        const { fault } = await inProcess.gateway.answer({ body: encodeForm(Object.entries({ ...ORDER, NUMQUESTION: String(n) })) });
        drawn.push(fault !== undefined);
      }
      return drawn;
    };
    const drawn = await drawFaults();
    expect(await drawFaults()).toEqual(drawn);
    expect(drawn.filter(Boolean).length).toBeGreaterThan(8);
    expect(drawn.filter(Boolean).length).toBeLessThan(32);
  });

  test('applies in addition to a rule with an answer', async () => {
    await serve({ answer: '00105' }, { fault: { echo: { SITE: '7654321' } } });
    expect(bodyOf(await exchange(ORDER))).toMatch(/SITE=7654321.*CODEREPONSE=00105/);
  });

  test('is a finding of the request it applied to', async () => {
    const serving = await serve({ id: 'cut', fault: { reply: 'drop', processed: 'no' } });
    await exchange(ORDER);
    const [entry] = await serving.journal();
    expect(entry?.findings).toContainEqual(
      expect.objectContaining({ rule: 'fault-staged', message: 'Rule cut: not processed, reply: drop.' }),
    );
  });

  test('or an answer is required', async () => {
    const serving = await serve();
    expect(() => serving.gateway.rules.add({ match: { TYPE: '1' } })).toThrow(
      'A rule has an answer (a CODEREPONSE), a fault, an authentication or a checkout.',
    );
  });

  test('also applies to the fetch() of the simulator', async () => {
    const dropping = createSimulator({ rules: [{ fault: { reply: 'drop' } }] });
    const request = new Request('http://localhost/PPPS.php', { method: 'POST', body: encodeForm(Object.entries(ORDER)) });
    await expect(dropping.fetch(request)).rejects.toThrow('fetch failed');
    const truncating = createSimulator({ rules: [{ fault: { reply: 'half' } }] });
    const response = await truncating.fetch(
      new Request('http://localhost/PPPS.php', { method: 'POST', body: encodeForm(Object.entries(ORDER)) }),
    );
    await expect(response.text()).rejects.toThrow('fetch failed');
  });
});
