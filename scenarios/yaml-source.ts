import { type Document, isMap, isPair, isSeq, LineCounter, type Node, type ParsedNode, parseDocument, visit } from 'yaml';

/** A position in a file; line and column count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A text is not valid YAML. */
export class YamlError extends Error {
  override readonly name = 'YamlError';
  readonly position: Position;

  constructor(message: string, position: Position) {
    super(message);
    this.position = position;
  }
}

/** A parsed YAML document (JSON is YAML too) and the positions of its values. */
export interface YamlSource {
  /** The parsed value. A number that would be written differently (00105, 1.50) stays a string. */
  readonly value: unknown;
  /** Returns the position of the value at a path, or of its nearest parent that exists. */
  positionOf(path: readonly (string | number)[]): Position;
}

// YAML parses 00105 as the number 105 and rounds a 16-digit card number; on the wire every digit matters.
function keepNumbersAsWritten(document: Document.Parsed): void {
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'number' && scalar.source !== undefined && String(scalar.value) !== scalar.source)
        scalar.value = scalar.source;
    },
  });
}

function childOf(node: Node | null, part: string, isLast: boolean): Node | null {
  if (isSeq(node)) return (node.items[Number(part)] as Node | undefined) ?? null;
  if (!isMap(node)) return null;
  const pair = node.items.find((item) => isPair(item) && String((item.key as { value?: unknown }).value) === part);
  return pair ? ((isLast || pair.value === null ? pair.key : pair.value) as Node) : null;
}

function nodeAt(root: ParsedNode | null, path: readonly (string | number)[]): Node | null {
  let node: Node | null = root;
  for (const [index, part] of path.entries()) {
    const child = childOf(node, String(part), index === path.length - 1);
    if (!child) break;
    node = child;
  }
  return node;
}

/**
 * Parses YAML.
 *
 * @throws YamlError when the text is not valid YAML
 */
export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  // Pretty errors would repeat the position and an excerpt in the message.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const [syntaxError] = document.errors;
  if (syntaxError) throw new YamlError(syntaxError.message, positionAt(syntaxError.pos[0]));
  keepNumbersAsWritten(document);
  return {
    value: document.toJS(),
    positionOf: (path) => positionAt(nodeAt(document.contents, path)?.range?.[0] ?? 0),
  };
}
