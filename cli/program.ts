import addCompletion from '@bomb.sh/tab/commander';
import { Command, InvalidArgumentError, Option } from 'commander';
import { nearest } from '../scenarios/nearest.js';
import { SEVERITIES } from '../simulator/engine/finding.js';
import { VERSION } from '../simulator/version.js';
import type { CommandIo } from './command-io.js';
import type { CaBundleOptions, CaEnvOptions } from './commands/ca.js';
import type { CompareOptions } from './commands/compare.js';
import type { ExecOptions } from './commands/exec.js';
import type { FindingsOptions } from './commands/findings.js';
import type { RunCommandOptions } from './commands/run.js';
import type { SeedCommandOptions } from './commands/seed.js';
import type { ServeOptions } from './commands/serve.js';
import type { TableName } from './tables.js';
import { SHELL_NAMES } from './trust/shells.js';

/** Returns a parser of whole numbers for an option. */
function whole(name: string, max: number, min = 0): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value > max || value < min)
      throw new InvalidArgumentError(`${name} must be a whole number from ${min} to ${max}.`);
    return value;
  };
}

const TABLE_COMMANDS: readonly (readonly [name: TableName, description: string])[] = [
  ['operations', 'print the operations (TYPE)'],
  ['codes', 'print the response codes (CODEREPONSE)'],
  ['cards', 'print the test cards, and how to make a card return a code'],
  ['accounts', 'print the test accounts'],
  ['variants', 'print the variants: behaviour of the gateway on which the evidence disagrees or is silent'],
];

// Each command is loaded when it runs, so that printing a table does not load the server.
function withState(command: Command): Command {
  return command
    .option('--db <place>', 'where to store the state: a SQLite file or postgres://user@host/database (default: in memory, lost on exit)')
    .option('--config <file>', 'YAML or JSON file with accounts, rules, payments and options of serve')
    .option('--scenario <file>', 'set up the main gateway with the `given` of this scenario and the first row of its examples')
    .option('--clock <time>', "start time of the gateway's clock, ISO 8601; Paris time unless it has an offset")
    .option('--quiet', 'do not print a line for each request')
    .option('--json', 'print JSON lines');
}

const failOn = (): Option =>
  new Option('--fail-on <severity>', 'exit with status 1 if there is a finding of at least this severity').choices(SEVERITIES);

// Otherwise the default command would receive the word, and refuse it as an argument or refuse the options of the misspelled command.
function refuseUnknownCommand(program: Command): void {
  const [word = ''] = program.args;
  const names = program.commands.map((command) => command.name());
  if (word === '' || word.startsWith('-') || names.includes(word)) return;
  const near = nearest(word, names);
  const ofNpm = process.env.npm_lifecycle_event === 'start' ? '\nnpm passes options on only after --: npm start -- --port N.' : '';
  program.error(`error: unknown command ${word}${near === undefined ? '' : `; did you mean ${near}?`}${ofNpm}`);
}

function addServe(program: Command, io: CommandIo): void {
  withState(program.command('serve', { isDefault: true }))
    .description('start the gateway (the default command)')
    .option('-p, --port <port>', 'port; 0 picks a free one (default: 8888)', whole('A port', 65_535))
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--deployment <name>', 'processes with the same name and database apply their settings once')
    .option('--https', 'also serve HTTPS on the same port (see paybox-sim ca trust)')
    .option('--proxy', "also serve as HTTPS_PROXY of programs that call the gateway's own hosts; implies --https")
    .addOption(new Option('--control <who>', 'who may use the control API (default: loopback)').choices(['loopback', 'any']))
    .option('--control-host <name>', 'a further host name under which the control API may be called (may be repeated)', collect)
    .action(async ({ controlHost, ...options }: ServeOptions & { controlHost?: string[] }) => {
      const { serve } = await import('./commands/serve.js');
      await serve({ ...options, ...(controlHost && { controlHosts: controlHost }) }, io);
    });
}

function addExec(program: Command, io: CommandIo): void {
  withState(program.command('exec'))
    .description("run a program and route its requests to the gateway's own hosts to a simulator")
    .usage('[options] -- <program> [arguments...]')
    .argument('<program...>', 'the program and its arguments, after --')
    .showHelpAfterError('Write -- before the program: paybox-sim exec -- php -v.')
    .addOption(failOn())
    .action(async (command: string[], options: ExecOptions) => {
      const { exec } = await import('./commands/exec.js');
      await exec(command, options, io);
    });
}

function addCa(program: Command, io: CommandIo): void {
  const ca = program.command('ca').description('the certificate authority for --https, created on first use');
  ca.command('path')
    .description('print the path of its certificate')
    .action(async () => {
      const { caPath } = await import('./commands/ca.js');
      await caPath(io);
    });
  ca.command('bundle')
    .description('print the public authorities and this one, as PEM')
    .option('--into <file>', 'add this authority to a file with authorities, such as one that a program brings along, instead of printing')
    .action(async (options: CaBundleOptions) => {
      const { caBundle } = await import('./commands/ca.js');
      await caBundle(options, io);
    });
  ca.command('env')
    .description('print the environment variables that make programs trust it: eval "$(paybox-sim ca env)"')
    .option('--proxy <url>', 'also set this proxy: the URL of a simulator started with --proxy')
    .option('--folder <folder>', 'write the files of the variables to this folder, where other users can read them')
    .addOption(
      new Option('--shell <name>', 'the shell to print for')
        .choices(SHELL_NAMES)
        .default(process.platform === 'win32' ? 'powershell' : 'posix'),
    )
    .option('--json', 'as JSON')
    .action(async (options: CaEnvOptions) => {
      const { caEnv } = await import('./commands/ca.js');
      await caEnv(options, io);
    });
  ca.command('trust')
    .description('print how to make each runtime trust it')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => {
      const { caTrust } = await import('./commands/ca.js');
      await caTrust(options, io);
    });
}

