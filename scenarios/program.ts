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
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.stderr += text;
    });
    let isEnded = false;
    const kill = (): void => {
      if (isGrouped && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      else child.kill('SIGKILL');
    };
    killed?.then(
      () => isEnded || kill(),
      () => {},
    );
    const timer = setTimeout(() => {
      kill();
      reject(new ProgramError(`It took longer than ${within} s and was killed. ${maskedTail(output.stderr)}`));
    }, within * 1000);
    child.once('error', (cause) => {
      clearTimeout(timer);
      reject(new ProgramError(cause.message, { cause }));
    });
    child.once('exit', () => {
      isEnded = true;
    });
    child.once('close', (status) => {
      clearTimeout(timer);
      resolve({ status, ...output });
    });
  });
}
