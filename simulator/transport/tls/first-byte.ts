import type { Socket } from 'node:net';

/** Tells the first byte that comes over a connection; the byte stays to be read. A connection that ends before that is closed. */
export function firstByte(socket: Socket, tell: (byte: number) => void): void {
  const close = (): void => void socket.destroy();
  const look = (): void => {
    const bytes = socket.read() as Buffer | null;
    const first = bytes?.[0];
    if (bytes === null || first === undefined) return;
    socket.off('readable', look).off('end', close);
    socket.unshift(bytes);
    tell(first);
  };
  socket.on('readable', look).once('end', close);
}
