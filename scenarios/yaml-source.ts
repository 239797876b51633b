import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  visit,
} from 'yaml';

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

/** How many values aliases may add to a document. */
const MAX_ALIASED = 10_000;

/** An alias that cannot be replaced by what it refers to. */
class AliasError extends Error {
  readonly offset: number;

  constructor(message: string, node: Node) {
    super(message);
    this.offset = node.range?.[0] ?? 0;
  }
}

/** Checks that each alias refers to an anchor before it, and that the document stays small when all are replaced. */
class AliasCheck {
  /** The number of values below each anchor; undefined: its value is not complete yet. */
  readonly #sizes = new Map<string, number | undefined>();
  #added = 0;

  /**
   * Returns the number of values of a node, with its aliases replaced.
   *
   * @throws AliasError
   */
  sizeOf(node: unknown): number {
    if (isPair(node)) return this.sizeOf(node.key) + this.sizeOf(node.value);
    if (isAlias(node)) return this.#sizeOfAlias(node, node.source);
    const anchor = (node as { readonly anchor?: string } | null)?.anchor;
    if (anchor !== undefined) this.#sizes.set(anchor, undefined);
    let size = 1;
    if (isCollection(node)) for (const item of node.items) size += this.sizeOf(item);
    if (anchor !== undefined) this.#sizes.set(anchor, size);
    return size;
  }

  #sizeOfAlias(node: Node, name: string): number {
    if (!this.#sizes.has(name)) throw new AliasError(`the alias *${name} has no anchor &${name} before it`, node);
    const size = this.#sizes.get(name);
    if (size === undefined) throw new AliasError(`the alias *${name} is a part of the value that it refers to`, node);
    this.#added += size;
    if (this.#added > MAX_ALIASED) throw new AliasError(`the aliases up to *${name} add more than ${MAX_ALIASED} values`, node);
    return size;
  }
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
  if (syntaxError) {
    // The parser is recursive.
    const isTooDeep = syntaxError.message.startsWith('Maximum call stack size');
    throw new YamlError(isTooDeep ? 'the values are nested too deeply' : syntaxError.message, positionAt(syntaxError.pos[0]));
  }
  try {
    new AliasCheck().sizeOf(document.contents);
  } catch (error) {
    if (!(error instanceof AliasError)) throw error;
    throw new YamlError(error.message, positionAt(error.offset));
  }
  keepNumbersAsWritten(document);
  return {
    // The aliases were counted above.
    value: document.toJS({ maxAliasCount: -1 }),
    positionOf: (path) => positionAt(nodeAt(document.contents, path)?.range?.[0] ?? 0),
  };
}
