#!/usr/bin/env node
import { makeProgram } from './program.js';
import { reportFailure } from './report-failure.js';

// A gateway keeps serving after the reader of its output ends (`paybox-sim serve | head -1`).
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
await makeProgram().parseAsync().catch(reportFailure);
