/** `PRAGMA application_id` of the simulator's SQLite files: the letters PBXD. */
export const APPLICATION_ID = 0x50425844;

type Replacements = readonly (readonly [text: string, by: string])[];

/** Returns an SQL expression that makes the replacements in their order. */
const replaced = (value: string, replacements: Replacements): string =>
  replacements.reduce((sql, [text, by]) => `replace(${sql}, '${text}', '${by}')`, value);

/**
 * Converts `NAME","value"],["NAME","value` to `NAME=value&NAME=value`. The separators of the new form, and what JSON escapes, are
 * percent-encoded.
 */
const REQUEST_FROM_JSON: Replacements = [
  ['%', '%25'],
  ['&', '%26'],
  ['=', '%3d'],
  // A value that is the separator of two variables.
  ['","],["]', '","%5d%2c%5b"]'],
  ['"],["', '&'],
  ['","', '='],
  // The escaped backslash first: each backslash that is left then starts another escape.
  ['\\\\', '%5c'],
  ['\\"', '%22'],
  ['\\n', '%0a'],
  ['\\r', '%0d'],
  ['\\t', '%09'],
  ['\\b', '%08'],
  ['\\f', '%0c'],
  ['\\u00', '%'],
];

/** The JSON escapes of control characters, as code units. */
const CONTROLS = Array.from({ length: 0x20 }, (_, code) => `\\u${code.toString(16).padStart(4, '0')}`);

/**
 * Converts `NAME":"value","NAME":"value` to `NAME=value&NAME=value`. Characters that a reply cannot carry become spaces, as in the
 * replies that were sent.
 */
const REPLY_FROM_JSON: Replacements = [
  ['&', ' '],
  // Placeholders (U+0001, U+0002) for a value that is the separator of two variables, and for a backslash.
  ['":",","', '":"\u0001","'],
  ['","', '&'],
  ['":"', '='],
  ['\\\\', '\u0002'],
  ['\\"', '"'],
  ...['\\n', '\\r', '\\t', '\\b', '\\f', ...CONTROLS, '<', '>'].map((text) => [text, ' '] as const),
  ['\u0002', '\\'],
  ['\u0001', ','],
];

