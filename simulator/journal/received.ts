import type { Finding } from '../engine/finding.js';
import { FINDING_MESSAGES, MESSAGE_TEXTS, TEXT_SEPARATORS } from '../engine/finding-messages.js';

const FAULT = MESSAGE_TEXTS.fault;

/** What the client received instead of the reply, or of the whole reply. `again`: the question was processed once more, without a reply. */
export type Received = 'drop' | 'never' | 'http' | 'half' | 'empty' | 'garbage' | 'utf-8' | 'swap' | 'echo' | 'again';

/** The replies from which the client cannot read the CODEREPONSE. */
const LOST: ReadonlySet<Received> = new Set(['drop', 'never', 'http', 'half', 'empty', 'garbage', 'again']);

/** Whether the client could not read the CODEREPONSE. */
export const isLost = (received: Received): boolean => LOST.has(received);

const startOf = (template: string): string => template.split('{', 1)[0] as string;

/** The texts of faults that change what the client receives; the first that was staged happens. */
const FAULTS: readonly (readonly [received: Received, text: string])[] = [
  ['drop', FAULT.drop],
  ['never', FAULT.never],
  ['http', startOf(FAULT.http)],
  ['half', FAULT.half],
  ['empty', FAULT.empty],
  ['garbage', FAULT.garbage],
  ['utf-8', FAULT['utf-8']],
  ['swap', FAULT.swap],
  ['echo', startOf(FAULT.echo)],
];

const SECOND_TIME = FINDING_MESSAGES['fault-staged'].again;

/** Returns what the client received of an exchange if a fault changed it, by the findings of the exchange; undefined for the whole reply. */
export function receivedOf(findings: readonly Pick<Finding, 'rule' | 'message'>[]): Received | undefined {
  const staged = findings.find(({ rule }) => rule === 'fault-staged');
  if (staged === undefined) return undefined;
  if (staged.message === SECOND_TIME) return 'again';
  const parts = /^Rule [^:]*: (.*)\.$/s.exec(staged.message)?.[1]?.split(TEXT_SEPARATORS.fault) ?? [];
  return FAULTS.find(([, text]) => parts.some((part) => part.startsWith(text)))?.[0];
}
