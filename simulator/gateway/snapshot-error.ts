import type { Problem } from '../../contracts/validate.js';

/** A value is not a snapshot, has another version, or holds something that a gateway cannot have. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
  /** Where the fault is; undefined: it is the whole document. */
  readonly problem: Problem | undefined;

  constructor(message: string, problem?: Problem) {
    super(message);
    this.problem = problem;
  }
}

/** Makes the error for a part of a snapshot that no gateway wrote. */
export function damagedSnapshot(path: readonly (string | number)[], message: string): SnapshotError {
  const text = `The snapshot is damaged: ${path.join('/')}: ${message}. Send back what GET /_sim/snapshot returned, unchanged.`;
  return new SnapshotError(text, { path: path.map(String), message });
}
