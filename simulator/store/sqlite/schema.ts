/** Marks a SQLite file as the simulator's own (`PRAGMA application_id`): the letters PBXD. */
export const APPLICATION_ID = 0x50425844;

type Replacements = readonly (readonly [text: string, by: string])[];

/** SQL that replaces texts in a value, one after another. */
const replaced = (value: string, replacements: Replacements): string =>
  replacements.reduce((sql, [text, by]) => `replace(${sql}, '${text}', '${by}')`, value);

/** `NAME","value"],["NAME","value` as `NAME=value&NAME=value`: the signs this needs for itself and what JSON escapes become percent-encoded. */
const REQUEST_FROM_JSON: Replacements = [
  ['%', '%25'],
  ['&', '%26'],
  ['=', '%3d'],
  // A value that looks like what parts two variables.
  ['","],["]', '","%5d%2c%5b"]'],
  ['"],["', '&'],
  ['","', '='],
  // The backslash first: what is left of them begins something else.
  ['\\\\', '%5c'],
  ['\\"', '%22'],
  ['\\n', '%0a'],
  ['\\r', '%0d'],
  ['\\t', '%09'],
  ['\\b', '%08'],
  ['\\f', '%0c'],
  ['\\u00', '%'],
];

/** Control characters as JSON writes those without a letter of their own. */
const CONTROLS = Array.from({ length: 0x20 }, (_, code) => `\\u${code.toString(16).padStart(4, '0')}`);

/** `NAME":"value","NAME":"value` as `NAME=value&NAME=value`, what would break it apart as a space: as replies have always been sent. */
const REPLY_FROM_JSON: Replacements = [
  ['&', ' '],
  // A value that looks like what parts two variables, and a backslash, are put aside meanwhile.
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
 * The schema, version by version: the n-th entry turns a file of version n into one of version n + 1.
 * Entries are never changed once released; a new version is a new entry.
 * Columns that hold a variable of the wire carry its name; NUMTRANS and NUMAPPEL are kept as numbers.
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
  -- What is known of the payment itself stands on its first row.
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
  // All that the processes of a gateway share, where there was the clock alone.
  `
  ALTER TABLE gateways ADD COLUMN shared TEXT;
  UPDATE gateways SET shared = json_object('clock', json(clock)) WHERE clock IS NOT NULL;
  ALTER TABLE gateways DROP COLUMN clock;
  `,
  // Requests and replies as they stand on the wire, where there was JSON.
  `
  UPDATE journal SET
    request = CASE request WHEN '[]' THEN '' ELSE ${replaced('substr(request, 4, length(request) - 6)', REQUEST_FROM_JSON)} END,
    reply = CASE reply WHEN '{}' THEN '' ELSE ${replaced('substr(reply, 3, length(reply) - 4)', REPLY_FROM_JSON)} END;
  `,
];
