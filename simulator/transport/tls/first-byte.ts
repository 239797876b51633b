import type { Socket } from 'node:net';

/** Calls back with the first byte of a connection without consuming it. A connection that ends before is closed. */
export function firstByte(socket: Socket, onByte: (byte: number) => void): void {
  const close = (): void => void socket.destroy();
  const look = (): void => {
    const bytes = socket.read() as Buffer | null;
    const first = bytes?.[0];
    if (bytes === null || first === undefined) return;
    socket.off('readable', look).off('end', close);
    socket.unshift(bytes);
    onByte(first);
  };
  socket.on('readable', look).once('end', close);
}
