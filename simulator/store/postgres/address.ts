import { StoreError } from '../store.js';

/** The address of a PostgreSQL database. */
export interface Address {
  /** The URL as it was given, with its password. */
  readonly url: string;
  /** The URL without its password, for messages. */
  readonly shown: string;
}

/** Whether the name of a database is a PostgreSQL URL. */
export const isPostgresUrl = (db: string): boolean => /^postgres(ql)?:\/\//i.test(db);

// An unescaped /, # or ? in a password ends the host early: the rest of the password, up to the @, is then parsed as path or query.
function hasBrokenPassword({ pathname, search, hash }: URL): boolean {
  return hash !== '' || `${pathname}${search}`.includes('@');
}

function parse(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && !hasBrokenPassword(parsed)) return parsed;
  throw new StoreError(
    'The database URL is invalid. Write postgres://user:password@host:5432/database. In the password, write %2F for /, %40 for @, %23 for # and %3F for ?, or set the password in PGPASSWORD or ~/.pgpass.',
  );
}

/**
 * Reads a PostgreSQL URL.
 *
 * @throws StoreError when it is invalid. The message contains no part of the URL, since any part may belong to the password
 */
export function readAddress(url: string): Address {
  const shown = parse(url);
  shown.password = '';
  for (const name of [...shown.searchParams.keys()]) if (/password/i.test(name)) shown.searchParams.delete(name);
  return { url, shown: decodeURI(shown.href) };
}
