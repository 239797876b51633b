import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import { AuthorityError } from './authority-error.js';

/** Variable that says where the simulator keeps what outlives a run. */
const HOME_VARIABLE = 'PAYBOX_SIM_HOME';

const NAME = 'paybox-direct-simulator';

type Environment = Readonly<Record<string, string | undefined>>;

/** Folder of the user's own for configuration, by platform; the others keep to the XDG convention. */
const FOLDERS: Readonly<Partial<Record<NodeJS.Platform, (home: string, env: Environment) => string>>> = {
  darwin: (home) => posix.join(home, 'Library', 'Application Support', NAME),
  win32: (home, env) => win32.join(env.APPDATA || win32.join(home, 'AppData', 'Roaming'), NAME),
};

const xdgFolder = (home: string, { XDG_CONFIG_HOME: folder }: Environment): string =>
  // A relative one is to be ignored, says the convention.
  posix.join(folder?.startsWith('/') ? folder : posix.join(home, '.config'), NAME);

function known(home: () => string): string {
  let cause: unknown;
  try {
    const folder = home();
    if (folder !== '') return folder;
  } catch (error) {
    cause = error;
  }
  const message = `This user has no home folder where the certificate authority could be kept. Set ${HOME_VARIABLE} to a folder that can be written.`;
  throw new AuthorityError(message, { cause });
}

/**
 * The folder where the certificate authority is kept: `PAYBOX_SIM_HOME`, else the platform's for configuration.
 *
 * @throws AuthorityError when the user has no home folder, as in a container that runs under an unknown number
 */
export function homeFolder(env: Environment = process.env, platform: NodeJS.Platform = process.platform, home = homedir): string {
  return env[HOME_VARIABLE] || (FOLDERS[platform] ?? xdgFolder)(known(home), env);
}
