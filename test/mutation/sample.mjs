// A checker of StrykerJS that lets a random sample of the mutants be tested: `SEED=7 MUTANTS=60 npm run mutation -- engine`.
// It refuses all others, so the report shows them as CompileError.
import { createHash } from 'node:crypto';

const { SEED = '1', MUTANTS = '60' } = process.env;

const rank = ({ fileName, location, mutatorName, replacement }) =>
  createHash('sha256')
    .update(JSON.stringify([SEED, fileName.slice(process.cwd().length), location, mutatorName, replacement]))
    .digest('hex');

class Sample {
  async init() {}

  /** Is called once, with all mutants that are not ignored. */
  async group(mutants) {
    const ranks = new Map(mutants.map((mutant) => [mutant.id, rank(mutant)]));
    const drawn = [...mutants].sort((a, b) => (ranks.get(a.id) < ranks.get(b.id) ? -1 : 1)).slice(0, Number(MUTANTS));
    this.drawn = new Set(drawn.map(({ id }) => id));
    return [mutants.map(({ id }) => id)];
  }

  async check(mutants) {
    return Object.fromEntries(
      mutants.map(({ id }) => [id, this.drawn.has(id) ? { status: 'passed' } : { status: 'compileError', reason: 'not in the sample' }]),
    );
  }
}

export const strykerPlugins = [{ kind: 'Checker', name: 'sample', injectableClass: Sample }];
