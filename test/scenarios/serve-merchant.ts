import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../../scenarios/examples/reference/commands.js';

const ASK = fileURLToPath(new URL('ask-merchant.sh', import.meta.url));

interface Call {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Returns the call that the text asks for, or undefined if the end of the text is missing. */
function readCall(text: string): Call | undefined {
  const [count, ...parts] = text.split('\0');
  const length = Number(count);
  const end = parts.indexOf('', length);
  if (end === -1 || end === parts.length - 1) return undefined;
  const variables = parts.slice(length, end).map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]);
  return { command: parts.slice(0, length), environment: Object.fromEntries(variables) };
}

/** Returns what `ask-merchant.sh` reads: the exit status and the two outputs of the merchant. */
async function answer({ command, environment }: Call): Promise<string> {
  try {
    return `0\0${await runCommand(command, environment)}\n\0\0`;
  } catch (error) {
    return `1\0\0${(error as Error).stack}\n\0`;
  }
}

/** A running merchant. */
export interface ServedMerchant {
  /** A shell command that has it run a command of the merchant. */
  readonly integration: string;
  close(): void;
}

/** Serves the merchant with the reference client from this process: starting Node.js for each command takes most of the time of a run. */
export async function serveMerchant(): Promise<ServedMerchant> {
  const server = createServer((socket) => {
    let text = '';
    socket.setEncoding('utf8').on('data', async (more: string) => {
      text += more;
      const call = readCall(text);
      if (call) socket.end(await answer(call));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { integration: `bash "${ASK}" ${(server.address() as AddressInfo).port}`, close: () => server.close() };
}
