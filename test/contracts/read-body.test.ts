import { expect, test, vi } from 'vitest';
import { BodyTooLongError, readBody } from '../../contracts/index.js';

test('a body up to the limit is returned', async () => {
  expect([...(await readBody(new Response('abc'), 3))]).toEqual([97, 98, 99]);
  expect(await readBody(new Response(null))).toHaveLength(0);
});

test('a body that arrives in pieces is returned whole', async () => {
  const pieces = ['ab', 'c', '', 'def'].map((text) => new TextEncoder().encode(text));
  const stream = new ReadableStream({
    pull: (controller) => {
      const piece = pieces.shift();
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
  });
  expect(new TextDecoder().decode(await readBody(new Response(stream), 6))).toBe('abcdef');
});

test('a longer body is not read further, and its stream is cancelled', async () => {
  const cancel = vi.fn();
  const pull = vi.fn((controller: ReadableStreamDefaultController) => controller.enqueue(new Uint8Array(10)));
  await expect(readBody(new Response(new ReadableStream({ pull, cancel })), 35)).rejects.toThrow(BodyTooLongError);
  expect(cancel).toHaveBeenCalledOnce();
  expect(pull.mock.calls.length).toBeLessThan(10);
});

test('the error of the stream is thrown', async () => {
  const failing = new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) });
  await expect(readBody(new Response(failing))).rejects.toThrow('terminated');
});

test('a signal cancels the stream, also one that fired before', async () => {
  for (const isBefore of [true, false]) {
    const cancel = vi.fn();
    const controller = new AbortController();
    if (isBefore) controller.abort();
    const reading = readBody(new Response(new ReadableStream({ cancel })), 10, controller.signal);
    controller.abort();
    await expect(reading).rejects.toThrow('aborted');
    expect(cancel).toHaveBeenCalledOnce();
  }
});
