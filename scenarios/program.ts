import { spawn } from 'node:child_process';
import type { StepResult } from './case-context.js';
import { maskedTail } from './masking.js';
import type { RunStep } from './scenario.js';
import type { Endpoint } from './target.js';

/** A program did not end in time, or could not be started. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
}

/** The default time limit of a `run` or `call` step. Seconds. It ends what hangs, also on a busy machine, and measures nothing. */
export const DEFAULT_SECONDS = 60;

/** How much of each output is kept, in characters. A program that writes more is killed. */
const MOST_OUTPUT = 10_000_000;

/** How long the output is read after the program has ended, while a process that it left behind holds it open. Milliseconds. */
const AFTER_END = 1000;

/** What kills the programs that run. */
const running = new Set<() => void>();

/** Kills all programs that run, with the processes that they started. */
export function killPrograms(): void {
  for (const kill of running) kill();
}

/** The environment variables that give a program the gateway's URL and its account. */
export function gatewayEnvironment({ url, backupUrl, account }: Endpoint): Record<string, string> {
  const { site, rang, identifiant = '', cle = '', hmacKey = '', version } = account;
  return {
    PAYBOX_URL: url,
    PAYBOX_BACKUP_URL: backupUrl ?? url,
    PAYBOX_SITE: site,
    PAYBOX_RANG: rang,
    PAYBOX_IDENTIFIANT: identifiant,
    PAYBOX_CLE: cle,
    PAYBOX_HMAC_KEY: hmacKey,
    PAYBOX_VERSION: version,
  };
}

/**
 * Runs a shell command until it ends.
 *
 * @param killed kills the program when it resolves; the exit status is then null
 * @throws ProgramError when the command exceeds its time limit. Its processes are killed (on Windows only the shell).
 */
export function runProgram(
  { run, env = {}, within = DEFAULT_SECONDS }: RunStep,
  endpoint: Endpoint,
  killed?: Promise<unknown>,
): Promise<NonNullable<StepResult['program']>> {
  return new Promise((resolve, reject) => {
    const isGrouped = process.platform !== 'win32';
    const child = spawn(run, {
      shell: true,
      detached: isGrouped,
      env: { ...process.env, ...gatewayEnvironment(endpoint), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    const kill = (): void => {
      try {
        if (isGrouped && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // All of its processes have ended.
      }
    };
    const end = (): void => {
      clearTimeout(timer);
      running.delete(kill);
    };
    const fail = (message: string, options?: ErrorOptions): void => {
      end();
      reject(new ProgramError(message, options));
    };
    const keep = (name: 'stdout' | 'stderr') => (text: string) => {
      output[name] += text;
      if (output[name].length <= MOST_OUTPUT) return;
      output[name] = output[name].slice(0, MOST_OUTPUT);
      kill();
      fail(`It wrote more than ${MOST_OUTPUT} characters and was killed.`);
    };
    running.add(kill);
    child.stdout.setEncoding('utf8').on('data', keep('stdout'));
    child.stderr.setEncoding('utf8').on('data', keep('stderr'));
    let isEnded = false;
    killed?.then(
      () => isEnded || kill(),
      () => {},
    );
    const timer = setTimeout(() => {
      kill();
      fail(`It took longer than ${within} s and was killed. ${maskedTail(output.stderr)}`);
    }, within * 1000);
    child.once('error', (cause) => fail(cause.message, { cause }));
    const succeed = (status: number | null): void => {
      end();
      resolve({ status, ...output });
    };
    child.once('exit', (status) => {
      isEnded = true;
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        succeed(status);
      }, AFTER_END).unref();
    });
    child.once('close', succeed);
  });
}
