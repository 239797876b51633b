import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tempFolder } from './temp-folder.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

// A copy does not find the libraries that this project has installed.
async function install(place: string, isCopy: boolean): Promise<void> {
  if (!isCopy) return symlink(ROOT, place);
  for (const part of ['package.json', 'dist']) await cp(join(ROOT, part), join(place, part), { recursive: true });
}

/**
 * Makes a folder with these files, in which this package, as it is built, and the named packages are installed. It is removed after the test.
 *
 * @param options `copy`: this package without the packages that are installed next to it here
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