function addSeed(program: Command, io: CommandIo): void {
  program
    .command('seed')
    .description('generate payments of the past days in a file, a database or a running simulator')
    .option('--payments <count>', 'number of payments', whole('--payments', 100_000), 1000)
    .option('--seed <number>', 'the same seed generates the same payments', whole('--seed', Number.MAX_SAFE_INTEGER), 42)
    .option('--days <count>', 'number of past days', whole('--days', 3650, 1), 30)
    .option('--db <place>', 'generate them in this SQLite file or PostgreSQL database')
    .option('--url <url>', 'generate them in the simulator at this URL', 'http://127.0.0.1:8888')
    .action(async (options: SeedCommandOptions) => {
      const { seedCommand } = await import('./commands/seed.js');
      await seedCommand(options, io);
    });
}

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

function withAccount(command: Command): Command {
  return command
    .option('--site <digits>', 'SITE of the account at the endpoint')
    .option('--rang <digits>', 'RANG')
    .option('--identifiant <digits>', 'IDENTIFIANT')
    .option('--cle <key>', 'CLE')
    .option('--hmac-key <hex>', 'HMAC key')
    .addOption(
      new Option('--protocol <version>', 'VERSION: 00103 if the account has no Direct Plus').choices(['00103', '00104']).default('00104'),
    );
}

function withRunOptions(command: Command): Command {
  return withAccount(command.option('--target <url>', 'URL of the endpoint, including its path (default: a simulator started for the run)'))
    .option('--tag <tag>', 'run only scenarios with this tag; repeatable, all tags must match', collect)
    .option('--safe', 'run only scenarios that may run on a shared real endpoint')
    .option('--integration <command>', 'the program that scenarios run as ${integration}')
    .option('--shop <url>', 'the web shop that scenarios visit as ${shop}')
    .option('--reference', 'run the example with the reference client as ${integration}')
    .option('--variants <which>', 'also run each scenario under other values of the variants: each, or NAME=VALUE; repeatable', collect)
    .option('--jobs <count>', 'number of cases to run concurrently', whole('--jobs', 1000), 8)
    .option('--watch', 'run again when a file changes')
    .addOption(new Option('--report <form>', 'report in this format').choices(['junit', 'json', 'tap', 'html', 'github']))
    .option('--out <file>', 'write the report to this file')
    .option('--record <file>', 'save the exchanges of the steps of scenarios, masked, for `compare`');
}

function addScenarios(program: Command, io: CommandIo): void {
  withRunOptions(
    program.command('run').description('run scenario files').argument('<paths...>', 'scenario files, or folders of them'),
  ).action(async (paths: string[], options: RunCommandOptions) => {
    const { run } = await import('./commands/run.js');
    await run(paths, options, io);
  });
  withRunOptions(program.command('verify').description('run the contract tests')).action(async (options: RunCommandOptions) => {
    const { verify } = await import('./commands/run.js');
    await verify(options, io);
  });
  withAccount(
    program
      .command('compare')
      .description('print the differences between the replies of two endpoints to the contract tests')
      .argument('<a>', 'a recording, a URL, or the word simulator')
      .argument('[b]', 'a recording, a URL, or the word simulator'),
  )
    .option('--learn', 'print the values of variants that <a> shows, and a block for the configuration')
    .option('--safe', 'run only scenarios that may run on a shared real endpoint')
    .option('--json', 'as JSON')
    .action(async (a: string, b: string | undefined, options: CompareOptions) => {
      const { compare } = await import('./commands/compare.js');
      await compare(a, b, options, io);
    });
}

function addFindings(program: Command, io: CommandIo): void {
  program
    .command('findings')
    .description('print the findings on the requests to a running simulator')
    .option('--url <url>', 'URL of the simulator: all its gateways; or of a session, …/s/NAME', 'http://127.0.0.1:8888')
    .addOption(failOn())
    .option('--allow-none', 'with --fail-on, succeed although no request was received')
    .option('--json', 'as JSON')
    .action(async (options: FindingsOptions) => {
      const { findings } = await import('./commands/findings.js');
      await findings(options, io);
    });
}

function addTables(program: Command, io: CommandIo): void {
  for (const [name, description] of TABLE_COMMANDS) {
    program
      .command(name)
      .description(description)
      .argument('[search]', 'print only what begins with this or has this name')
      .option('--json', 'as JSON')
      .option('--markdown', 'as a Markdown table')
      .action(async (search: string | undefined, options: { json?: boolean; markdown?: boolean }) => {
        const { printTable } = await import('./tables.js');
        printTable(name, search, options, io);
      });
  }
}

/**
 * Returns the command line of paybox-sim. Its parsing rejects with a CommanderError after help and after a mistake in the arguments.
 *
 * @param io where the commands print, and the exit status that they set. Default: this process
 */
export function makeProgram(io: CommandIo = process): Command {
  const program = new Command('paybox-sim')
    .description('A local Paybox Direct / Direct Plus gateway (Up2pay e-Transactions).')
    .version(VERSION)
    .showHelpAfterError('paybox-sim --help lists the commands, paybox-sim COMMAND --help their options.')
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: (text, write) => write(text),
    })
    .exitOverride()
    .hook('preSubcommand', refuseUnknownCommand);
  addServe(program, io);
  addExec(program, io);
  addCa(program, io);
  addScenarios(program, io);
  addFindings(program, io);
  addSeed(program, io);
  addTables(program, io);
  // Adds `complete SHELL`, which prints the script of a shell, and what that script calls.
  addCompletion(program);
  return program;
}
