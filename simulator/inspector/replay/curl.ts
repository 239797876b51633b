import { encodeForm, latin1Text } from '../../../contracts/index.js';
import { escapeUnseen } from '../unseen.js';
import type { FilledIn } from './fill-in.js';

/** A text as one word of a POSIX shell, whatever it holds. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const encoded = (name: string, value: string): string => latin1Text(encodeForm([[name, value]]));

// A number that was used is refused: the shell makes a new one.
const NEW_NUMBER = '"NUMQUESTION=$(date +%s)"';

/** The command that sends a request again; its values percent-encoded, so that none of them means anything to a shell. */
export function curlOf({ pairs }: FilledIn, url: string): string {
  const parts = pairs.map(([name, value]) => `-d ${name === 'NUMQUESTION' ? NEW_NUMBER : quoted(encoded(name, value))}`);
  return [`curl -s ${quoted(url)}`, ...parts].join(' \\\n  ');
}

/** The command that sends JSON to the control API. */
export function curlOfJson(url: string, body: unknown): string {
  return `curl -s -X POST ${quoted(url)} \\\n  -d ${quoted(escapeUnseen(JSON.stringify(body)))}`;
}
