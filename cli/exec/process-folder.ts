import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the files of this process. Other users can read it: a server may run its workers as another user. */
export interface ProcessFolder {
  readonly folder: string;
  /** Deletes it with its files. */
  remove(): void;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is the process of another user.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true });

// A process that was killed with SIGKILL could not delete its folder.
function removeAbandoned(parent: string, prefix: string): void {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number(/^(\d+)-/.exec(name.slice(prefix.length))?.[1] ?? process.pid);
    if (isRunning(pid)) continue;
    try {
      remove(join(parent, name));
    } catch {
      // It belongs to another user.
    }
  }
}

/**
 * Makes a temporary folder for this process, and deletes those of the same name whose processes have ended.
 *
 * @param name the beginning of its name. The name of the host follows, because containers that share the folder have other processes.
 */
export function makeProcessFolder(name: string): ProcessFolder {
  const parent = tmpdir();
  const prefix = `${name}-${hostname()}-`;
  removeAbandoned(parent, prefix);
  const folder = mkdtempSync(join(parent, `${prefix}${process.pid}-`));
  chmodSync(folder, 0o755);
  return { folder, remove: () => remove(folder) };
}
