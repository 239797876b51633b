#!/usr/bin/env node
import { ignoreBrokenPipe } from './ignore-broken-pipe.js';
import { makeProgram } from './program.js';
import { reportFailure } from './report-failure.js';

ignoreBrokenPipe(process.stdout, process.stderr);
await makeProgram().parseAsync().catch(reportFailure);
