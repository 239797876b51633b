import { Command, InvalidArgumentError, Option } from 'commander';
import { VERSION } from '../simulator/version.js';
import type { CaEnvOptions } from './commands/ca.js';
import type { CompareOptions } from './commands/compare.js';
import type { ExecOptions } from './commands/exec.js';
import type { FindingsOptions } from './commands/findings.js';
import type { RunCommandOptions } from './commands/run.js';
import type { SeedCommandOptions } from './commands/seed.js';
import type { ServeOptions } from './commands/serve.js';
import type { TableName } from './tables.js';
import { SHELL_NAMES } from './trust/shells.js';

function whole(name: string, max: number, min = 0): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value > max || value < min)
      throw new InvalidArgumentError(`${name} is a whole number from ${min} to ${max}.`);
    return value;
  };
}

const TABLES: readonly (readonly [name: TableName, description: string])[] = [
  ['operations', 'print the operations (TYPE)'],
  ['codes', 'print the response codes (CODEREPONSE)'],
  ['cards', 'print the test cards and how a card asks for a code'],
  ['accounts', 'print the test accounts'],
];

// Commands load what they need when they run: printing a table starts no server.
function withState(command: Command): Command {
  return command
    .option('--db <place>', 'what keeps the state: a SQLite file or postgres://user@host/database (default: memory, gone at the end)')
    .option('--config <file>', 'YAML or JSON file: accounts, rules, payments and options of serve')
    .option('--scenario <file>', 'set the main gateway up as this scenario begins: its `given`, with the first row of its examples')
    .option('--clock <time>', "where the gateway's clock begins, ISO 8601, Paris unless it has an offset")
    .option('--quiet', 'print no line a request')
    .option('--json', 'print JSON lines');
}

const failOn = (): Option =>
  new Option('--fail-on <severity>', 'end with status 1 when there is a finding of this severity or a graver one').choices([
    'info',
    'warning',
    'error',
  ]);

function addServe(program: Command): void {
  withState(program.command('serve', { isDefault: true }))
    .description('start the gateway (what paybox-sim does by itself)')
    .option('-p, --port <port>', 'port; 0 picks a free one (default: 8888)', whole('A port', 65_535))
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--deployment <name>', 'processes started with the same name on one database apply their settings once')
    .option('--https', 'speak HTTPS on the same port too (paybox-sim ca trust says how its certificate is trusted)')
    .option('--proxy', "be the HTTPS_PROXY of programs that call the gateway's own hosts; implies --https")
    .addOption(new Option('--control <who>', 'who may use the control API (default: loopback)').choices(['loopback', 'any']))
    .action(async (options: ServeOptions) => {
      const { serve } = await import('./commands/serve.js');
      await serve(options);
    });
}

function addExec(program: Command): void {
  withState(program.command('exec'))
    .description("run a program whose calls to the gateway's own hosts come to a simulator")
    .usage('[options] -- <program> [arguments...]')
    .argument('<program...>', 'the program and its arguments, after --')
    .addOption(failOn())
    .action(async (command: string[], options: ExecOptions) => {
      const { exec } = await import('./commands/exec.js');
      await exec(command, options);
    });
}

function addCa(program: Command): void {
  const ca = program.command('ca').description('the certificate authority that signs for --https, made on first use');
  ca.command('path')
    .description('print the file with its certificate')
    .action(async () => {
      const { caPath } = await import('./commands/ca.js');
      await caPath();
    });
  ca.command('env')
    .description('print the variables that make programs trust it: eval "$(paybox-sim ca env)"')
    .option('--proxy <url>', 'the variables of a proxy too: the simulator started with --proxy')
    .addOption(
      new Option('--shell <name>', 'the shell they are for')
        .choices(SHELL_NAMES)
        .default(process.platform === 'win32' ? 'powershell' : 'posix'),
    )
    .option('--json', 'as JSON')
    .action(async (options: CaEnvOptions) => {
      const { caEnv } = await import('./commands/ca.js');
      await caEnv(options);
    });
  ca.command('trust')
    .description('print how each runtime comes to trust it')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => {
      const { caTrust } = await import('./commands/ca.js');
      await caTrust(options);
    });
}

