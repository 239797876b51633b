import { expect } from 'vitest';
import { decodeForm, decodeReply, encodeForm, encodeReply, latin1Text, REPLY_ORDER } from '../../contracts/index.js';
import { readQuestion } from '../../simulator/engine/question.js';
import { createSimulator } from '../../simulator/index.js';
import { NOON } from '../support/question.js';
import { campaign } from './campaign.js';
import { expectNoGrowth, heapInUse } from './heap.js';
import { mutatedBody } from './mutate.js';
import { Random } from './random.js';
import { parseReply } from './reply-parser.js';

const MEASUREMENTS = 12;

/** Returns a random text of characters up to `last`, which the charset under test can encode. */
function text(random: Random, maxLength: number, last: number): string {
  return Array.from({ length: random.below(maxLength) }, () =>
    String.fromCharCode(random.between(random.onceIn(3) ? 0x20 : 0x41, last)),
  ).join('');
}

function expectFormRoundTrip(random: Random): void {
  const pairs = Array.from({ length: random.between(1, 12) }, () => [`V${text(random, 8, 0x7e)}`, text(random, 30, 0xd7ff)] as const);
  const { fields, badEscape } = decodeForm(encodeForm(pairs));
  expect(fields.map(({ name, value }) => [name, value])).toEqual(pairs);
  expect(badEscape).toBe(false);
}

function expectReplyRoundTrip(random: Random): void {
  const reply = Object.fromEntries(
    REPLY_ORDER.filter(() => !random.onceIn(4)).map((name) => [name, text(random, 20, 0xff).replace(/[&<>\x7f]/g, '')]),
  );
  expect(Object.fromEntries(decodeReply(encodeReply(reply)))).toEqual(reply);
  const escaped = encodeReply(reply, true);
  expect(latin1Text(escaped)).toMatch(/^[\x21-\x7e]*$/);
  expect(Object.fromEntries(decodeForm(escaped).fields.map(({ name, raw }) => [name, raw]))).toEqual(reply);
}

function expectAnyBytesDecoded(body: Uint8Array): void {
  const question = readQuestion(decodeForm(body));
  for (const { name } of question.form.fields) expect(question.has(name)).toBe(true);
  decodeReply(body);
}

campaign(
  { name: 'the frame codec decodes what it encoded, and any other bytes without an error', unit: 'frames', short: 6000, long: 600_000 },
  async (frames, seed) => {
    const random = new Random(seed);
    const heap: number[] = [];
    for (let n = 0; n < frames; n++) {
      if (n % Math.ceil(frames / MEASUREMENTS) === 0) heap.push(heapInUse());
      if (n % 3 === 0) expectFormRoundTrip(random);
      else if (n % 3 === 1) expectReplyRoundTrip(random);
      else expectAnyBytesDecoded(mutatedBody(random));
    }
    return expectNoGrowth(heap);
  },
);

campaign(
  {
    name: 'mutated questions get a well-formed reply; accepted ones get their variables echoed',
    unit: 'questions',
    short: 6000,
    long: 600_000,
  },
  async (questions, seed) => {
    const random = new Random(seed);
    const simulator = createSimulator({ clock: NOON });
    const codes = new Map<string, number>();
    const heap: number[] = [];
    for (let n = 0; n < questions; n++) {
      if (n % Math.ceil(questions / MEASUREMENTS) === 0) {
        await simulator.reset();
        heap.push(heapInUse());
      }
      const body = mutatedBody(random);
      const shown = (): string => JSON.stringify(latin1Text(body));
      const { body: answered, isUrlEncoded, failure } = await simulator.gateway.answer({ body });
      expect(failure, shown()).toBeUndefined();
      const reply = parseReply(answered);
      codes.set(reply.CODEREPONSE ?? '', (codes.get(reply.CODEREPONSE ?? '') ?? 0) + 1);
      if (reply.CODEREPONSE !== '00000' || isUrlEncoded) continue;
      const question = readQuestion(decodeForm(body));
      expect([reply.SITE, reply.RANG, reply.NUMQUESTION], shown()).toEqual(
        ['SITE', 'RANG', 'NUMQUESTION'].map((name) => question.get(name)),
      );
    }
    expect(codes.size).toBeGreaterThan(15);
    return `${codes.size} different CODEREPONSE, ${codes.get('00000')} of them 00000; ${expectNoGrowth(heap)}`;
  },
);
