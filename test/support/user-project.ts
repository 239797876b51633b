import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tempFolder } from './temp-folder.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

// From a copy, Node.js does not find the packages in this project's node_modules.
async function install(target: string, isCopy: boolean): Promise<void> {
  if (!isCopy) return symlink(ROOT, target);
  for (const part of ['package.json', 'dist']) await cp(join(ROOT, part), join(target, part), { recursive: true });
}

/**
 * Creates the project of a user: a folder with these files, where the build of this package and the named packages are installed. It is
 * deleted after the test. Returns its path.
 *
 * @param options `copy`: installs a copy of this package, which cannot import the packages in this project's node_modules
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
