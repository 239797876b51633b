import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fencedBlocksOf } from '../support/markdown.js';

/** A program with its arguments. */
export type Command = readonly [program: string, ...args: string[]];

/** A test framework of another language, and how the tests in `test/languages/` run in it. */
export interface Framework {
  readonly name: string;
  /** Succeeds where the framework is installed. */
  readonly probe: Command;
  /** The page whose files the project has. */
  readonly page: string;
  /** The file of this package that gives tests a gateway. */
  readonly helper: string;
  /** The folders for the helper. */
  readonly helperFolders: readonly string[];
  /** The folder in `test/languages/` with the tests of all members, of failures, and with one that waits. */
  readonly tests: string;
  /** The folder of the project for these tests. */
  readonly testFolder: string;
  /** Compiles the project. */
  readonly compile?: (folder: string) => void;
  /** The example of the page: a test that passes, and for some one that fails. */
  readonly example: Command;
  /** What the framework prints about the example. */
  readonly exampleResult: RegExp;
  /** Runs that use every member of a gateway, at the same time. */
  readonly members: readonly Command[];
  /** What the framework prints about each of them. */
  readonly membersResult: RegExp;
  /** Tests that fail, each by another assertion. */
  readonly failures: Command;
  readonly failuresResult: RegExp;
  /** A test that writes the URL of its gateway to `url.txt` and waits. */
  readonly wait: Command;
}

// The first Python that has the packages, so that a Python of the user's own does not hide that of the system.
const PYTHON =
  ['python3', '/usr/bin/python3'].find((python) => spawnSync(python, ['-c', 'import pytest, xdist']).status === 0) ?? 'python3';
const pytest = (...args: string[]): Command => [PYTHON, '-m', 'pytest', '-p', 'no:cacheprovider', ...args];

const JARS = readdirSync(existsSync('/usr/share/java') ? '/usr/share/java' : '.')
  .filter((file) => /^(junit-(jupiter|platform)|opentest4j|apiguardian|picocli|univocity)[a-z0-9-]*?\.jar$/.test(file))
  .filter((file) => !file.includes('standalone') && !/-\d/.test(file))
  .map((file) => join('/usr/share/java', file))
  .join(':');
const junit = (...args: string[]): Command => [
  'java',
  '-cp',
  `out:${JARS}`,
  'org.junit.platform.console.ConsoleLauncher',
  '--disable-banner',
  '--disable-ansi-colors',
  '--details=summary',
  ...args,
];

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.java'));

function compileJava(folder: string): void {
  const sources = filesBelow(join(folder, 'src')).map((file) => join('src', file));
  execFileSync('javac', ['--release', '11', '-encoding', 'UTF-8', '-d', 'out', '-cp', JARS, ...sources], { cwd: folder, stdio: 'pipe' });
}

