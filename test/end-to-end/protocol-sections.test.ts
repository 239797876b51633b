import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorsOf, DOCS_PAGES, fencedBlocksOf, linksOf } from '../support/markdown.js';

const SHEET = 'docs/protocol.md';
const ANCHORS = anchorsOf(readFileSync(SHEET, 'utf8'));

const FOLDERS = ['contracts', 'simulator', 'client', 'scenarios', 'cli', 'bench', 'test'];
const THIS_FILE = 'test/end-to-end/protocol-sections.test.ts';

const filesOf = (folder: string, extensions: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => extensions.test(file))
    .map((file) => join(folder, file));

/** Joins the lines of comments, without the characters that begin each line, because a citation can be on two lines. */
const joinLines = (source: string): string => source.replace(/\s*\n\s*(?:\*|\/\/|#)?\s*/g, ' ');

/** Returns the anchors that texts such as `Protocol sheet, section 3, steps 5 to 11` and `…, step 2, and section 5` cite. */
function citedInWords(source: string): string[] {
  const citations = joinLines(source).matchAll(/protocol sheet,?((?:[ ,]*(?:and |to )?(?:sections? \d+|steps? \d+(?: to \d+)?|§\d+))+)/gi);
  return [...citations].flatMap(([, places = '']) =>
    [...places.matchAll(/(section|step)s? (\d+)(?: to (\d+))?|§(\d+)/gi)].flatMap(([, kind = 'section', from, to, sign]) =>
      [from ?? sign, to].flatMap((number) => (number === undefined ? [] : [`${kind === 'step' ? 'refusal' : 'section'}-${number}`])),
    ),
  );
}

/** Returns the anchors that links to the sheet cite, such as `docs/protocol.md#section-3`. */
const citedInLinks = (source: string): string[] => [...source.matchAll(/protocol\.md#([\w-]+)/g)].map(([, anchor = '']) => anchor);

/** Returns the anchors that the key `section: §3` of scenarios cites, in a file, in code or in a page. */
const citedInKeys = (source: string): string[] =>
  [...source.matchAll(/\bsection: *['"]?§?(\d+)/g)].map(([, number = '']) => `section-${number}`);

/** Returns the anchors that the sheet does not have, as `file: anchor`. */
const missingAnchors = (file: string, anchors: readonly string[]): string[] =>
  anchors.filter((anchor) => !ANCHORS.has(anchor)).map((anchor) => `${file}: ${anchor}`);

test('the sheet has eleven sections and twelve refusal steps', () => {
  const expected = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((section) => `section-${section}`);
  const steps = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((step) => `refusal-${step}`);
  expect([...ANCHORS].filter((anchor) => /^(section|refusal)-\d+$/.test(anchor))).toEqual(expect.arrayContaining([...expected, ...steps]));
});

test('every scenario file cites a section that exists', () => {
  const files = filesOf('scenarios', /\.yaml$/);
  const cited = files.map((file) => [file, citedInKeys(readFileSync(file, 'utf8'))] as const);
  expect(files.length).toBeGreaterThan(300);
  expect(cited.filter(([, anchors]) => anchors.length !== 1).map(([file]) => file)).toEqual([]);
  expect(cited.flatMap(([file, anchors]) => missingAnchors(file, anchors))).toEqual([]);
});

test('every citation in source files names a section or a step that exists', () => {
  const files = FOLDERS.flatMap((folder) => filesOf(folder, /\.(tsx?|php|py|rb|mjs)$/)).filter((file) => file !== THIS_FILE);
  const cited = files.map((file) => {
    const source = readFileSync(file, 'utf8');
    return [file, [...citedInWords(source), ...citedInLinks(source)]] as const;
  });
  expect(cited.flatMap(([, anchors]) => anchors).length).toBeGreaterThan(40);
  expect(cited.flatMap(([file, anchors]) => missingAnchors(file, anchors))).toEqual([]);
});

test('every link to the sheet and every scenario in the docs names a section that exists', () => {
  const cited = DOCS_PAGES.map((file) => {
    const page = readFileSync(file, 'utf8');
    const own = file === SHEET ? linksOf(page).filter((target) => target.startsWith('#')) : [];
    return [file, [...citedInLinks(page), ...own.map((target) => target.slice(1)), ...fencedBlocksOf(page).flatMap(citedInKeys)]] as const;
  });
  expect(cited.flatMap(([, anchors]) => anchors).length).toBeGreaterThan(10);
  expect(cited.flatMap(([file, anchors]) => missingAnchors(file, anchors))).toEqual([]);
});

describe('the tests of the citations', () => {
  test('find citations in words', () => {
    expect(citedInWords(' * Protocol sheet, section 3,\n * steps 5 to 12, and section 5.')).toEqual([
      'section-3',
      'refusal-5',
      'refusal-12',
      'section-5',
    ]);
    expect(citedInWords('// Observed; protocol sheet, section 2: `32` and `032`')).toEqual(['section-2']);
    expect(citedInWords('the protocol sheet, sections 1 and section 2')).toEqual(['section-1', 'section-2']);
    expect(citedInWords('section 3 of something else')).toEqual([]);
  });

  test('detect a section and a step that do not exist', () => {
    expect(missingAnchors('a.ts', citedInWords('Protocol sheet, section 12, step 13'))).toEqual(['a.ts: section-12', 'a.ts: refusal-13']);
    expect(missingAnchors('a.ts', citedInLinks('see docs/protocol.md#section-3 and docs/protocol.md#refusal-0'))).toEqual([
      'a.ts: refusal-0',
    ]);
    expect(missingAnchors('a.yaml', citedInKeys('id: x\nsection: §99\n'))).toEqual(['a.yaml: section-99']);
  });
});
