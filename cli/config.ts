import { readFileSync } from 'node:fs';
import { type Document, isMap, isPair, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { SimulatorOptions } from '../simulator/index.js';
import { type Problem, problemsOf } from '../simulator/validate.js';
import { UserError } from './user-error.js';

/** What a configuration file may hold: everything of the simulator, and where to listen. */
export interface Config extends Pick<SimulatorOptions, 'db' | 'clock' | 'control' | 'accounts' | 'rules' | 'payments'> {
  readonly port?: number;
  readonly host?: string;
}

/** The node a path leads to, or the last one on its way. A wrong name is found at the name itself. */
function nodeAt(document: Document, path: readonly string[]): Node | null {
  let node = document.contents as Node | null;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && String((item.key as { value?: unknown }).value) === part);
      if (!pair) return node;
      if (part === path.at(-1) || pair.value === null) return pair.key as Node;
      node = pair.value as Node;
    } else if (isSeq(node)) {
      node = (node.items[Number(part)] as Node | undefined) ?? node;
    }
  }
  return node;
}

// YAML reads 00105 as the number 105; on the wire the zeros matter.
function keepLeadingZeros(document: Document): void {
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'number' && /^0\d+$/.test(scalar.source ?? '')) scalar.value = scalar.source;
    },
  });
}

function lineOf(document: Document, lines: LineCounter, { path }: Problem): string {
  const offset = nodeAt(document, path)?.range?.[0] ?? 0;
  const { line, col } = lines.linePos(offset);
  return `${line}:${col}`;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UserError(`Cannot read the configuration ${file}: ${(cause as Error).message}.`, { cause });
  }
}

/**
 * Reads a configuration file, YAML or JSON (which is YAML too).
 *
 * @throws UserError naming file, line and column of everything that is wrong
 */
export async function readConfig(file: string): Promise<Config> {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines });
  const [syntax] = document.errors;
  if (syntax)
    throw new UserError(`${file}:${syntax.linePos?.[0].line ?? 1}:${syntax.linePos?.[0].col ?? 1}: ${syntax.message.split('\n')[0]}`);
  keepLeadingZeros(document);
  const config = (document.toJS() ?? {}) as Config;
  const problems = await problemsOf('config', config);
  if (problems.length > 0) {
    const shown = problems.map(
      (problem) => `${file}:${lineOf(document, lines, problem)}: ${problem.path.join('.') || 'the file'}: ${problem.message}`,
    );
    throw new UserError(shown.join('\n'));
  }
  return config;
}
