import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { latin1Bytes, latin1Text, readReplyText, type Variants } from '../../contracts/index.js';
import { createSimulator } from '../../simulator/index.js';

interface Recorded {
  /** An HTTP date. */
  readonly recorded: string;
  readonly request: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly reply: string;
}

const FOLDER = new URL('../recorded/', import.meta.url);
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
const NUMBERS = ['NUMTRANS', 'NUMAPPEL'] as const;

/** The variants that a file shows, if they are not the defaults. */
const VARIANTS_OF: Readonly<Record<string, Partial<Variants>>> = {
  'empty-refabonne-2015-01.json': { typeIndex: '33' },
  'empty-refabonne-2015-09.json': { emptyVariable: 'invalid' },
};

const readExchanges = (file: string): Recorded[] => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));

/** Replaces the digits of numbers other than zeros, which are compared by their relation to the others. */
const withoutNumbers = (reply: string): string => reply.replace(/(NUMTRANS|NUMAPPEL)=(?!0{10}&)\d{10}/g, '$1=##########');

const numberOf = (reply: string, name: (typeof NUMBERS)[number]): number => Number(readReplyText(reply).get(name));

/** How each number of a file relates to each later one: the same, the next one, or another one. */
function relations(replies: readonly string[], name: (typeof NUMBERS)[number]): string[] {
  const numbers = replies.map((reply) => numberOf(reply, name));
  return numbers.flatMap((later, j) =>
    numbers.slice(0, j).map((earlier, i) => `${i}-${j}: ${{ 0: 'same', 1: 'next' }[later - earlier] ?? 'other'}`),
  );
}

/** Replaces the recorded numbers in a request by those that the simulator gave in the same replies. */
function withGivenNumbers(request: string, given: ReadonlyMap<string, string>): string {
  return request.replace(/(NUMTRANS|NUMAPPEL)=(\d{10})/g, (_, name, number) => `${name}=${given.get(name + number) ?? number}`);
}

async function replay(file: string): Promise<{ replies: string[]; recorded: Recorded[] }> {
  const recorded = readExchanges(file);
  const simulator = createSimulator({ accounts: [{ SITE: '1999888', RANG: '99', variants: VARIANTS_OF[file] ?? {} }] });
  const replies: string[] = [];
  const given = new Map<string, string>();
  try {
    for (const exchange of recorded) {
      simulator.clock.set(new Date(exchange.recorded).toISOString(), true);
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const init = { method: 'POST', headers, body: latin1Bytes(withGivenNumbers(exchange.request, given)) };
      const response = await simulator.fetch(new Request('http://localhost/PPPS.php', init));
      expect(response.status).toBe(exchange.status);
      const reply = latin1Text(new Uint8Array(await response.arrayBuffer()));
      const [expected, received] = [readReplyText(exchange.reply), readReplyText(reply)];
      for (const name of NUMBERS) given.set(`${name}${expected.get(name)}`, received.get(name) ?? '');
      replies.push(reply);
    }
  } finally {
    await simulator.close();
  }
  return { replies, recorded };
}

describe.each(FILES)('the recorded exchanges of %s', (file) => {
  test('get the recorded replies', async () => {
    const { replies, recorded } = await replay(file);
    expect(replies.map(withoutNumbers)).toEqual(recorded.map(({ reply }) => withoutNumbers(reply)));
    const expected = recorded.map(({ reply }) => reply);
    for (const name of NUMBERS) expect(relations(replies, name), name).toEqual(relations(expected, name));
  });

  test('have the recorded length', () => {
    for (const { reply, headers } of readExchanges(file)) expect(String(reply.length)).toBe(headers['Content-Length']);
  });
});