function addSeed(program: Command): void {
  program
    .command('seed')
    .description('make up payments over past days, in a file, a database or a running simulator')
    .option('--payments <count>', 'how many', whole('--payments', 100_000), 1000)
    .option('--seed <number>', 'the same seed makes the same payments', whole('--seed', Number.MAX_SAFE_INTEGER), 42)
    .option('--days <count>', 'over how many past days', whole('--days', 3650), 30)
    .option('--db <place>', 'into this SQLite file or PostgreSQL database')
    .option('--url <url>', 'into the simulator that runs there', 'http://127.0.0.1:8888')
    .action(async (options: SeedCommandOptions) => {
      const { seedCommand } = await import('./commands/seed.js');
      await seedCommand(options);
    });
}

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

function withAccount(command: Command): Command {
  return command
    .option('--site <digits>', 'SITE of the account to use there')
    .option('--rang <digits>', 'RANG')
    .option('--identifiant <digits>', 'IDENTIFIANT')
    .option('--cle <key>', 'CLE')
    .option('--hmac-key <hex>', 'HMAC key')
    .addOption(
      new Option('--protocol <version>', 'VERSION: 00103 where the account has no Direct Plus')
        .choices(['00103', '00104'])
        .default('00104'),
    );
}

function withRunOptions(command: Command): Command {
  return withAccount(command.option('--target <url>', 'the endpoint to run against, with its path (default: a simulator started for it)'))
    .option('--tag <tag>', 'only scenarios with this tag; may be repeated', collect)
    .option('--safe', 'only what may run on a shared real endpoint')
    .option('--integration <command>', 'the program that scenarios start as ${integration} (default: one made with the reference client)')
    .option('--jobs <count>', 'cases at once', whole('--jobs', 1000), 8)
    .option('--watch', 'run again when a file changes')
    .addOption(new Option('--report <form>', 'report in this form').choices(['junit', 'json', 'tap', 'html', 'github']))
    .option('--out <file>', 'write the report to this file')
    .option('--record <file>', 'keep what was exchanged, masked, for `compare`');
}

function addScenarios(program: Command): void {
  withRunOptions(program.command('run').description('run scenario files').argument('<paths...>', 'files, or folders with such')).action(
    async (paths: string[], options: RunCommandOptions) => {
      const { run } = await import('./commands/run.js');
      await run(paths, options);
    },
  );
  withRunOptions(program.command('verify').description('run the contract tests')).action(async (options: RunCommandOptions) => {
    const { verify } = await import('./commands/run.js');
    await verify(options);
  });
  withAccount(
    program
      .command('compare')
      .description('show where two endpoints answer the contract tests differently')
      .argument('<a>', 'a recording, a URL, or the word simulator')
      .argument('<b>'),
  )
    .option('--safe', 'only what may run on a shared real endpoint')
    .option('--json', 'as JSON')
    .action(async (a: string, b: string, options: CompareOptions) => {
      const { compare } = await import('./commands/compare.js');
      await compare(a, b, options);
    });
}

function addFindings(program: Command): void {
  program
    .command('findings')
    .description('print what the requests to a running simulator did wrong')
    .option('--url <url>', 'the simulator', 'http://127.0.0.1:8888')
    .addOption(failOn())
    .option('--json', 'as JSON')
    .action(async (options: FindingsOptions) => {
      const { findings } = await import('./commands/findings.js');
      await findings(options);
    });
}

function addTables(program: Command): void {
  for (const [name, description] of TABLES) {
    program
      .command(name)
      .description(description)
      .option('--json', 'as JSON')
      .option('--markdown', 'as a Markdown table')
      .action(async (options: { json?: boolean; markdown?: boolean }) => {
        const { printTable } = await import('./commands/print-table.js');
        printTable(name, options);
      });
  }
}

/** The command line of paybox-sim. */
export function makeProgram(): Command {
  const program = new Command('paybox-sim')
    .description('A local Paybox Direct / Direct Plus gateway (Up2pay e-Transactions).')
    .version(VERSION)
    .showHelpAfterError('paybox-sim --help lists the commands, paybox-sim COMMAND --help their options.')
    .configureOutput({ outputError: (text, write) => write(text) })
    .exitOverride((error) => {
      process.exit(error.exitCode === 0 ? 0 : 2);
    });
  addServe(program);
  addExec(program);
  addCa(program);
  addScenarios(program);
  addFindings(program);
  addSeed(program);
  addTables(program);
  return program;
}
