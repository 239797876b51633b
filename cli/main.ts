#!/usr/bin/env node
import { makeProgram } from './program.js';
import { reportFailure } from './report-failure.js';

await makeProgram().parseAsync().catch(reportFailure);
