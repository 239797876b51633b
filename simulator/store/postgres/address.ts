import { StoreError } from '../store.js';

const HOW = 'Write postgres://user:password@host:5432/database';

/** Where a database is. */
export interface Address {
  /** As it was given, password and all. */
  readonly url: string;
  /** For people: without the password. */
  readonly shown: string;
}

/** Whether the name of a database is a PostgreSQL URL. */
export const isPostgresUrl = (db: string): boolean => /^postgres(ql)?:\/\//i.test(db);

// An at sign after the host is the end of a password that was cut short: nothing of it may be shown.
function isCutShort({ pathname, search, hash }: URL): boolean {
  return hash !== '' || `${pathname}${search}`.includes('@');
}

function parse(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && !isCutShort(parsed)) return parsed;
  throw new StoreError(
    `The database's URL cannot be read. ${HOW}, with %2F for /, %40 for @, %23 for # and %3F for ? in the password, or leave the password to PGPASSWORD or ~/.pgpass.`,
  );
}

/**
 * Reads a PostgreSQL URL.
 *
 * @throws StoreError when it is none; the message holds nothing of what may be a password
 */
export function readAddress(url: string): Address {
  const shown = parse(url);
  shown.password = '';
  for (const name of [...shown.searchParams.keys()]) if (/password/i.test(name)) shown.searchParams.delete(name);
  return { url, shown: decodeURI(shown.href) };
}
