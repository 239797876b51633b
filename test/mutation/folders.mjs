// What `npm run mutation` changes, and the tests that must notice. Tests that start servers, browsers or databases are left out: they would
// take hours, and the rules are tested without them.
const SIMULATOR =
  'test/simulator/!(https|http-listen|inspector|no-stall|no-secret|control-mutations|store-postgres|store-sqlite-open|store-sqlite-process|store-two|postgres)*.test.ts';

export const FOLDERS = {
  engine: { mutate: ['simulator/engine/**/*.ts'], tests: [SIMULATOR] },
  gateway: { mutate: ['simulator/gateway/**/*.ts'], tests: [SIMULATOR] },
  journal: { mutate: ['simulator/journal/**/*.ts'], tests: [SIMULATOR] },
  store: {
    mutate: ['simulator/store/{memory,sqlite}/**/*.ts', 'simulator/store/*.ts'],
    tests: ['test/simulator/store-!(postgres|sqlite-open|sqlite-process|two)*.test.ts'],
  },
  contracts: { mutate: ['contracts/**/*.ts'], tests: ['test/contracts/*.test.ts', SIMULATOR] },
  client: { mutate: ['client/**/*.ts'], tests: ['test/client/!(browser-bundle|odd-servers)*.test.ts'] },
  scenarios: { mutate: ['scenarios/*.ts'], tests: ['test/scenarios/!(library|examples|mutants|contract)*.test.ts'] },
};
