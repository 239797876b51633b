interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** What a command uses of the process it runs in; `process` is one. */
export interface CommandIo {
  readonly stdout: Output;
  readonly stderr: Output;
  /** The exit status. Default: 0 */
  exitCode?: typeof process.exitCode;
  /** Calls the listener when the signal that ends a server is received. */
  once(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  /** Ends the process at once, whatever it waits for. */
  exit(status: number): unknown;
}
