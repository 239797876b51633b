import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tempFolder } from './temp-folder.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The code block of the README whose first line names this file, as it stands there. */
export async function readmeBlock(file: string): Promise<string> {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```\w+\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  const found = blocks.find((block) => /^(\/\/|#|<\?php \/\/) (\S+)/.exec(block)?.[2] === file);
  if (found === undefined) throw new Error(`No code block of the README begins with a comment that names ${file}.`);
  return found;
}

// A copy finds none of the libraries that this project has installed.
async function install(place: string, isCopy: boolean): Promise<void> {
  if (!isCopy) return symlink(ROOT, place);
  for (const part of ['package.json', 'dist']) await cp(join(ROOT, part), join(place, part), { recursive: true });
}

/**
 * A folder with these files, in which this package, as it is built, and the named ones are installed; gone after the test.
 *
 * @param options `copy`: this package without what is installed beside it here
 */
export async function userProject(
  files: Readonly<Record<string, string>>,
  packages: readonly string[] = [],
  { copy = false }: { readonly copy?: boolean } = {},
): Promise<string> {
  const folder = await tempFolder();
  const modules = join(folder, 'node_modules');
  await mkdir(modules);
  await install(join(modules, 'paybox-direct-simulator'), copy);
  for (const name of packages) await symlink(join(ROOT, 'node_modules', name), join(modules, name));
  for (const [file, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  return folder;
}
