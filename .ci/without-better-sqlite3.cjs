// Preloaded (node --require), makes better-sqlite3 fail as it does where it is not built. Processes that inherit NODE_OPTIONS load it too.
const path = require.resolve('better-sqlite3');
function Unbuilt() {
  throw new Error('better-sqlite3 is left out.');
}
require.cache[path] = { id: path, filename: path, loaded: true, exports: Unbuilt, children: [], paths: [] };
