import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of this package, wherever in it the code that asks was built to. */
export function packageRoot(): URL {
  let folder = new URL('.', import.meta.url);
  while (!existsSync(fileURLToPath(new URL('package.json', folder)))) folder = new URL('..', folder);
  return folder;
}
