import addCompletion from '@bomb.sh/tab/commander';
import { Command, Help, InvalidArgumentError, Option } from 'commander';
import { nearest } from '../contracts/nearest.js';
import { READY_FLOW_NAMES } from '../scenarios/explore/ready-flow-names.js';
import { SEVERITIES } from '../simulator/engine/finding.js';
import { LANGUAGES, type Language } from '../simulator/pages/language.js';
import { VERSION } from '../simulator/version.js';
import type { CommandIo } from './command-io.js';
import type { CaBundleOptions, CaEnvOptions } from './commands/ca.js';
import type { CompareOptions } from './commands/compare.js';
import type { ExecOptions } from './commands/exec.js';
import type { ExploreCommandOptions } from './commands/explore.js';
import type { FindingsOptions } from './commands/findings.js';
import type { PublicKeyOptions } from './commands/public-key.js';
import type { RunCommandOptions } from './commands/run.js';
import type { SeedCommandOptions } from './commands/seed.js';
import type { ServeOptions } from './commands/serve.js';
import { messages, translated, useLanguage } from './messages/index.js';
import { TABLE_NAMES } from './tables.js';
import { SHELL_NAMES } from './trust/shells.js';

/** Returns a parser of whole numbers for an option. */
function whole(name: string, max: number, min = 0): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value > max || value < min) throw new InvalidArgumentError(messages().help.wholeNumber(name, min, max));
    return value;
  };
}

/** Reads a duration in seconds (`60`, `60s`) or minutes (`5m`) as milliseconds. */
function readDuration(text: string): number {
  const [, number = '', unit = 's'] = /^(\d{1,5})(s|m)?$/.exec(text) ?? [];
  if (number === '') throw new InvalidArgumentError(messages().explore.duration);
  return Number(number) * (unit === 'm' ? 60_000 : 1000);
}

/** Reads a regular expression that ignores case, over lines. */
function readPattern(text: string): RegExp {
  try {
    return new RegExp(text, 'im');
  } catch (cause) {
    throw new InvalidArgumentError((cause as Error).message);
  }
}

const commandTexts = () => messages().help.commands;
const optionTexts = () => messages().help.options;

const signingKey = (): Option => new Option('--signing-key <file>', optionTexts().signingKey);

// Each command is loaded when it runs, so that printing a table does not load the server.
function withState(command: Command): Command {
  return command
    .option('--db <place>', optionTexts().db)
    .option('--config <file>', optionTexts().config)
    .option('--scenario <file>', optionTexts().scenario)
    .option('--clock <time>', optionTexts().clock)
    .addOption(signingKey())
    .option('--quiet', optionTexts().quiet)
    .option('--json', optionTexts().jsonLines);
}

const failOn = (): Option => new Option('--fail-on <severity>', optionTexts().failOn).choices(SEVERITIES);

// Otherwise the default command would receive the word, and refuse it as an argument or refuse the options of the misspelled command.
function refuseUnknownCommand(program: Command): void {
  const [word = ''] = program.args;
  const names = program.commands.map((command) => command.name());
  if (word === '' || word.startsWith('-') || names.includes(word)) return;
  const { help } = messages();
  const ofNpm = process.env.npm_lifecycle_event === 'start' ? `\n${help.npmOptions}` : '';
  program.error(`${help.unknownCommand(word, nearest(word, names))}${ofNpm}`);
}

function addServe(program: Command, io: CommandIo): void {
  withState(program.command('serve', { isDefault: true }))
    .description(commandTexts().serve)
    .option('-p, --port <port>', optionTexts().port, whole(messages().help.port, 65_535))
    .option('--host <address>', optionTexts().host)
    .option('--deployment <name>', optionTexts().deployment)
    .option('--https', optionTexts().https)
    .option('--proxy', optionTexts().proxy)
    .addOption(new Option('--control <who>', optionTexts().control).choices(['loopback', 'any']))
    .option('--control-host <name>', optionTexts().controlHost, collect)
    .action(async ({ controlHost, ...options }: ServeOptions & { controlHost?: string[] }) => {
      const { serve } = await import('./commands/serve.js');
      await serve({ ...options, ...(controlHost && { controlHosts: controlHost }) }, io);
    });
}

function addExec(program: Command, io: CommandIo): void {
  withState(program.command('exec'))
    .description(commandTexts().exec)
    .usage(messages().help.execUsage)
    .argument('<program...>', optionTexts().program)
    .showHelpAfterError(messages().help.execAfterError)
    .addOption(failOn())
    .action(async (command: string[], options: ExecOptions) => {
      const { exec } = await import('./commands/exec.js');
      await exec(command, options, io);
    });
}

