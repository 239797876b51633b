import type { Attempt, Statement } from './attempt.js';
import type { Trial } from './laws.js';
import type { ObservedQuestion, Totals } from './observation.js';

const SHOWN = ['MONTANT', 'REFERENCE', 'NUMTRANS'];

function questionLine(question: ObservedQuestion): string {
  const sent = question.request.filter(([name]) => SHOWN.includes(name)).map(([name, value]) => `${name}=${value}`);
  const staged = question.findings.find(({ rule }) => rule === 'fault-staged' || rule === 'outcome-forced');
  const name = question.operation || question.TYPE || 'no operation';
  // The code is the one that it would have got.
  const answer = staged?.message.includes('not processed') ? '(not processed)' : question.CODEREPONSE;
  return `  ${[name, ...sent].join(' ')} → ${answer}${staged ? `   ⚡ ${staged.message}` : ''}`;
}

const ENDINGS: Readonly<Record<Statement['ending'], string>> = {
  normal: '',
  crash: ' (it crashed)',
  killed: ' (it was killed)',
  late: ' (it exceeded its time limit)',
};

const statementLine = ({ task, text, ending }: Statement): string =>
  `  ${task === 'other' ? 'the program' : task} says: ${text.trim().split('\n').slice(-3).join(' / ') || 'nothing'}${ENDINGS[ending]}`;

function attemptLines(title: string, questions: readonly ObservedQuestion[], { statements }: Attempt): string[] {
  return [title, ...questions.map(questionLine), ...statements.map(statementLine)];
}

/** Returns what happened in a run, line by line: the questions with their faults, what the program said, and the books at the end. */
export function runTimeline(
  { first, afterFirst, second, atEnd }: Trial,
  { payments, captured, refunded, credited, open }: Totals,
): string[] {
  const later = atEnd.questions.slice(afterFirst.questions.length);
  const sums = Object.entries({ captured, refunded, credited, authorized: open }).filter(([, sum]) => sum > 0);
  return [
    ...attemptLines('the gateway receives', afterFirst.questions, first),
    ...(second ? attemptLines('the faults are gone; again', later, second) : []),
    `the books: ${payments} captured ${payments === 1 ? 'payment' : 'payments'}${sums.map(([name, sum]) => `, ${name} ${sum}`).join('')}`,
  ];
}
