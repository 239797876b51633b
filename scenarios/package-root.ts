import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Returns the root folder of this package: the nearest parent folder of the running code that has a package.json. */
export function packageRoot(): URL {
  let folder = new URL('.', import.meta.url);
  while (!existsSync(fileURLToPath(new URL('package.json', folder)))) folder = new URL('..', folder);
  return folder;
}

/** Whether the running program is the single executable, which has the files of the package inside. */
export function isSingleFile(): boolean {
  const sea = process.getBuiltinModule?.('node:sea') as { isSea(): boolean } | undefined;
  return sea?.isSea() ?? false;
}
