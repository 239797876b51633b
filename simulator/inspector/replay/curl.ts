import { encodeForm, latin1Text } from '../../../contracts/index.js';
import { escapeInvisible } from '../invisible-characters.js';
import type { FilledRequest } from './fill-request.js';

/** Quotes a text as one word of a POSIX shell. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const encode = (name: string, value: string): string => latin1Text(encodeForm([[name, value]]));

// The gateway refuses a NUMQUESTION that was used before, so the shell generates a new one.
const NEW_NUMBER = '"NUMQUESTION=$(date +%s)"';

/** Returns the shell command that sends a request again. Its values are percent-encoded and quoted, so the shell does not interpret them. */
export function curlOf({ variables }: FilledRequest, url: string): string {
  const parts = variables.map(([name, value]) => `-d ${name === 'NUMQUESTION' ? NEW_NUMBER : quote(encode(name, value))}`);
  return [`curl -s ${quote(url)}`, ...parts].join(' \\\n  ');
}

/** Returns the shell command that posts JSON to a URL of the control API. */
export function curlOfJson(url: string, body: unknown): string {
  return `curl -s -X POST ${quote(url)} \\\n  -d ${quote(escapeInvisible(JSON.stringify(body)))}`;
}
