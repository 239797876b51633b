#!/usr/bin/env node
import { languageOf } from './language.js';
import { makeProgram } from './program.js';
import { reportFailure } from './report-failure.js';

// A gateway keeps serving after the reader of its output ends (`paybox-sim serve | head -1`).
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
await makeProgram(process, languageOf(process.argv.slice(2), process.env))
  .parseAsync()
  .catch(reportFailure);
