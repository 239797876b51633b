import pc from 'picocolors';
import { formatAmount } from '../contracts/index.js';
import { printable } from '../scenarios/terminal.js';
import type { NewJournalEntry } from '../simulator/index.js';
import { NO_ANSWER, type Step } from '../simulator/journal/step.js';
import { messages } from './messages/index.js';

/** What the lines of steps have in place of a TYPE, as wide. */
const PREFIXES: Readonly<Record<Step['operation'], string>> = {
  authenticate: '3DS  ',
  challenge: '3DS  ',
  result: '3DS  ',
  checkout: 'PAGE ',
  attempt: 'PAGE ',
  notification: 'PAGE ',
  unsubscribe: 'PAGE ',
};

const COLOURS = {
  pending: pc.cyan,
  'may-pay': pc.green,
  'may-not-pay': pc.yellow,
  refused: pc.red,
  unprocessed: pc.red,
  delivered: pc.green,
  undelivered: pc.red,
} as const satisfies Record<Step['state'], (text: string) => string>;

/** What is shown of the request of each step, besides the IdSession. */
const SHOWN: Readonly<Record<Step['operation'], (sent: ReadonlyMap<string, string>, step: Step) => readonly string[]>> = {
  authenticate: (sent) => {
    const amount = sent.get('Amount') ?? '';
    return [
      /^\d{1,10}$/.test(amount) ? formatAmount(Number(amount), printable(sent.get('Currency') ?? '')) : printable(amount),
      printable(sent.get('CCNumber') ?? ''),
    ];
  },
  challenge: (sent) => [printable(sent.get('action') ?? '')],
  result: (_, { address }) => [printable(address)],
  checkout: (sent) => {
    const amount = sent.get('PBX_TOTAL') ?? '';
    return [/^\d{1,10}$/.test(amount) ? formatAmount(Number(amount), printable(sent.get('PBX_DEVISE') ?? '')) : printable(amount)];
  },
  attempt: (sent) => [printable(sent.get('PORTEUR') ?? '')],
  notification: (_, { address }) => [printable(address)],
  unsubscribe: (sent) => [printable(sent.get('ABONNEMENT') ?? '')],
};

/** How a step is called in the terminal: `3DS   authenticate`. */
export const stepName = ({ operation }: Pick<Step, 'operation'>): string => `${PREFIXES[operation]} ${operation}`;

/** The parts of the line of a step of an authentication: what it is, and what was sent. */
export function stepParts({ REFERENCE, request }: NewJournalEntry, step: Step): readonly string[] {
  return [stepName(step), printable(REFERENCE), ...SHOWN[step.operation](new Map(request), step)];
}

/** What was answered in a step, in the language of the messages. */
export function answerWord({ state, answer, operation }: Step): string {
  const { wrongCode, noAnswer } = messages().exchange;
  if (operation === 'challenge' && state === 'pending') return wrongCode;
  return answer === NO_ANSWER ? noAnswer : answer;
}

/**
 * What was answered in a step: the page or the outcome with the ID3D, or what the shop answered.
 *
 * @param colour Default: by the state of the step
 */
export function stepAnswer(step: Step, colour: (text: string) => string = COLOURS[step.state]): string {
  const { operation, ID3D, body } = step;
  const more = operation === 'result' || operation === 'notification' ? body.replace(/\s+/g, ' ').trim().slice(0, 80) : ID3D;
  return `${colour(answerWord(step))} ${printable(more)}`.trimEnd();
}
