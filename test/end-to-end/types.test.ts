import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { userProject } from '../support/user-project.js';

const USE = `
import { createSimulator, type SimulatorOptions } from 'paybox-direct-simulator';
import { createClient } from 'paybox-direct-simulator/client';
import { OPERATIONS } from 'paybox-direct-simulator/contracts';
import { backendHandlers, mapping, payboxHandlers } from 'paybox-direct-simulator/msw';
import { runScenarios } from 'paybox-direct-simulator/scenarios';
import { contractTests, test } from 'paybox-direct-simulator/vitest';

const options: SimulatorOptions = { rules: [{ match: { TYPE: 'pay' }, answer: '00105' }] };
const paybox = payboxHandlers(options);
const client = createClient(paybox.clientOptions);
export const handlers = backendHandlers({ '/api/pay': mapping({ send: () => client.inquire({ transaction: 7 as never }), answer: ({ kind }) => ({ kind }) }) });
export const used = [createSimulator(options).url, OPERATIONS.length, runScenarios, contractTests, test];
// @ts-expect-error: not an option
payboxHandlers({ clok: '2026-06-10T12:00' });
`;

const CONFIG = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    // The project of a user does not have the types of our own dependencies, so they must not be needed.
    skipLibCheck: false,
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2023', 'dom', 'dom.iterable'],
    types: ['node'],
    typeRoots: [resolve('node_modules/@types')],
  },
  include: ['use.ts'],
};

const TSC = resolve('node_modules/typescript/bin/tsc');

test('the types of the built package need no package that a user has not installed', async () => {
  const folder = await userProject({ 'use.ts': USE, 'tsconfig.json': JSON.stringify(CONFIG) }, ['msw', 'vitest'], { copy: true });
  const { stdout } = await promisify(execFile)(process.execPath, [TSC, '-p', folder]).catch((error: { stdout: string }) => error);
  const ours = stdout.split('\n').filter((line) => /^\S*(use\.ts|paybox-direct-simulator)/.test(line));
  expect(ours).toEqual([]);
});
