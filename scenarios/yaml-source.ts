import { type Document, isMap, isPair, isSeq, LineCounter, type Node, type ParsedNode, parseDocument, visit } from 'yaml';

/** A place in a file, counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A text that is no YAML. */
export class YamlError extends Error {
  override readonly name = 'YamlError';
  readonly place: Place;

  constructor(message: string, place: Place) {
    super(message);
    this.place = place;
  }
}

/** A YAML text (or JSON, which is YAML too) that knows where each of its values stands. */
export interface YamlSource {
  /** What the text says; numbers that would be written otherwise (00105, 1.50) are kept as texts. */
  readonly value: unknown;
  /** Where the value at a path stands; of one that is missing, the nearest there is. */
  placeOf(path: readonly (string | number)[]): Place;
}

// YAML reads 00105 as the number 105, and rounds a card number of many nines; on the wire every digit matters.
function keepAsWritten(document: Document.Parsed): void {
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
 * Reads YAML.
 *
 * @throws YamlError when it is none
 */
export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [syntax] = document.errors;
  if (syntax) {
    const at = syntax.linePos?.[0];
    throw new YamlError(syntax.message.split('\n')[0] ?? syntax.message, { line: at?.line ?? 1, column: at?.col ?? 1 });
  }
  keepAsWritten(document);
  return {
    value: document.toJS(),
    placeOf: (path) => {
      const { line, col } = lines.linePos(nodeAt(document.contents, path)?.range?.[0] ?? 0);
      return { line: Math.max(line, 1), column: Math.max(col, 1) };
    },
  };
}
