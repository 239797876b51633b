// `npm start`: prepares the checkout, then runs the command `paybox-sim` with the given arguments.
import { ensure } from './ensure.mjs';

// SQLite is needed only for a file. A PostgreSQL database is given as a URL.
const db = process.argv.find((argument, index) => process.argv[index - 1] === '--db' || argument.startsWith('--db='));
await ensure({ sqlite: db !== undefined && !/^(?:--db=)?postgres(?:ql)?:/.test(db) });
await import('../dist/cli/main.js');
