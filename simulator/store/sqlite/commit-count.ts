// The table `commits` has one row for each writer. All processes that use a SQLite file are one writer, the empty one: they commit in turn.

/** Reads the number of the last commit of a file. No row: nothing was ever committed. */
export const READ_COUNT = "SELECT number FROM commits WHERE writer = ''";
/** Makes the row of a file. */
export const BEGIN_COUNT = "INSERT OR IGNORE INTO commits VALUES ('', 0, 0)";
/** Counts a commit, inside its transaction. Returns its number. */
export const COUNT_COMMIT = "UPDATE commits SET number = number + 1 WHERE writer = '' RETURNING number";