function addCa(program: Command, io: CommandIo): void {
  const ca = program.command('ca').description(commandTexts().ca);
  ca.command('path')
    .description(commandTexts().caPath)
    .action(async () => {
      const { caPath } = await import('./commands/ca.js');
      await caPath(io);
    });
  ca.command('bundle')
    .description(commandTexts().caBundle)
    .option('--into <file>', optionTexts().into)
    .action(async (options: CaBundleOptions) => {
      const { caBundle } = await import('./commands/ca.js');
      await caBundle(options, io);
    });
  ca.command('env')
    .description(commandTexts().caEnv)
    .option('--proxy <url>', optionTexts().caProxy)
    .option('--folder <folder>', optionTexts().folder)
    .addOption(
      new Option('--shell <name>', optionTexts().shell).choices(SHELL_NAMES).default(process.platform === 'win32' ? 'powershell' : 'posix'),
    )
    .option('--json', optionTexts().json)
    .action(async (options: CaEnvOptions) => {
      const { caEnv } = await import('./commands/ca.js');
      await caEnv(options, io);
    });
  ca.command('trust')
    .description(commandTexts().caTrust)
    .option('--json', optionTexts().json)
    .action(async (options: { json?: boolean }) => {
      const { caTrust } = await import('./commands/ca.js');
      await caTrust(options, io);
    });
}

function addSeed(program: Command, io: CommandIo): void {
  program
    .command('seed')
    .description(commandTexts().seed)
    .option('--payments <count>', optionTexts().payments, whole('--payments', 100_000), 1000)
    .option('--seed <number>', optionTexts().seed, whole('--seed', Number.MAX_SAFE_INTEGER), 42)
    .option('--days <count>', optionTexts().days, whole('--days', 3650, 1), 30)
    .option('--db <place>', optionTexts().seedDb)
    .option('--url <url>', optionTexts().seedUrl, 'http://127.0.0.1:8888')
    .action(async (options: SeedCommandOptions) => {
      const { seedCommand } = await import('./commands/seed.js');
      await seedCommand(options, io);
    });
}

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

function withAccount(command: Command): Command {
  return command
    .option('--site <digits>', optionTexts().site)
    .option('--rang <digits>', 'RANG')
    .option('--identifiant <digits>', 'IDENTIFIANT')
    .option('--cle <key>', 'CLE')
    .option('--hmac-key <hex>', optionTexts().hmacKey)
    .addOption(new Option('--protocol <version>', optionTexts().protocol).choices(['00103', '00104']).default('00104'));
}

function withRunOptions(command: Command): Command {
  return withAccount(command.option('--target <url>', optionTexts().target))
    .option('--tag <tag>', optionTexts().tag, collect)
    .option('--safe', optionTexts().safe)
    .option('--integration <command>', optionTexts().integration)
    .option('--shop <url>', optionTexts().shop)
    .option('--reference', optionTexts().reference)
    .option('--variants <which>', optionTexts().variants, collect)
    .addOption(signingKey())
    .option('--jobs <count>', optionTexts().jobs, whole('--jobs', 1000), 8)
    .option('--watch', optionTexts().watch)
    .addOption(new Option('--report <form>', optionTexts().report).choices(['junit', 'json', 'tap', 'html', 'github']))
    .option('--out <file>', optionTexts().out)
    .option('--record <file>', optionTexts().record);
}

function addScenarios(program: Command, io: CommandIo): void {
  withRunOptions(program.command('run').description(commandTexts().run).argument('<paths...>', optionTexts().paths)).action(
    async (paths: string[], options: RunCommandOptions) => {
      const { run } = await import('./commands/run.js');
      await run(paths, options, io);
    },
  );
  withRunOptions(program.command('verify').description(commandTexts().verify)).action(async (options: RunCommandOptions) => {
    const { verify } = await import('./commands/run.js');
    await verify(options, io);
  });
  withAccount(
    program
      .command('compare')
      .description(commandTexts().compare)
      .argument('<a>', optionTexts().endpoint)
      .argument('[b]', optionTexts().endpoint),
  )
    .option('--learn', optionTexts().learn)
    .option('--safe', optionTexts().safe)
    .option('--json', optionTexts().json)
    .action(async (a: string, b: string | undefined, options: CompareOptions) => {
      const { compare } = await import('./commands/compare.js');
      await compare(a, b, options, io);
    });
}

