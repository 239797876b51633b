import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { makeProgram } from '../../cli/program.js';
import { loadScenarios } from '../../scenarios/load.js';
import { DOCS_PAGES, fencedBlocksOf, proseOf } from '../support/markdown.js';

const PAGES: readonly string[] = [...DOCS_PAGES, 'scenarios/examples/README.md', 'scenarios/examples/php-shop/README.md'];

const PROGRAM = makeProgram();
const HELP = PROGRAM.createHelp();

const commandNamed = (command: Command, word: string): Command | undefined =>
  HELP.visibleCommands(command).find((each) => each.name() === word);

const optionsOf = (command: Command): string[] =>
  HELP.visibleOptions(command).flatMap(({ long, short }) => [long, short].filter((flag) => flag !== undefined));

const isOption = (word: string): boolean => /^--?[a-z]/.test(word);

const everyOption = (command: Command): string[] => [...optionsOf(command), ...HELP.visibleCommands(command).flatMap(everyOption)];

/** Returns the words of each call of paybox-sim, up to those that the shell or the program of `exec` receives. */
const callsIn = (code: string): string[][] =>
  code
    .split(/\bpaybox-sim(?=\s|$)/)
    .slice(1)
    .map((rest) => (rest.split(/ -- |[\n#&|)'"]/)[0] ?? '').split(' ').filter((word) => word !== ''));

/** Returns the commands and options of a call that the help does not list. */
function unknownIn(words: readonly string[]): string[] {
  let command = PROGRAM;
  let next = 0;
  for (let found = commandNamed(command, words[next] ?? ''); found; found = commandNamed(command, words[++next] ?? '')) command = found;
  const isCommandMissing = HELP.visibleCommands(command).length > 0 && words[next] !== undefined && !isOption(words[next] ?? '');
  // The default command is `serve`.
  const options = [...optionsOf(command), ...(next === 0 ? optionsOf(commandNamed(PROGRAM, 'serve') ?? PROGRAM) : [])];
  const unknown = words.slice(next).filter((word) => isOption(word) && !options.includes(word));
  return isCommandMissing ? [words[next] ?? '', ...unknown] : unknown;
}

/** Returns the code in the text of a page, without its code blocks. */
const spansOf = (page: string): string[] => [...proseOf(page).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);

const callsOf = (page: string): string[][] => [...fencedBlocksOf(page), ...spansOf(page)].flatMap(callsIn);

test.each(PAGES)('the help lists every command and option in %s', (file) => {
  const page = readFileSync(file, 'utf8');
  expect(
    callsOf(page)
      .map((words) => [words.join(' '), unknownIn(words)])
      .filter(([, unknown]) => unknown?.length !== 0),
  ).toEqual([]);
  const options = spansOf(page)
    .filter((code) => code.startsWith('--'))
    .flatMap((code) => code.split(' ').filter(isOption));
  expect(options.filter((option) => !everyOption(PROGRAM).includes(option))).toEqual([]);
});

test('no page starts a server in the background with npx, which does not pass a signal on to it', () => {
  const started = PAGES.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/^.*\bpaybox-sim\b.* &$/gm)].map(([line]) => line));
  expect(started).not.toEqual([]);
  expect(started.filter((line) => line.includes('npx'))).toEqual([]);
});

test('the pages name the files of this package where a project has them installed', () => {
  const code = PAGES.flatMap((file) => fencedBlocksOf(readFileSync(file, 'utf8'))).join('\n');
  const named = code.match(/\S*\bscenarios\/(examples|library|contract)\/\S+\.(php|py|rb|java|yaml)/g) ?? [];
  expect(named).not.toEqual([]);
  expect(named.filter((path) => !path.startsWith('node_modules/paybox-direct-simulator/'))).toEqual([]);
});

test('the files and folders of the package that the pages name exist', () => {
  const code = PAGES.map((file) => readFileSync(file, 'utf8')).join('\n');
  const named = [...code.matchAll(/node_modules\/paybox-direct-simulator\/([\w./-]*\w)/g)].map(([, path = '']) => path);
  expect(named).not.toEqual([]);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});

test.each([
  ['docs/contract-tests.md', 'scenarios/contract'],
  ['docs/scenarios.md', 'scenarios/library'],
])('%s lists the tags of %s that are named after its folders', async (page, folder) => {
  const [, list = ''] = /`--tag` chooses some of them: (.*), as the folders are called/.exec(readFileSync(page, 'utf8')) ?? [];
  const listed = [...list.matchAll(/`([^`]+)`/g)].map(([, tag]) => tag);
  expect(listed).toEqual(readdirSync(folder).sort());
  const tags = (await loadScenarios([folder])).flatMap((scenario) => scenario.tags);
  expect(listed.filter((tag) => !tags.includes(tag ?? ''))).toEqual([]);
});

test('the pages together call every command', () => {
  const calls = PAGES.flatMap((file) => callsOf(readFileSync(file, 'utf8')));
  expect(calls.length).toBeGreaterThan(60);
  const called = new Set(calls.map(([first]) => first));
  const commands = HELP.visibleCommands(PROGRAM).map((command) => command.name());
  expect(commands.filter((name) => name !== 'help' && !called.has(name))).toEqual([]);
});

test('the test of the pages detects unknown commands and options', () => {
  expect(callsIn('eval "$(npx paybox-sim ca env --prox x)" # --no').map(unknownIn)).toEqual([['--prox']]);
  expect(callsIn('npx paybox-sim launch --port 1').map(unknownIn)).toEqual([['launch']]);
  expect(callsIn('npx paybox-sim exec --fail-on error -- php pay.php --mine').map(unknownIn)).toEqual([[]]);
});
