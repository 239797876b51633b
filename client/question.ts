import { type Credentials, encodeForm, isHashName, withCredentials } from '../contracts/index.js';
import type { Echo } from './errors/echo-mismatch-error.js';
import { maskVariables, type Scrub, scrubberOf } from './masking.js';
import { parisDateq } from './paris-date.js';
import { nextQuestionNumber } from './question-number.js';
import type { Settings } from './settings.js';
import type { WireVariables } from './wire-variables.js';

/** A question ready to be sent. Holds card data: never leaves the client. */
export interface Question {
  readonly body: Uint8Array<ArrayBuffer>;
  /** What the reply must repeat. */
  readonly echo: Echo;
  readonly masked: Readonly<Record<string, string>>;
  readonly scrub: Scrub;
}

type Pairs = (readonly [name: string, value: string])[];

// A question that brings its own key or signature is sent with it, to see what the gateway says to that.
function sign(pairs: Pairs, variables: WireVariables, credentials: Credentials): Pairs {
  if ('CLE' in variables || 'HMAC' in variables) return pairs;
  const hash = variables.HASH;
  if ('cle' in credentials || hash === undefined) return withCredentials(pairs, credentials);
  if (!isHashName(hash)) return pairs;
  const unhashed = pairs.filter(([name]) => name !== 'HASH');
  return withCredentials(unhashed, { hmacKey: credentials.hmacKey, hash });
}

/**
 * Makes a question: the head, a fresh NUMQUESTION, DATEQ, the variables, and what proves the sender. A variable that is
 * given takes the place of the client's own; one given as undefined is left out.
 *
 * @throws MisuseError where the source of question numbers gives none
 */
export async function makeQuestion(settings: Settings, TYPE: string, variables: WireVariables): Promise<Question> {
  const NUMQUESTION = 'NUMQUESTION' in variables ? variables.NUMQUESTION : await nextQuestionNumber(settings.questionNumber);
  const { VERSION, ...account } = settings.head;
  const merged: WireVariables = { VERSION, TYPE, ...account, NUMQUESTION, DATEQ: parisDateq(settings.now()), ...variables };
  const pairs: Pairs = Object.entries(merged).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const signed = sign(pairs, variables, settings.credentials);
  const { credentials } = settings;
  const key = 'cle' in credentials ? credentials.cle : credentials.hmacKey;
  return {
    body: encodeForm(signed),
    echo: { SITE: merged.SITE ?? '', RANG: merged.RANG ?? '', NUMQUESTION: NUMQUESTION ?? '' },
    masked: maskVariables(signed),
    scrub: scrubberOf(Object.fromEntries(signed), [key]),
  };
}
