// A merchant that uses the reference client. Its commands are described in ../README.md.
import { runCommand } from './commands.js';

console.log(await runCommand(process.argv.slice(2), process.env));
