/** How long a reader may take nothing before its stream is ended. Milliseconds. */
const IDLE_TIMEOUT = 30_000;

/**
 * Returns the stream of a text that is made in pieces, each when the reader has taken the one before. If the reader takes nothing for half a
 * minute, the stream is ended with an error, so that what the text is made from can be closed.
 *
 * @throws what making the first piece throws
 */
export async function textStream(pieces: AsyncGenerator<string, void, undefined>): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  let next: IteratorResult<string, void> | undefined = await pieces.next();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const awaitReader = (controller: ReadableStreamDefaultController): void => {
    timer = setTimeout(() => {
      controller.error(new Error('The reader took nothing for too long.'));
      pieces.return().catch(() => {});
    }, IDLE_TIMEOUT);
    // A number in browsers.
    if (typeof timer === 'object') timer.unref();
  };
  return new ReadableStream<Uint8Array>(
    {
      start: awaitReader,
      pull: async (controller) => {
        clearTimeout(timer);
        const piece = next ?? (await pieces.next());
        next = undefined;
        if (piece.done) {
          controller.close();
          return;
        }
        controller.enqueue(encoder.encode(piece.value));
        awaitReader(controller);
      },
      cancel: async () => {
        clearTimeout(timer);
        await pieces.return();
      },
    },
    { highWaterMark: 0 },
  );
}
