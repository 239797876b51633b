import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RESPONSE_CODE_BY_CODE } from '../../contracts/index.js';
import { withoutVariableParts } from '../support/docs-outputs.js';
import { fencedBlocksOf, linksOf, proseOf } from '../support/markdown.js';

const FRENCH = readFileSync('README.fr.md', 'utf8');
const ENGLISH = readFileSync('README.md', 'utf8');

/** Comments in code blocks that the French README translates. */
const TRANSLATED: readonly (readonly [french: string, english: string])[] = [
  [
    '# dans un clone du dépôt : installe et construit ce qui manque, puis écoute sur le port 8888',
    '# in a checkout of this project: installs and builds what is missing, then serves on port 8888',
  ],
  ['// le tableau lui-même partirait en multipart/form-data : 00014', '// the array itself would be sent as multipart/form-data: 00014'],
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
  ['# une semaine plus tard', '# a week later'],
  ['# juste après la télécollecte de cette nuit', "# to just past tonight's remittance"],
  ['# requêtes et réponses, masquées, avec les constats', '# requests and replies, masked, with findings'],
  ['# le paiement : capturé, remboursé, remis, et sa chaîne', '# the payment: captured, refunded, remitted, its chain'],
  [
    '# `kill $!` l’arrête ; avec `npx paybox-sim &`, $! est npx, qui ne transmet pas le signal',
    '# `kill $!` stops it; of `npx paybox-sim &`, $! is npx, which does not pass the signal on',
  ],
  ['# vos propres tests', '# your own tests'],
  ['# tout', '# everything'],
  ["# format, lint, règles d'import, types, code inutilisé", '# format, lint, import rules, types, unused code'],
  [
    '# récrit les tables et les sorties de la documentation, les schémas et les images',
    '# writes the tables and outputs in the docs, the schemas and the pictures again',
  ],
  ['# arrêts brutaux, disques pleins, fuzzing, longs historiques', '# kills, full disks, fuzzing, long histories'],
  ['# débit, démarrage, mémoire', '# throughput, start, memory'],
];

const inEnglish = (block: string): string => TRANSLATED.reduce((text, [french, english]) => text.replaceAll(french, english), block);

// Outputs differ by times and question numbers.
const codeOf = (readme: string): string[] => fencedBlocksOf(readme).map(withoutVariableParts);

const BLOCKS = codeOf(FRENCH);
const PROSE = proseOf(FRENCH);

test('the French README has the code and outputs of the English one, in the same order, except for translated comments', () => {
  expect(BLOCKS).not.toEqual([]);
  expect(BLOCKS.map(inEnglish), 'README.fr.md must show the commands, snippets and outputs of README.md').toEqual(codeOf(ENGLISH));
  expect(TRANSLATED.filter(([french]) => !BLOCKS.some((block) => block.includes(french)))).toEqual([]);
});

const isPage = (target: string): boolean => target.includes('.md') && !target.startsWith('README');

test('the French README has the links of the English one', () => {
  const inFrench = linksOf(FRENCH).map((target) => target.replace('#opérations', '#operations'));
  expect(linksOf(FRENCH)).toContain('README.md');
  expect(linksOf(ENGLISH)).toContain('README.fr.md');
  expect(new Set(inFrench.filter(isPage))).toEqual(new Set([...linksOf(ENGLISH), 'docs/tables.md#operations'].filter(isPage)));
});

test('the French README has the heading levels of the English one, and neither is longer than 250 lines', () => {
  const levelsOf = (readme: string): string[] => [...proseOf(readme).matchAll(/^(#+) /gm)].map(([, level = '']) => level);
  expect(levelsOf(FRENCH)).toEqual(levelsOf(ENGLISH));
  for (const readme of [FRENCH, ENGLISH]) expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(250);
});

test('the French README quotes the French texts of response codes from the contracts', () => {
  const apostrophe = (text: string): string => text.replaceAll("'", '’');
  const quoted = [...PROSE.matchAll(/(\d{5})\s«\s([^»]+)\s»/g)].map(([, code = '', text = '']) => [code, text]);
  expect(quoted).not.toEqual([]);
  expect(quoted).toEqual(quoted.map(([code = '']) => [code, apostrophe(RESPONSE_CODE_BY_CODE.get(code)?.meaning.fr ?? 'unknown')]));
});

test.each(['README.fr.md', 'docs/testing-in-php.fr.md'])('%s has no-break spaces before punctuation and inside quotation marks', (page) => {
  const bare = proseOf(readFileSync(page, 'utf8'))
    .replace('English:', '')
    .replace(/`[^`\n]+`/g, 'code')
    .replace(/<source [^>]*>/g, '')
    .replace(/\]\([^)]+\)/g, ']')
    .replace(/!(?=\[)/g, '');
  expect(bare.match(/.*([^\u00a0\u202f][;:?!»]|«[^\u00a0\u202f]).*/g) ?? []).toEqual([]);
});
