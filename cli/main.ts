#!/usr/bin/env node
import { survivePrintingNowhere } from './closed-output.js';
import { makeProgram } from './program.js';
import { reportFailure } from './report-failure.js';

survivePrintingNowhere(process.stdout, process.stderr);
await makeProgram().parseAsync().catch(reportFailure);