/** The frameworks with a helper. */
export const FRAMEWORKS: readonly Framework[] = [
  {
    name: 'PHPUnit',
    probe: ['phpunit', '--version'],
    page: 'docs/testing-in-php.md',
    helper: 'PayboxSim.php',
    helperFolders: ['tests'],
    tests: 'php',
    testFolder: 'tests',
    example: ['phpunit', 'tests/ShopTest.php'],
    exampleResult: /Tests: 2, Assertions: \d+, Failures: 1\./,
    members: [
      ['phpunit', 'tests/MembersTest.php'],
      ['phpunit', 'tests/MembersTest.php'],
    ],
    membersResult: /OK \(7 tests/,
    failures: ['phpunit', 'tests/FailuresTest.php'],
    failuresResult: /Tests: 4, Assertions: \d+, Failures: 4\./,
    wait: ['phpunit', 'tests/WaitTest.php'],
  },
  {
    name: 'pytest',
    probe: [PYTHON, '-c', 'import pytest, xdist'],
    page: 'docs/testing-in-python.md',
    helper: 'paybox_sim.py',
    helperFolders: ['tests'],
    tests: 'python',
    testFolder: 'tests',
    example: pytest('tests/test_shop.py'),
    exampleResult: /1 failed, 1 passed/,
    members: [pytest('-n', '2', 'tests/test_members.py')],
    membersResult: /5 passed/,
    failures: pytest('tests/test_failures.py'),
    failuresResult: /4 failed/,
    wait: pytest('tests/test_wait.py'),
  },
  {
    name: 'RSpec',
    probe: ['rspec', '--version'],
    page: 'docs/testing-in-ruby.md',
    helper: 'paybox_sim.rb',
    helperFolders: ['spec', 'test'],
    tests: 'ruby',
    testFolder: 'spec',
    example: ['rspec', 'spec/shop_spec.rb'],
    exampleResult: /2 examples, 1 failure/,
    members: [['rspec', 'spec/members_spec.rb']],
    membersResult: /5 examples, 0 failures/,
    failures: ['rspec', 'spec/failures_spec.rb'],
    failuresResult: /4 examples, 4 failures/,
    wait: ['rspec', 'spec/wait_spec.rb'],
  },
  {
    name: 'Minitest',
    probe: ['ruby', '-e', 'require "minitest"'],
    page: 'docs/testing-in-ruby.md',
    helper: 'paybox_sim.rb',
    helperFolders: ['spec', 'test'],
    tests: 'ruby',
    testFolder: 'test',
    example: ['ruby', 'test/shop_test.rb'],
    exampleResult: /1 runs, 3 assertions, 0 failures, 0 errors/,
    members: [['ruby', 'test/members_minitest.rb']],
    membersResult: /5 runs, \d+ assertions, 0 failures, 0 errors/,
    failures: ['ruby', 'test/failures_minitest.rb'],
    failuresResult: /4 runs, \d+ assertions, 4 failures, 0 errors/,
    wait: ['ruby', 'test/wait_minitest.rb'],
  },
  {
    name: 'JUnit',
    probe: ['sh', '-c', 'javac -version && java -cp "$1" org.junit.platform.console.ConsoleLauncher --help', 'sh', JARS],
    page: 'docs/testing-in-java.md',
    helper: 'PayboxSim.java',
    helperFolders: ['src/test/java/payboxsim'],
    tests: 'java',
    testFolder: 'src/test/java/shop',
    compile: compileJava,
    example: junit('--select-class', 'shop.ShopTest'),
    exampleResult: /1 tests successful[\s\S]*1 tests failed/,
    members: [junit('--select-class', 'shop.MembersTest', '--config', 'junit.jupiter.execution.parallel.enabled=true')],
    membersResult: /6 tests successful[\s\S]*0 tests failed/,
    failures: junit('--select-class', 'shop.FailuresTest'),
    failuresResult: /4 tests failed/,
    wait: junit('--select-class', 'shop.WaitTest'),
  },
];

const NAMED = /^```\w+\n((?:\/\/|#|<\?php \/\/) (\S+\/?\S+\.\w+)\n[\s\S]*?)```$/;

/** Returns the files that a page shows: code blocks whose first line is a comment with their name. */
export function filesOf(page: string): Map<string, string> {
  const named = fencedBlocksOf(readFileSync(page, 'utf8')).map((block) => NAMED.exec(block));
  return new Map(named.flatMap((match) => (match ? [[match[2] ?? '', match[1] ?? ''] as const] : [])));
}

/** Creates the project of a user who did what the page of a framework says, with the tests in `test/languages/`. Returns its folder. */
export function createProject({ page, helper, helperFolders, tests, testFolder, compile }: Framework): string {
  const folder = mkdtempSync(join(tmpdir(), 'paybox-sim-language-'));
  const installed = join(folder, 'node_modules/paybox-direct-simulator');
  mkdirSync(dirname(installed));
  symlinkSync(resolve('.'), installed);
  for (const [file, text] of filesOf(page)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  for (const target of helperFolders) cpSync(join(installed, 'scenarios/examples/testing', helper), join(folder, target, helper));
  cpSync(join('test/languages', tests), join(folder, testFolder), { recursive: true });
  compile?.(folder);
  return folder;
}
