import { isAbsolute } from 'node:path';
import { AuthorityError } from './stored-authority.js';

/** The user's folder for configuration, by the conventions of the platform; undefined if the user has no home folder. */
async function configurationFolder(): Promise<{ folder?: string; cause?: unknown }> {
  try {
    // Imported here: the module asks for the home folder when it is loaded, and throws for a user who has none.
    const { default: envPaths } = await import('env-paths');
    return { folder: envPaths('paybox-direct-simulator', { suffix: '' }).config };
  } catch (cause) {
    return { cause };
  }
}

/**
 * The folder where the certificate authority is stored: `PAYBOX_SIM_HOME`, else the platform's folder for configuration.
 *
 * @throws AuthorityError when the user has no home folder, for instance in a container that runs under an unknown user id
 */
export async function authorityFolder(env: Readonly<Record<string, string | undefined>> = process.env): Promise<string> {
  if (env.PAYBOX_SIM_HOME) return env.PAYBOX_SIM_HOME;
  const { folder = '', cause } = await configurationFolder();
  if (isAbsolute(folder)) return folder;
  throw new AuthorityError(
    'This user has no home folder to store the certificate authority in. Set PAYBOX_SIM_HOME to a folder that can be written.',
    { cause },
  );
}
