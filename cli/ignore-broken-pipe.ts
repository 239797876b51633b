/** Ignores write errors of the streams, so that a gateway keeps serving after its reader ends (`paybox-sim serve | head -1`). */
export function ignoreBrokenPipe(...streams: readonly NodeJS.WritableStream[]): void {
  for (const stream of streams) stream.on('error', () => {});
}
