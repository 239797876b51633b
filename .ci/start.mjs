// `npm start`: prepares the checkout, then runs the command `paybox-sim` with the given arguments.
import { isBuiltin } from 'node:module';
import { ensure } from './ensure.mjs';

// SQLite is needed only for a file, and Node.js 22.13 and newer have it. A PostgreSQL database is given as a URL.
const db = process.argv.find((argument, index) => process.argv[index - 1] === '--db' || argument.startsWith('--db='));
await ensure({ sqlite: db !== undefined && !isBuiltin('node:sqlite') && !/^(?:--db=)?postgres(?:ql)?:/.test(db) });
await import('../dist/cli/main.js');
