import { type Credentials, encodeForm, isHashName, withCredentials } from '../contracts/index.js';
import type { Echo } from './echo.js';
import { maskVariables, type Scrub, scrubberOf } from './masking.js';
import { nextQuestionNumber } from './question-number.js';
import type { Settings } from './settings.js';

/** Variables of a question by their names on the wire. A variable that is undefined is not sent. */
export type WireVariables = Readonly<Record<string, string | undefined>>;

/** A question ready to be sent. Contains card data, so it must not leave the client. */
export interface EncodedQuestion {
  readonly body: Uint8Array<ArrayBuffer>;
  /** What the reply must repeat. */
  readonly echo: Echo;
  /** Returns the variables in loggable form. */
  readonly maskedVariables: () => Readonly<Record<string, string>>;
  readonly scrub: Scrub;
}

const PARIS = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Paris',
  hourCycle: 'h23',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

// Formatting takes a tenth of the time of encoding a question, and questions often follow each other within a second.
let latest: { readonly second: number; readonly dateq: string } | undefined;

/** DATEQ of an instant: `DDMMYYYYHHMMSS` in the time zone of the gateway, Europe/Paris. See docs/protocol.md#section-2. */
export function parisDateq(instant: Date): string {
  const second = Math.floor(instant.getTime() / 1000);
  if (latest?.second !== second) {
    const parts = new Map(PARIS.formatToParts(instant).map(({ type, value }) => [type, value]));
    const dateq = (['day', 'month', 'year', 'hour', 'minute', 'second'] as const).map((type) => parts.get(type) ?? '').join('');
    latest = { second, dateq };
  }
  return latest.dateq;
}

type NameValuePair = readonly [name: string, value: string];

// `send` may test how the gateway treats a wrong key or signature, so a CLE or HMAC among the variables is sent unchanged.
function sign(pairs: NameValuePair[], variables: WireVariables, credentials: Credentials): NameValuePair[] {
  if ('CLE' in variables || 'HMAC' in variables) return pairs;
  const hash = variables.HASH;
  if ('cle' in credentials || hash === undefined) return withCredentials(pairs, credentials);
  if (!isHashName(hash)) return pairs;
  const withoutHash = pairs.filter(([name]) => name !== 'HASH');
  return withCredentials(withoutHash, { hmacKey: credentials.hmacKey, hash });
}

/**
 * Encodes a question: VERSION, TYPE, the account, a new NUMQUESTION, DATEQ, the variables and the signature. The given variables
 * replace those of the client; one that is given as undefined is not sent.
 *
 * @throws MisuseError if the source of question numbers returns an invalid number
 */
export async function encodeQuestion(settings: Settings, TYPE: string, variables: WireVariables): Promise<EncodedQuestion> {
  const { accountVariables, credentials } = settings;
  const NUMQUESTION = 'NUMQUESTION' in variables ? variables.NUMQUESTION : await nextQuestionNumber(settings.questionNumber);
  const { VERSION, ...account } = accountVariables;
  const merged: WireVariables = { VERSION, TYPE, ...account, NUMQUESTION, DATEQ: parisDateq(settings.now()), ...variables };
  const pairs = Object.entries(merged).flatMap(([name, value]): NameValuePair[] => (value === undefined ? [] : [[name, value]]));
  const signed = sign(pairs, variables, credentials);
  return {
    body: encodeForm(signed),
    echo: { SITE: merged.SITE ?? '', RANG: merged.RANG ?? '', NUMQUESTION: NUMQUESTION ?? '' },
    maskedVariables: () => maskVariables(signed),
    scrub: scrubberOf(signed, ['cle' in credentials ? credentials.cle : credentials.hmacKey]),
  };
}