function addExplore(program: Command, io: CommandIo): void {
  const texts = optionTexts();
  program
    .command('explore')
    .description(commandTexts().explore)
    .argument('[scenario]', texts.flowFile)
    .option('--pay <command>', texts.payCommand)
    .option('--authorize <command>', texts.authorizeCommand)
    .option('--capture <command>', texts.captureCommand)
    .option('--cancel <command>', texts.cancelCommand)
    .option('--refund <command>', texts.refundCommand)
    .option('--recover <command>', texts.recoverCommand)
    .option('--integration <command>', texts.exploreIntegration)
    .option('--reference', texts.reference)
    .option('--shop <url>', texts.shop)
    .option('--says-paid <pattern>', texts.saysPaid, readPattern)
    .option('--says-refused <pattern>', texts.saysRefused, readPattern)
    .addOption(new Option('--flow <name>', texts.flowName).choices(READY_FLOW_NAMES))
    .option('--amount <cents>', texts.amount, whole('--amount', 9_999_999, 1))
    .option('--refund-amount <cents>', texts.refundAmount, whole('--refund-amount', 9_999_999, 1))
    .option('--depth <count>', texts.depth, whole('--depth', 5, 1), 2)
    .option('--budget <time>', texts.budget, readDuration)
    .option('--jobs <count>', texts.jobs, whole('--jobs', 1000, 1), 2)
    .option('--seed <number>', texts.exploreSeed, whole('--seed', 2_147_483_647), 1)
    .option('--workers <count>', texts.workers, whole('--workers', 2, 1), 1)
    .option('--kind <name>', texts.kind, collect)
    .option('--strict', texts.strict)
    .option('--bail', texts.bail)
    .option('--resume <file>', texts.resume)
    .option('--out <folder>', texts.exploreOut, 'explored')
    .addOption(new Option('--report <form>', texts.report).choices(['junit', 'json', 'html', 'github']))
    .option('--report-file <file>', texts.out)
    .action(async (file: string | undefined, options: ExploreCommandOptions) => {
      const { exploreCommand } = await import('./commands/explore.js');
      await exploreCommand(file, options, io);
    });
}

function addFindings(program: Command, io: CommandIo): void {
  program
    .command('findings')
    .description(commandTexts().findings)
    .option('--url <url>', optionTexts().findingsUrl, 'http://127.0.0.1:8888')
    .addOption(failOn())
    .option('--allow-none', optionTexts().allowNone)
    .option('--json', optionTexts().json)
    .action(async (options: FindingsOptions) => {
      const { findings } = await import('./commands/findings.js');
      await findings(options, io);
    });
}

function addPublicKey(program: Command, io: CommandIo): void {
  program
    .command('public-key')
    .description(commandTexts()['public-key'])
    .addOption(signingKey())
    .action(async (options: PublicKeyOptions) => {
      const { publicKey } = await import('./commands/public-key.js');
      await publicKey(options, io);
    });
}

function addTables(program: Command, io: CommandIo): void {
  for (const name of TABLE_NAMES) {
    program
      .command(name)
      .description(commandTexts()[name])
      .argument('[search]', optionTexts().search)
      .option('--json', optionTexts().json)
      .option('--markdown', optionTexts().markdown)
      .action(async (search: string | undefined, options: { json?: boolean; markdown?: boolean }) => {
        const { printTable } = await import('./tables.js');
        printTable(name, search, options, io);
      });
  }
}

/** Sets the texts of the library that is the same for every command. Commands that are added later inherit it. */
function translateHelp(program: Command): void {
  program
    .helpOption('-h, --help', optionTexts().help)
    .helpCommand('help [command]', commandTexts().help)
    .configureHelp({
      styleTitle: (title) => translated('commandLine', title),
      optionDescription: (option) => translated('commandLine', new Help().optionDescription(option)),
    });
}

/**
 * Returns the command line of paybox-sim. Its parsing rejects with a CommanderError after help and after a mistake in the arguments.
 *
 * @param io where the commands print, and the exit status that they set. Default: this process
 * @param language the language of all messages of this process
 */
export function makeProgram(io: CommandIo = process, language: Language = 'en'): Command {
  useLanguage(language);
  const { help } = messages();
  const program = new Command('paybox-sim')
    .description(help.program)
    .version(VERSION, '-V, --version', optionTexts().version)
    .addOption(new Option('--lang <language>', optionTexts().lang).choices(LANGUAGES))
    .showHelpAfterError(help.afterError)
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: (text, write) => write(translated('commandLine', text)),
    })
    .exitOverride()
    .hook('preSubcommand', refuseUnknownCommand)
    // Programs read it.
    .hook('preAction', (_, command) => useLanguage(command.opts().json ? 'en' : language));
  translateHelp(program);
  addServe(program, io);
  addExec(program, io);
  addCa(program, io);
  addScenarios(program, io);
  addExplore(program, io);
  addFindings(program, io);
  addPublicKey(program, io);
  addSeed(program, io);
  addTables(program, io);
  // Adds `complete SHELL`, which prints the script of a shell, and what that script calls.
  addCompletion(program);
  program.commands.find((command) => command.name() === 'complete')?.description(commandTexts().complete);
  return program;
}
