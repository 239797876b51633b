import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The pages for users: the READMEs and all files of docs/. Paths from the project's root. */
export const DOCS_PAGES: readonly string[] = [
  'README.md',
  'README.fr.md',
  ...readdirSync('docs')
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((file) => join('docs', file)),
];

const FENCED = /^```\w*\n[\s\S]*?^```$/gm;

/** The fenced code blocks of a page, with their fences. */
export const fencedBlocksOf = (page: string): string[] => page.match(FENCED) ?? [];

/** A page without its code blocks and comments. */
export const proseOf = (page: string): string => page.replace(FENCED, '').replace(/<!--[\s\S]*?-->/g, '');

/** Returns the targets of the links and pictures of a page. */
export function linksOf(page: string): string[] {
  const prose = proseOf(page).replace(/`[^`\n]+`/g, 'code');
  return [...prose.matchAll(/\]\(([^)\s]+)\)|\b(?:src|srcset|href)="([^"]+)"/g)].map(([, link, attribute]) => link ?? attribute ?? '');
}

const slugOf = (title: string): string =>
  title
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-');

/** Returns the anchors of a page: ids written as `<a id="…">`, and the ids that GitHub gives to headings. */
export function anchorsOf(page: string): Set<string> {
  const prose = proseOf(page);
  const anchors = new Set([...prose.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id));
  for (const [, title = ''] of prose.matchAll(/^#+ (.+)$/gm)) {
    const slug = slugOf(title);
    let anchor = slug;
    for (let repeated = 1; anchors.has(anchor); repeated++) anchor = `${slug}-${repeated}`;
    anchors.add(anchor);
  }
  return anchors;
}

/**
 * Finds the code block of the docs whose first line is a comment with this file name.
 *
 * @returns the code, without its fences
 * @throws Error when no page has such a block
 */
export function docsBlock(file: string): string {
  const blocks = DOCS_PAGES.flatMap((page) => fencedBlocksOf(readFileSync(page, 'utf8')));
  const codes = blocks.map((block) => block.replace(/^```\w*\n/, '').replace(/```$/, ''));
  const found = codes.find((code) => /^(\/\/|#|<\?php \/\/) (\S+)/.exec(code)?.[2] === file);
  if (found === undefined) throw new Error(`No code block of the READMEs and docs/ begins with a comment with the file name ${file}.`);
  return found;
}
