import { withoutLeadingZeros } from '../contracts/index.js';
import type { Reply } from './reply.js';

/** The variables of a question that its reply must repeat. See docs/protocol.md#section-1. */
export interface Echo {
  readonly SITE: string;
  readonly RANG: string;
  readonly NUMQUESTION: string;
}

const ECHOED = ['SITE', 'RANG', 'NUMQUESTION'] as const;

/** Returns the variables that a reply does not repeat. Digits are compared as numbers: some replies add or remove leading zeros. */
export const differencesOf = (sent: Echo, received: Echo): (keyof Echo)[] =>
  ECHOED.filter((name) => withoutLeadingZeros(sent[name]) !== withoutLeadingZeros(received[name]));

/** CODEREPONSE of a frame that the gateway could not read. */
const UNREADABLE_FRAME = '00014';

/** Returns the variables of the echo in a reply; empty if missing. */
export const echoOf = (reply: Reply): Echo => ({
  SITE: reply.get('SITE') ?? '',
  RANG: reply.get('RANG') ?? '',
  NUMQUESTION: reply.get('NUMQUESTION') ?? '',
});

/**
 * Whether a reply answers the question with this echo. The refusal of a frame that the gateway could not read (00014) has a NUMQUESTION
 * of zeros, and may have spaces for SITE and RANG. See docs/protocol.md#refusal-3 and docs/protocol.md#refusal-4.
 */
export function answers(sent: Echo, reply: Reply): boolean {
  const received = echoOf(reply);
  const differences = differencesOf(sent, received);
  if (reply.code !== UNREADABLE_FRAME || !/^0+$/.test(received.NUMQUESTION)) return differences.length === 0;
  return differences.every((name) => name === 'NUMQUESTION' || /^ +$/.test(received[name]));
}
