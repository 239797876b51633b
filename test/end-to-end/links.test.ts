import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorsOf, DOCS_PAGES, linksOf } from '../support/markdown.js';

const PAGES: readonly string[] = [
  ...DOCS_PAGES,
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'scenarios/examples/README.md',
  'scenarios/examples/php-shop/README.md',
];

const isElsewhere = (target: string): boolean => /^(https?:|mailto:)/.test(target);

/** What is wrong with a link; undefined when it leads to a file, and to a heading or an id in it. */
function problemOf(target: string, file: string, page: string): string | undefined {
  const [path = '', anchor] = decodeURI(target).split('#');
  const linked = path === '' ? file : join(dirname(file), path);
  if (path !== '' && !existsSync(linked)) return `${target}: there is no ${linked}`;
  if (anchor === undefined) return undefined;
  const anchors = anchorsOf(path === '' ? page : readFileSync(linked, 'utf8'));
  return anchors.has(anchor) ? undefined : `${target}: ${linked} has no heading or id ${anchor}`;
}

const problemsOf = (file: string, page: string): string[] =>
  linksOf(page)
    .filter((target) => !isElsewhere(target))
    .flatMap((target) => problemOf(target, file, page) ?? []);

test.each(PAGES)('every relative link in %s leads to a file and a heading', (file) => {
  expect(problemsOf(file, readFileSync(file, 'utf8'))).toEqual([]);
});

describe('that test', () => {
  test('reports a missing file, heading and picture', () => {
    const page = '# Title\n[a](none.md) [b](#title) [c](#nothing) [d](ci.md#github-actions) [e](ci.md#none)\n<img src="none.png">\n';
    expect(problemsOf('docs/page.md', page)).toEqual([
      'none.md: there is no docs/none.md',
      '#nothing: docs/page.md has no heading or id nothing',
      'ci.md#none: docs/ci.md has no heading or id none',
      'none.png: there is no docs/none.png',
    ]);
  });

  test('finds the links of the pages', () => {
    for (const file of PAGES) expect(linksOf(readFileSync(file, 'utf8')), file).not.toEqual([]);
  });
});

test('every page in docs/ begins with a title, one sentence, and a link back, and the READMEs link to it', () => {
  for (const file of DOCS_PAGES.filter((page) => page.startsWith('docs/'))) {
    const readmeOfPage = file.endsWith('.fr.md') ? 'README.fr.md' : 'README.md';
    const [title = '', sentence = '', back = ''] = readFileSync(file, 'utf8').split('\n\n');
    expect(title, file).toMatch(/^# .+$/);
    expect(sentence, file).toMatch(/^\S.*$/);
    expect(back.trimEnd(), file).toBe(`[← Documentation](../${readmeOfPage}#documentation)`);
    for (const readme of ['README.md', 'README.fr.md']) expect(linksOf(readFileSync(readme, 'utf8')), readme).toContain(file);
  }
});

const FOLDERS = ['contracts', 'simulator', 'client', 'scenarios', 'cli', 'bench', 'test'];
const PATHS = FOLDERS.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)));

/** The files and folders that a page names in code style: `engine/decide.ts`, `store/`. */
const namedIn = (page: string): string[] =>
  [...page.matchAll(/`([\w./-]+(?:\.tsx?|\/))`/g)].map(([, name = '']) => name.replace(/\/$/, ''));

const exists = (name: string): boolean => existsSync(name) || PATHS.some((path) => path.endsWith(`/${name}`));

test('every file and folder that ARCHITECTURE.md and CONTRIBUTING.md name exists', () => {
  const pages = ['ARCHITECTURE.md', 'CONTRIBUTING.md'].map((file) => readFileSync(file, 'utf8'));
  const named = pages.flatMap(namedIn);
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter((name) => !exists(name))).toEqual([]);
});
