/** Gathers the lines of one turn of the event loop: a message costs more than a line. */
export class LineBuffer {
  readonly #send: (lines: string) => void;
  #lines: string[] = [];

  constructor(send: (lines: string) => void) {
    this.#send = send;
  }

  add(line: string): void {
    if (this.#lines.push(line) === 1) setImmediate(() => this.flush());
  }

  flush(): void {
    const lines = this.#lines;
    this.#lines = [];
    if (lines.length > 0) this.#send(lines.join('\n'));
  }
}
