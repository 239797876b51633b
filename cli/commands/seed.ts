import { createSimulator, type SeedResult, seed } from '../../simulator/index.js';
import type { CommandIo } from '../command-io.js';
import { messages } from '../messages/index.js';
import { UserError } from '../user-error.js';

/** Options of `paybox-sim seed`. */
export interface SeedCommandOptions {
  readonly payments: number;
  readonly seed: number;
  readonly days: number;
  readonly db?: string;
  readonly url: string;
}

async function seedDatabase(db: string, { payments, seed: value, days }: SeedCommandOptions): Promise<SeedResult> {
  const simulator = createSimulator({ db });
  try {
    return await seed(simulator.gateway, { payments, seed: value, days });
  } finally {
    await simulator.close();
  }
}

async function seedServer({ url, payments, seed: value, days }: SeedCommandOptions): Promise<SeedResult> {
  const body = JSON.stringify({ payments, seed: value, days });
  const base = url.replace(/\/+$/, '');
  const response = await fetch(`${base}/_sim/seed`, { method: 'POST', body }).catch((cause: unknown) => {
    throw new UserError(messages().seed.noSimulator(base), { cause });
  });
  const answer = (await response.json()) as SeedResult & { error?: string };
  if (!response.ok) throw new UserError(messages().answered(base, response.status, answer.error ?? ''));
  return answer;
}

/**
 * Generates payments in a database or in a running simulator, and prints how many.
 *
 * @throws UserError when no simulator answers at the URL, or it refuses
 */
export async function seedCommand(options: SeedCommandOptions, io: CommandIo): Promise<void> {
  const made = options.db === undefined ? await seedServer(options) : await seedDatabase(options.db, options);
  io.stdout.write(`${messages().seed.made(made.payments, made.questions, made.refused)}\n`);
}
