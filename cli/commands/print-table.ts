import { TABLE_NOTES, TABLES, type TableName, toMarkdown, toObjects, toText } from '../tables.js';

/** Prints a table of the wire contract. */
export function printTable(name: TableName, { json = false, markdown = false }: { json?: boolean; markdown?: boolean }): void {
  const table = TABLES[name]();
  if (json) {
    process.stdout.write(`${JSON.stringify(toObjects(table), null, 2)}\n`);
    return;
  }
  const note = TABLE_NOTES[name];
  process.stdout.write(`${markdown ? toMarkdown(table) : toText(table)}\n${note === undefined ? '' : `\n${note}\n`}`);
}
