import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeReply, encodeForm, OPERATIONS, REPLY_CONTENT_TYPE, REPLY_ORDER, VARIABLES } from '../../contracts/index.js';
import { createSimulator, type Simulator } from '../../simulator/index.js';
import { CARD, HEAD, NOON } from '../support/question.js';

let simulator: Simulator;
let url: string;

beforeAll(async () => {
  simulator = createSimulator({ clock: NOON });
  url = await simulator.listen();
});

afterAll(() => simulator.close());

const KNOWN: ReadonlySet<string> = new Set(REPLY_ORDER);

/** Posts a body. Checks that the reply is well-formed and that the journal has its CODEREPONSE. */
async function expectWellFormedReply(body: Uint8Array<ArrayBuffer>): Promise<void> {
  const response = await fetch(`${url}/PPPS.php`, { method: 'POST', body });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(REPLY_CONTENT_TYPE);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const reply = decodeReply(bytes);
  expect(reply.get('CODEREPONSE')).toMatch(/^\d{5}$/);
  expect(reply.get('NUMTRANS')).toMatch(/^\d{10}$/);
  expect([...reply.keys()]).toEqual([...reply.keys()].filter((name) => KNOWN.has(name)));
  const parts = new TextDecoder('latin1').decode(bytes).split('&');
  expect(parts).toHaveLength(reply.size);
  const [entry] = await simulator.journal({ limit: 1 });
  expect(entry?.CODEREPONSE).toBe(reply.get('CODEREPONSE'));
}

test('any bytes get a well-formed reply', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), (bytes) => expectWellFormedReply(new Uint8Array(bytes))),
    { numRuns: 150 },
  );
});

test('any values of the known variables get a well-formed reply', async () => {
  const value = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.stringMatching(/^\d{0,19}$/), fc.constant(''));
  const variables = fc.dictionary(fc.constantFrom(...VARIABLES.map(({ name }) => name)), value);
  const validVariables = fc.subarray(Object.entries({ ...HEAD, ...CARD, MONTANT: '1000', DEVISE: '978', REFERENCE: 'a', REFABONNE: 'b' }));
  const TYPE = fc.constantFrom(...OPERATIONS.map((operation) => operation.TYPE));
  await fc.assert(
    fc.asyncProperty(variables, validVariables, TYPE, fc.integer({ min: 0, max: 2 ** 31 }), (arbitrary, valid, type, number) =>
      expectWellFormedReply(
        encodeForm(Object.entries({ TYPE: type, NUMQUESTION: String(number), ...arbitrary, ...Object.fromEntries(valid) })),
      ),
    ),
    { numRuns: 250 },
  );
});

test('a question with a few bytes changed, removed or inserted gets a well-formed reply', async () => {
  const order = encodeForm(Object.entries({ ...HEAD, ...CARD, TYPE: '00003', MONTANT: '1000', DEVISE: '978', REFERENCE: 'été & co' }));
  const change = fc.record({ at: fc.nat(order.length), byte: fc.option(fc.nat(255), { nil: undefined }), over: fc.nat(2) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
      const bytes = [...order];
      for (const { at, byte, over } of changes) bytes.splice(at, over, ...(byte === undefined ? [] : [byte]));
      return expectWellFormedReply(Uint8Array.from(bytes));
    }),
    { numRuns: 250 },
  );
});
