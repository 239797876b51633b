/** Goes on without printing where nobody reads any more (`paybox-sim serve | head -1`): a gateway keeps serving. */
export function ignoreBrokenPipe(...streams: readonly NodeJS.WritableStream[]): void {
  for (const stream of streams) stream.on('error', () => {});
}
