import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { makeProgram } from '../../cli/program.js';
import { OPERATIONS, RESPONSE_CODE_BY_CODE } from '../../contracts/index.js';

const FRENCH = readFileSync('README.fr.md', 'utf8');
const ENGLISH = readFileSync('README.md', 'utf8');

/** Comments of code blocks that the French README has in French: as they stand there, as they stand in the English one. */
const TRANSLATED: readonly (readonly [french: string, english: string])[] = [
  [
    '# Node 20.19 ou plus récent ; installe et construit ce qui manque, puis écoute sur le port 8888',
    '# Node 20.19 or newer; installs and builds what is missing, then serves on port 8888',
  ],
  ['// le tableau lui-même partirait en multipart/form-data : 00014', '// the array itself would go out as multipart/form-data: 00014'],
  ['// les valeurs ne sont pas encodées : pas de urldecode', '// values are not url-encoded: no urldecode'],
  ['// ou SHA384, SHA256, SHA224, RIPEMD160', '// or SHA384, SHA256, SHA224, RIPEMD160'],
  [
    '# La prochaine capture de ORDER-2 (autorisée par 00001) échoue avec 00003, la suivante aboutit.',
    '# The next capture of ORDER-2 (authorized by 00001) fails with 00003, the one after succeeds.',
  ],
  [
    "# Le paiement est fait, mais sa réponse n'arrive jamais : la boutique débite-t-elle deux fois ?",
    '# The payment is made, but its reply never arrives: does the shop charge twice?',
  ],
  ['# commencer là', '# start there'],
  ['# une semaine plus tard', '# a week on'],
  ['# juste après la télécollecte de cette nuit', "# to just past tonight's remittance"],
  ['# requêtes et réponses, masquées, avec les constats', '# requests and replies, masked, with findings'],
  ['# le paiement : capturé, remboursé, remis, et sa chaîne', '# the payment: captured, refunded, remitted, its chain'],
  ['# HTTP, HTTPS et proxy sur le port 8888', '# HTTP, HTTPS and proxy on port 8888'],
  ["# dans un autre terminal : à qui se fier, à qui s'adresser", '# in another terminal: whom to trust, whom to ask'],
  ['// le code testé', '// the code under test'],
  ['// prêt aussitôt ; {', '// ready at once; {'],
  [
    '// un port libre ; ou simulator.fetch(new Request(…)) sans réseau',
    '// a free port; or simulator.fetch(new Request(…)) without a network',
  ],
  ['# le simulateur lui-même', '# the simulator itself'],
  ["# le faux serveur de quelqu'un d'autre", "# somebody's fake"],
  ['# la vraie plate-forme de test', '# the real test platform'],
  ['# et sur autant de machines que vous voulez', '# and on as many machines as there are'],
  ['# vos propres tests', '# your own tests'],
];

const FENCED = /^```\w*\n[\s\S]*?^```$/gm;

const blocksOf = (readme: string): string[] => readme.match(FENCED) ?? [];

const inEnglish = (block: string): string => TRANSLATED.reduce((text, [french, english]) => text.replaceAll(french, english), block);

const BLOCKS = blocksOf(FRENCH);
const PROSE = FRENCH.replace(FENCED, '').replace(/<!--[\s\S]*?-->/g, '');
const SPANS = [...PROSE.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);

test('its code and outputs are those of the English one, but for the comments translated here', () => {
  expect(BLOCKS).not.toEqual([]);
  const english = blocksOf(ENGLISH);
  const strange = BLOCKS.filter((block) => !english.includes(inEnglish(block)));
  expect(strange, 'write into README.fr.md what README.md says now').toEqual([]);
  expect(TRANSLATED.filter(([french]) => !BLOCKS.some((block) => block.includes(french)))).toEqual([]);
});

/** The anchors that GitHub gives to headings. */
const anchorsOf = (readme: string): string[] =>
  [...readme.replace(FENCED, '').matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );

test('every link leads somewhere', () => {
  const targets = [...PROSE.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
  expect(targets).toContain('README.md');
  expect(ENGLISH.includes('](README.fr.md)')).toBe(true);
  for (const target of targets.filter((each) => !each.startsWith('https://'))) {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? 'README.fr.md' : path;
    expect(existsSync(file), target).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(readFileSync(file, 'utf8')), target).toContain(anchor);
  }
});

