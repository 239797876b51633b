import type { Command } from 'commander';
import { makeProgram } from '../../cli/program.js';
import { MORE_TABLES, noteOf, TABLE_NAMES, type Table, tableNamed, toMarkdown } from '../../cli/tables.js';
import { OPERATIONS, RESPONSE_CODES } from '../../contracts/index.js';
import { CONTROL_ROUTES } from '../../simulator/control/routes/index.js';
import { makeAccount } from '../../simulator/engine/account.js';
import { FINDING_RULES } from '../../simulator/engine/finding.js';
import { SCHEMAS } from '../../simulator/schemas/schemas.js';

const code = (text: string): string => `\`${text}\``;

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'number',
  number: 'number',
  array: 'list',
  object: 'object',
  boolean: '`true`, `false`',
};

function valuesOf({ type, enum: values }: Schema): string {
  if (values === undefined) return TYPES[type ?? ''] ?? 'see the schema';
  return values.length >= RESPONSE_CODES.length ? 'a response code' : values.map((value) => code(String(value))).join(', ');
}

const propertiesOf = ({ properties = {} }: Schema): [string, Schema][] => Object.entries(properties);

function settingsTable(schema: Schema): Table {
  const { required = [] } = schema;
  const column = (text: string): string[] => (required.length > 0 ? [text] : []);
  return {
    head: ['key', 'value', ...column('required'), 'meaning'],
    rows: propertiesOf(schema).map(([name, setting]) => [
      code(name),
      valuesOf(setting),
      ...column(required.includes(name) ? 'yes' : ''),
      setting.description ?? '',
    ]),
  };
}

// The default of `auth` depends on the account's keys.
const DEFAULTS: Readonly<Record<string, unknown>> = { ...makeAccount({ SITE: '1', RANG: '1' }), auth: undefined };

const VARIANT_DEFAULTS = 'the defaults of [Variants](tables.md#variants)';

function defaultOf(name: string): string {
  if (name === 'variants') return VARIANT_DEFAULTS;
  const value = DEFAULTS[name];
  const isEmpty = value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  return isEmpty || value === undefined ? '' : code(String(value));
}

const accountSettings = (): Table => ({
  head: ['setting', 'value', 'default', 'meaning'],
  rows: propertiesOf(SCHEMAS.accountChange).map(([name, setting]) => [
    code(name),
    valuesOf(setting),
    defaultOf(name),
    setting.description ?? '',
  ]),
});

const PROGRAM = makeProgram();
const HELP = PROGRAM.createHelp();

const commandsOf = (command: Command): Command[] => HELP.visibleCommands(command).filter((each) => each.name() !== 'help');

const commandTable = (command: Command): Table => ({
  head: ['command', 'what it does'],
  rows: commandsOf(command).map((each) => [code(each.name()), HELP.subcommandDescription(each)]),
});

const optionTable = (command: Command): Table => ({
  head: ['option', 'meaning'],
  rows: HELP.visibleOptions(command)
    .filter(({ long }) => long !== '--help')
    .map((option) => [code(option.flags), HELP.optionDescription(option)]),
});

/** Returns a table of the options of a command, or of its subcommands if it has some. */
function optionsOf(words: string): Table {
  let command = PROGRAM;
  // The name of a command may have a hyphen itself.
  const path = commandsOf(PROGRAM).some((each) => each.name() === words) ? [words] : words.split('-');
  for (const word of path) {
    const next = commandsOf(command).find((each) => each.name() === word);
    if (!next) throw new Error(`options-${words}: paybox-sim has no command ${word}.`);
    command = next;
  }
  return commandsOf(command).length > 0 ? commandTable(command) : optionTable(command);
}

const OTHER_TABLES: Readonly<Record<string, () => Table>> = {
  control: () => ({
    head: ['route', 'what it does'],
    rows: CONTROL_ROUTES.map(({ method, path, summary }) => [code(`${method.toUpperCase()} /_sim${path}`), summary]),
  }),
  findings: () => ({
    head: ['rule', 'severity', 'remedy', 'protocol'],
    rows: Object.entries(FINDING_RULES).map(([rule, { severity, remedy, source }]) => [
      code(rule),
      severity,
      remedy,
      `[sheet](${source.replace('docs/', '')})`,
    ]),
  }),
  'operations-fr': () => ({
    head: ['TYPE', 'opération', 'nom dans le code', 'exige', 'preuve'],
    rows: OPERATIONS.map(({ TYPE, title, name, takes, evidence }) => [
      TYPE,
      title.fr.replaceAll("'", '’'),
      name,
      takes.join(' '),
      evidence,
    ]),
  }),
  'authentication-cards': () => MORE_TABLES.cards?.().table ?? { head: [], rows: [] },
  commands: () => commandTable(PROGRAM),
  config: () => settingsTable(SCHEMAS.config),
  rule: () => settingsTable(SCHEMAS.rule),
  payment: () => settingsTable(SCHEMAS.payment),
  'account-settings': accountSettings,
};

/** Commands whose options the docs do not list: `verify` has those of `run`, the commands that print a table have the same, `complete` has none. */
const SHARES_OPTIONS: readonly string[] = ['verify', 'codes', 'cards', 'accounts', 'variants', 'complete'];

/** Tables that the docs must show, so that they are complete. */
export const REQUIRED_TABLES: readonly string[] = [
  ...TABLE_NAMES,
  ...Object.keys(OTHER_TABLES),
  ...commandsOf(PROGRAM)
    .map((command) => command.name())
    .filter((name) => !SHARES_OPTIONS.includes(name))
    .map((name) => `options-${name}`),
  'options-ca-env',
];

/**
 * Generates the Markdown table for the docs between `<!-- table: NAME -->` and `<!-- end -->`.
 *
 * @throws Error when there is no table of this name
 */
export function docsTable(name: string): string {
  if (name.startsWith('options-')) return toMarkdown(optionsOf(name.slice('options-'.length)));
  const other = OTHER_TABLES[name];
  if (other) return toMarkdown(other());
  const known = TABLE_NAMES.find((one) => one === name);
  if (!known) throw new Error(`<!-- table: ${name} -->: there is no table of this name.`);
  const note = noteOf(known);
  return toMarkdown(tableNamed(known)) + (note === undefined ? '' : `\n\n${note}`);
}
