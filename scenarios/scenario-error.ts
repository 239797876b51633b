import type { Position } from './yaml-source.js';

/** A mistake in a scenario file, and its position. */
export interface ScenarioProblem extends Position {
  readonly message: string;
}

/**
 * A file does not contain a valid scenario. The message lists every problem as `file:line:column: message`, or says why the file is not
 * a scenario file at all.
 */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly file: string;
  readonly problems: readonly ScenarioProblem[];

  constructor(
    file: string,
    problems: readonly ScenarioProblem[],
    message = problems.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'),
  ) {
    super(message);
    this.file = file;
    this.problems = problems;
  }
}
