import {
  AUTHENTICATION_CARDS,
  magicAmount,
  magicCard,
  OPERATIONS,
  RESPONSE_CODES,
  TEST_ACCOUNTS,
  TEST_CARDS,
  VARIANTS,
} from '../contracts/index.js';
import { nearest } from '../contracts/nearest.js';
import type { CommandIo } from './command-io.js';
import { currentLanguage, messages, translated } from './messages/index.js';
import { UserError } from './user-error.js';

/** A table to print as text, Markdown or JSON. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The rows of the tables of the wire contract. */
const ROWS = {
  operations: () => {
    const language = currentLanguage();
    return OPERATIONS.map(({ TYPE, title, name, takes, evidence }) => [TYPE, title[language], name, takes.join(' '), evidence]);
  },
  codes: () => {
    const { yes } = messages().tables;
    const language = currentLanguage();
    return RESPONSE_CODES.map(({ code, meaning, retryable, evidence }) => [
      code,
      meaning[language],
      meaning.fr,
      retryable ? yes : '',
      evidence,
    ]);
  },
  cards: () => {
    const { magic, magicCapture, magicRefund } = messages().tables;
    return [
      ...TEST_CARDS.map(({ PORTEUR, CVV, note, TYPECARTE, PAYS, evidence }) => [
        PORTEUR,
        CVV,
        translated('notes', note),
        TYPECARTE,
        PAYS,
        evidence,
      ]),
      [magicCard('00105'), '123', magic('00105'), 'CB', '???', 'I'],
      [magicCard('00151'), '123', magic('00151'), 'CB', '???', 'I'],
      [magicCard('00105', '00002'), '123', magicCapture('00105'), 'CB', '???', 'I'],
      [magicCard('00003', '00014'), '123', magicRefund('00003'), 'CB', '???', 'I'],
    ];
  },
  accounts: () =>
    TEST_ACCOUNTS.map(({ SITE, RANG, IDENTIFIANT, CLE, hmacKey, note, evidence }) => [
      SITE,
      RANG,
      IDENTIFIANT,
      CLE,
      hmacKey === '' ? '' : '0123456789ABCDEF × 8',
      translated('notes', note),
      evidence,
    ]),
  variants: () => {
    const texts = messages().tables;
    const language = currentLanguage();
    return VARIANTS.flatMap(({ name, meaning, operations, values: [standard, ...others] }) => {
      const types = operations.length === OPERATIONS.length ? texts.all : operations.join(' ');
      const behaviour = `${meaning[language]}${messages().colon}${standard.meaning[language]}`;
      return [
        [name, types, `${standard.value} (${texts.default})`, behaviour, standard.evidence],
        ...others.map(({ value, meaning: other, evidence }) => ['', '', value, other[language], evidence]),
      ];
    });
  },
} as const satisfies Record<string, () => string[][]>;

/** A second table that a command prints below the first. */
export interface MoreTable {
  readonly title: string;
  readonly table: Table;
}

/** The second tables, in the language of the messages. */
export const MORE_TABLES: Readonly<Partial<Record<TableName, () => MoreTable>>> = {
  cards: () => {
    const { authenticationCards, heads, yes } = messages().tables;
    const rows = AUTHENTICATION_CARDS.map(({ PORTEUR, meaning, hasChallenge, outcome }) => [
      PORTEUR,
      '123',
      meaning[currentLanguage()],
      hasChallenge ? yes : '',
      outcome,
      'I',
    ]);
    return { title: authenticationCards, table: { head: heads.authenticationCards, rows } };
  },
};

/** Name of a table. */
export type TableName = keyof typeof ROWS;

/** The names of the tables of the wire contract. */
export const TABLE_NAMES = Object.keys(ROWS) as readonly TableName[];

/** Returns a table of the wire contract, in the language of the messages. */
export const tableNamed = (name: TableName): Table => ({ head: messages().tables.heads[name], rows: ROWS[name]() });

/** Returns the note to print below a table, if it has one. */
export function noteOf(name: TableName): string | undefined {
  const { cardsNote, variantsNote } = messages().tables;
  const notes: Readonly<Partial<Record<TableName, string>>> = { cards: cardsNote(String(magicAmount('00105'))), variants: variantsNote };
  return notes[name];
}

/** Formats a table in columns for a terminal. */
export function toText({ head, rows }: Table): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Formats a table in Markdown. */
export function toMarkdown({ head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Converts the rows of a table to objects, keyed by column. */
function toObjects({ head, rows }: Table): Record<string, string>[] {
  return rows.map((row) => Object.fromEntries(head.map((name, column) => [name, row[column] ?? ''])));
}

/** What `--json` prints for a table whose cells are made for reading. */
const JSON_VALUES: Readonly<Partial<Record<TableName, unknown>>> = { variants: VARIANTS };

/**
 * Whether a row is about what the user searches: the beginning of its first cell, a number without its zeros, or a cell in full.
 * A card may be abbreviated: `4012…`.
 */
function isAbout(row: readonly string[], search: string): boolean {
  const [first = ''] = row;
  const start = search.replace(/(…|\.{3}|\*)$/, '');
  return first.startsWith(start) || (/^\d{1,5}$/.test(search) && first === search.padStart(5, '0')) || row.includes(search);
}

function rowsAbout(table: Table, search: string): Table {
  let isNamedFound = false;
  const rows = table.rows.filter((row) => {
    // A row without a name continues the row above.
    if (row[0] !== '') isNamedFound = isAbout(row, search);
    return isNamedFound || row.includes(search);
  });
  return { ...table, rows };
}

/** @throws UserError when no row is about it */
function onlyAbout(tables: readonly Table[], name: TableName, search: string): readonly Table[] {
  const found = tables.map((table) => rowsAbout(table, search)).filter(({ rows }) => rows.length > 0);
  if (found.length > 0) return found;
  const near = nearest(
    search,
    tables.flatMap(({ rows }) => rows.flatMap((row) => row.slice(0, 3))),
  );
  throw new UserError(messages().tables.notFound(search, name, near));
}

/**
 * Prints a table of the wire contract, or the rows about one thing.
 *
 * @param search a code, a card, an account, a variant, or a TYPE or name of an operation
 * @throws UserError when the table has nothing about it
 */
export function printTable(
  name: TableName,
  search: string | undefined,
  { json = false, markdown = false }: { json?: boolean; markdown?: boolean },
  io: CommandIo,
): void {
  const more = MORE_TABLES[name]?.();
  const all: readonly Table[] = [tableNamed(name), ...(more ? [more.table] : [])];
  const tables = search === undefined ? all : onlyAbout(all, name, search);
  if (json) {
    const whole = search === undefined ? JSON_VALUES[name] : undefined;
    io.stdout.write(`${JSON.stringify(whole ?? tables.flatMap(toObjects), null, 2)}\n`);
    return;
  }
  const [first = '', ...others] = tables.map(markdown ? toMarkdown : toText);
  const note = search === undefined ? noteOf(name) : undefined;
  const title = search === undefined ? more?.title : undefined;
  const parts = [first, ...(note === undefined ? [] : [note]), ...(title === undefined ? [] : [title]), ...others];
  io.stdout.write(`${parts.join('\n\n')}\n`);
}
