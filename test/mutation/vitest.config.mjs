import { defineConfig } from 'vitest/config';
import { FOLDERS } from './folders.mjs';

const folder = process.env.MUTATION ?? 'engine';

export default defineConfig({ test: { root: '.', include: FOLDERS[folder].tests, isolate: false, testTimeout: 60_000 } });