const PROGRAM = makeProgram();
const HELP = PROGRAM.createHelp();

const commandNamed = (command: Command, word: string): Command | undefined =>
  HELP.visibleCommands(command).find((each) => each.name() === word);

const optionsOf = (command: Command): string[] =>
  HELP.visibleOptions(command).flatMap(({ long, short }) => [long, short].filter((flag) => flag !== undefined));

const isOption = (word: string): boolean => /^--?[a-z]/.test(word);

const everyOption = (command: Command): string[] => [...optionsOf(command), ...HELP.visibleCommands(command).flatMap(everyOption)];

/** The words of each call of paybox-sim, up to what the shell or `exec` does not hand to it. */
const callsIn = (code: string): string[][] =>
  code
    .split(/\bpaybox-sim(?=\s|$)/)
    .slice(1)
    .map((rest) => (rest.split(/ -- |[\n#&|)'"]/)[0] ?? '').split(' ').filter((word) => word !== ''));

/** What the help does not know of a call. */
function unknownIn(words: readonly string[]): string[] {
  let command = PROGRAM;
  let next = 0;
  for (let found = commandNamed(command, words[next] ?? ''); found; found = commandNamed(command, words[++next] ?? '')) command = found;
  const isCommandMissing = HELP.visibleCommands(command).length > 0 && words[next] !== undefined && !isOption(words[next] ?? '');
  // Without a command it is `serve`.
  const options = [...optionsOf(command), ...(next === 0 ? optionsOf(commandNamed(PROGRAM, 'serve') ?? PROGRAM) : [])];
  const unknown = words.slice(next).filter((word) => isOption(word) && !options.includes(word));
  return isCommandMissing ? [words[next] ?? '', ...unknown] : unknown;
}

test('it names no command and no option that the help does not know', () => {
  const calls = [...BLOCKS, ...SPANS].flatMap(callsIn);
  expect(calls.length).toBeGreaterThan(15);
  expect(calls.map((words) => [words.join(' '), unknownIn(words)]).filter(([, unknown]) => unknown?.length !== 0)).toEqual([]);
  const options = SPANS.filter((code) => code.startsWith('--')).flatMap((code) => code.split(' ').filter(isOption));
  expect(options.filter((option) => !everyOption(PROGRAM).includes(option))).toEqual([]);
});

test('that test sees what is not there', () => {
  expect(callsIn('eval "$(npx paybox-sim ca env --prox x)" # --no').map(unknownIn)).toEqual([['--prox']]);
  expect(callsIn('npx paybox-sim launch --port 1').map(unknownIn)).toEqual([['launch']]);
  expect(callsIn('npx paybox-sim exec --fail-on error -- php pay.php --mine').map(unknownIn)).toEqual([[]]);
});

test('operations and codes bear the names that the contracts give them', () => {
  const apostrophe = (text: string): string => text.replaceAll("'", '’');
  const rows = [...PROSE.matchAll(/^\| (\d{5}) \| (.+?) +\| (\S+) +\| (.+?) +\| (\w)/gm)].map(([, ...cells]) => cells);
  expect(rows).toEqual(
    OPERATIONS.map(({ TYPE, title, name, takes, evidence }) => [TYPE, apostrophe(title.fr), name, takes.join(' '), evidence]),
  );
  const quoted = [...PROSE.matchAll(/(\d{5})\s«\s([^»]+)\s»/g)].map(([, code = '', text = '']) => [code, text]);
  expect(quoted).not.toEqual([]);
  expect(quoted).toEqual(quoted.map(([code = '']) => [code, apostrophe(RESPONSE_CODE_BY_CODE.get(code)?.meaning.fr ?? 'unknown')]));
});

test('no line can break before a sign of punctuation or inside quotation marks', () => {
  const bare = PROSE.replace('English:', '')
    .replace(/`[^`\n]+`/g, 'code')
    .replace(/<source [^>]*>/g, '')
    .replace(/\]\([^)]+\)/g, ']')
    .replace(/!(?=\[)/g, '');
  expect(bare.match(/.*([^\u00a0\u202f][;:?!»]|«[^\u00a0\u202f]).*/g) ?? []).toEqual([]);
});
