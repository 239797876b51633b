import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorsOf, DOCS_PAGES, linksOf } from '../support/markdown.js';

const PAGES: readonly string[] = [...DOCS_PAGES, 'CHANGELOG.md', 'scenarios/examples/README.md'];

/** Linked pages that do not exist yet. Remove a name when its page exists. */
const TO_COME: readonly string[] = ['CONTRIBUTING.md', 'ARCHITECTURE.md'];

const isExternal = (target: string): boolean => /^(https?:|mailto:)/.test(target);

/** Returns what is wrong with a link; undefined if its file and its heading or id exist. */
function problemOf(target: string, file: string, page: string): string | undefined {
  const [path = '', anchor] = decodeURI(target).split('#');
  const linked = path === '' ? file : join(dirname(file), path);
  if (TO_COME.includes(linked)) return undefined;
  if (path !== '' && !existsSync(linked)) return `${target}: there is no ${linked}`;
  if (anchor === undefined) return undefined;
  const anchors = anchorsOf(path === '' ? page : readFileSync(linked, 'utf8'));
  return anchors.has(anchor) ? undefined : `${target}: ${linked} has no heading or id ${anchor}`;
}

const problemsOf = (file: string, page: string): string[] =>
  linksOf(page)
    .filter((target) => !isExternal(target))
    .flatMap((target) => problemOf(target, file, page) ?? []);

test.each(PAGES)('every relative link in %s leads to a file and a heading', (file) => {
  expect(problemsOf(file, readFileSync(file, 'utf8'))).toEqual([]);
});

describe('the test of the links', () => {
  test('detects a missing file, heading and picture', () => {
    const page = '# Title\n[a](none.md) [b](#title) [c](#nothing) [d](ci.md#github-actions) [e](ci.md#none)\n<img src="none.png">\n';
    expect(problemsOf('docs/page.md', page)).toEqual([
      'none.md: there is no docs/none.md',
      '#nothing: docs/page.md has no heading or id nothing',
      'ci.md#none: docs/ci.md has no heading or id none',
      'none.png: there is no docs/none.png',
    ]);
  });

  test('finds links in every page', () => {
    for (const file of PAGES) expect(linksOf(readFileSync(file, 'utf8')), file).not.toEqual([]);
  });
});

test('every page in docs/ begins with a title, one sentence, and a link back, and the READMEs link to it', () => {
  for (const file of DOCS_PAGES.filter((page) => page.startsWith('docs/'))) {
    expect(readFileSync(file, 'utf8'), file).toMatch(/^# .+\n\n\S.*\n\n\[← Documentation\]\(\.\.\/README\.md#documentation\)\n/);
    for (const readme of ['README.md', 'README.fr.md']) expect(linksOf(readFileSync(readme, 'utf8')), readme).toContain(file);
  }
});