/**
 * The migrations of the schema: the n-th entry migrates a file of version n to version n + 1.
 * A released entry is never changed; a new version is a new entry.
 * Columns that hold a variable of the protocol have its name. NUMTRANS and NUMAPPEL are stored as numbers.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE gateways (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    sequence INTEGER NOT NULL DEFAULT 0,
    entries INTEGER NOT NULL DEFAULT 0,
    clock TEXT
  ) STRICT;

  -- One row a transaction; a payment is the rows of one number in the order of their position.
  -- What is known of the payment itself is in its first row.
  CREATE TABLE transactions (
    gateway INTEGER NOT NULL,
    payment INTEGER NOT NULL,
    position INTEGER NOT NULL,
    NUMTRANS INTEGER NOT NULL,
    NUMAPPEL INTEGER NOT NULL,
    TYPE TEXT NOT NULL,
    kind TEXT NOT NULL,
    MONTANT INTEGER NOT NULL,
    DEVISE TEXT NOT NULL,
    at INTEGER NOT NULL,
    AUTORISATION TEXT NOT NULL,
    NUMQUESTION TEXT NOT NULL,
    RANG TEXT NOT NULL,
    DIFFERE INTEGER NOT NULL,
    CODEREPONSE TEXT NOT NULL,
    account TEXT NOT NULL,
    REFERENCE TEXT,
    REFABONNE TEXT,
    origin TEXT,
    card_mask TEXT,
    card_sha1 TEXT,
    TYPECARTE TEXT,
    PAYS TEXT,
    expires_at INTEGER,
    forced_code TEXT,
    forced_type TEXT,
    PRIMARY KEY (gateway, payment, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX later_transactions ON transactions (gateway, NUMTRANS) WHERE position > 0;
  CREATE INDEX payments_by_reference ON transactions (gateway, account, REFERENCE, payment) WHERE REFERENCE IS NOT NULL;

  CREATE TABLE questions (
    gateway INTEGER NOT NULL,
    day TEXT NOT NULL,
    account TEXT NOT NULL,
    NUMQUESTION INTEGER NOT NULL,
    TYPE TEXT NOT NULL,
    PRIMARY KEY (gateway, day, account, NUMQUESTION, TYPE)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE subscribers (
    gateway INTEGER NOT NULL,
    account TEXT NOT NULL,
    REFABONNE TEXT NOT NULL,
    PORTEUR TEXT NOT NULL,
    card_mask TEXT NOT NULL,
    card_sha1 TEXT NOT NULL,
    TYPECARTE TEXT NOT NULL,
    PAYS TEXT NOT NULL,
    DATEVAL TEXT NOT NULL,
    registered_at INTEGER NOT NULL,
    forced_code TEXT,
    forced_type TEXT,
    PRIMARY KEY (gateway, account, REFABONNE)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE cards (
    gateway INTEGER NOT NULL,
    day TEXT NOT NULL,
    account TEXT NOT NULL,
    card_sha1 TEXT NOT NULL,
    PRIMARY KEY (gateway, day, account, card_sha1)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE journal (
    gateway INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    account TEXT NOT NULL,
    TYPE TEXT NOT NULL,
    operation TEXT NOT NULL,
    REFERENCE TEXT NOT NULL,
    CODEREPONSE TEXT NOT NULL,
    payment TEXT NOT NULL,
    origin TEXT NOT NULL,
    request TEXT NOT NULL,
    reply TEXT NOT NULL,
    findings TEXT NOT NULL,
    PRIMARY KEY (gateway, seq)
  ) STRICT, WITHOUT ROWID;
  `,
  // The whole configuration of a gateway (`shared`) replaces its clock.
  `
  ALTER TABLE gateways ADD COLUMN shared TEXT;
  UPDATE gateways SET shared = json_object('clock', json(clock)) WHERE clock IS NOT NULL;
  ALTER TABLE gateways DROP COLUMN clock;
  `,
  // Requests and replies as form text (NAME=value&NAME=value) replace JSON.
  `
  UPDATE journal SET
    request = CASE request WHEN '[]' THEN '' ELSE ${replaced('substr(request, 4, length(request) - 6)', REQUEST_FROM_JSON)} END,
    reply = CASE reply WHEN '{}' THEN '' ELSE ${replaced('substr(reply, 3, length(reply) - 4)', REPLY_FROM_JSON)} END;
  `,
  // A token belongs to a card of an account, and no longer to one subscriber.
  `
  CREATE TABLE tokens (
    gateway INTEGER NOT NULL,
    account TEXT NOT NULL,
    card_sha1 TEXT NOT NULL,
    PORTEUR TEXT NOT NULL,
    PRIMARY KEY (gateway, account, card_sha1)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO tokens SELECT gateway, account, card_sha1, PORTEUR FROM subscribers
    WHERE card_sha1 <> '' ORDER BY registered_at ON CONFLICT DO NOTHING;
  `,
  // The call numbers of imported payments, which the gateway must not give again.
  `
  CREATE INDEX imported_calls ON transactions (gateway, NUMAPPEL) WHERE origin = 'system';
  `,
  // The number of the last commit of each writer: what was acknowledged is compared with it after a crash.
  `
  CREATE TABLE commits (
    writer TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // Authentications of 3-D Secure, and the one that a payment was made with. `data` is JSON.
  `
  CREATE TABLE authentications (
    gateway INTEGER NOT NULL,
    ID3D INTEGER NOT NULL,
    account TEXT NOT NULL,
    IdSession TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (gateway, ID3D)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX authentications_by_session ON authentications (gateway, account, IdSession, ID3D);
  ALTER TABLE transactions ADD COLUMN ID3D TEXT;
  `,
  // Visits of the hosted page. `due_at` is when something of a checkout is due next. `data` is JSON.
  `
  CREATE TABLE checkouts (
    gateway INTEGER NOT NULL,
    id INTEGER NOT NULL,
    account TEXT NOT NULL,
    REFERENCE TEXT NOT NULL,
    due_at INTEGER,
    data TEXT NOT NULL,
    PRIMARY KEY (gateway, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX checkouts_by_reference ON checkouts (gateway, account, REFERENCE, id);
  CREATE INDEX due_checkouts ON checkouts (gateway, due_at, id) WHERE due_at IS NOT NULL;
  `,
];

/** The first version of the schema with the table `commits`. */
export const COMMITS_VERSION = MIGRATIONS.findIndex((sql) => sql.includes('CREATE TABLE commits')) + 1;
