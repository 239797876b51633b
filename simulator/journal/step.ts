import { type AuthenticationOutcome, isQuestion, type JOURNAL_STEPS, outcomeEntry, SUCCESS } from '../../contracts/index.js';
import type { NewJournalEntry } from './entry.js';

/**
 * The operation of a step: the form at RemoteMPI, the page of the bank, the result to the shop; the form at the hosted page, an attempt to pay
 * there, the call to the shop, and the end of a subscription.
 */
export type StepOperation = (typeof JOURNAL_STEPS)[number];

/** Whether a text is the operation of a step. */
export const isStepOperation = (operation: string): operation is StepOperation => !isQuestion({ operation });

/** What became of a step. */
export type StepState =
  /** The cardholder is asked, or asked again after a wrong code. */
  | 'pending'
  /** The authentication ended with an outcome that accepts a payment. */
  | 'may-pay'
  /** The authentication ended with an outcome that refuses a payment. */
  | 'may-not-pay'
  /** RemoteMPI answered with a page that says `Erreur`. */
  | 'refused'
  /** A rule let RemoteMPI do nothing. */
  | 'unprocessed'
  | 'delivered'
  | 'undelivered';

/** A step of an authentication, as a journal entry describes it. */
export interface Step {
  readonly operation: StepOperation;
  readonly state: StepState;
  /** Empty: the request was refused. */
  readonly ID3D: string;
  /** The id of the checkout of the hosted page; empty: it belongs to none. */
  readonly checkout: string;
  /** How the authentication ended with this step; undefined: it did not. */
  readonly outcome?: AuthenticationOutcome;
  /** What was answered, in one word or two: `challenge`, an outcome, `Erreur`, `HTTP 200`, or {@link NO_ANSWER}. */
  readonly answer: string;
  /** Whether the result was sent as the browser sends it, by POST to URLRetour. */
  readonly isByBrowser: boolean;
  /** Method and address of a call to the shop, without its query; empty for other steps. */
  readonly address: string;
  /** The beginning of the body that the shop answered; empty for other steps. */
  readonly body: string;
}

/** The answer of a step that was answered nothing. */
export const NO_ANSWER = 'no answer';

type Read = Pick<Step, 'state' | 'answer'> & Partial<Pick<Step, 'outcome'>>;

const PAGES: Readonly<Record<string, Read>> = {
  challenge: { state: 'pending', answer: 'challenge' },
  Erreur: { state: 'refused', answer: 'Erreur' },
  none: { state: 'unprocessed', answer: NO_ANSWER },
  card: { state: 'pending', answer: 'card' },
  'no-variables': { state: 'refused', answer: 'Erreur PAYBOX 3' },
  missing: { state: 'refused', answer: 'Erreur PAYBOX 4' },
  identification: { state: 'refused', answer: 'Accès refusé' },
  cancelled: { state: 'may-not-pay', answer: 'cancelled' },
};

/** The end of a checkout without a payment. An authentication can end with a time-out too. */
const CHECKOUT_TIMEOUT: Read = { state: 'may-not-pay', answer: 'timeout' };

function readPage(page: string): Read {
  const known = Object.hasOwn(PAGES, page) ? PAGES[page] : undefined;
  if (known) return known;
  const outcome = page as AuthenticationOutcome;
  return { state: outcomeEntry(outcome)?.mayPay ? 'may-pay' : 'may-not-pay', answer: page, outcome };
}

function readCall({ reply, findings }: Pick<NewJournalEntry, 'reply' | 'findings'>): Read {
  const isDelivered = !findings.some(({ rule }) => rule === 'result-undelivered');
  return { state: isDelivered ? 'delivered' : 'undelivered', answer: reply.HTTP === 'none' ? NO_ANSWER : `HTTP ${reply.HTTP}` };
}

/** The end of a subscription. */
const readAcknowledgement = (ACQ: string): Read => ({ state: ACQ === 'OK' ? 'may-pay' : 'refused', answer: ACQ });

/** An attempt to pay on the hosted page, by its response code. */
const readCode = (code: string): Read => ({ state: code === SUCCESS ? 'may-pay' : 'may-not-pay', answer: code });

const CALLS: ReadonlySet<string> = new Set<StepOperation>(['result', 'notification']);

function readAnswer({ operation, reply, findings }: Pick<NewJournalEntry, 'operation' | 'reply' | 'findings'>): Read {
  if (CALLS.has(operation)) return readCall({ reply, findings });
  const { ACQ, CODEREPONSE } = reply;
  if (ACQ !== undefined) return readAcknowledgement(ACQ);
  if (CODEREPONSE !== undefined) return readCode(CODEREPONSE);
  const page = reply['(page)'] ?? '';
  return operation === 'attempt' && page === 'timeout' ? CHECKOUT_TIMEOUT : readPage(page);
}

/** Reads the step that an entry describes. Undefined: the entry is a question, or a request that met no route. */
export function readStep(entry: Pick<NewJournalEntry, 'operation' | 'request' | 'reply' | 'findings'>): Step | undefined {
  const { operation, request, reply } = entry;
  if (!isStepOperation(operation)) return undefined;
  const sent = new Map(request);
  const address = sent.get('(address)') ?? '';
  return {
    operation,
    ...readAnswer(entry),
    ID3D: reply.ID3D ?? sent.get('ID3D') ?? '',
    checkout: reply['(checkout)'] ?? sent.get('(checkout)') ?? '',
    isByBrowser: address.startsWith('POST '),
    address,
    body: reply['(answer)'] ?? '',
  };
}
