import { AUTHENTICATION_OUTCOMES } from '../../contracts/index.js';
import { type Authentication, type AuthenticationUse, MAX_WRONG_CODES } from '../engine/authentication.js';
import { ID3D, isID3D } from './authentication-values.js';
import { AUTHENTICATION_KEYS } from './record-keys.js';
import { recordTable } from './record-table.js';
import { faultsShape, RESULT_FAULT, RESULT_ORDER } from './result-shapes.js';
import {
  ACCOUNT,
  AMOUNT,
  CURRENCY,
  EXPIRY,
  type Expected,
  integerUpTo,
  NUMBER,
  oneOf,
  type ShapeOf,
  STORED_CARD,
  TEXT,
  TIME,
  textUpTo,
} from './shape.js';

/** RemoteMPI accepts 250 characters, and masking may add some. */
const LONGEST_SESSION = 500;

const OUTCOMES: readonly string[] = AUTHENTICATION_OUTCOMES.map(({ outcome }) => outcome);

const USE: ShapeOf<AuthenticationUse> = { members: { payment: NUMBER, at: TIME }, optional: {} };

/** A browser would run a javascript: address. The account's own addresses are checked no further. */
const ADDRESS: Expected = {
  isValid: (value) => TEXT.isValid(value) && /^(https?:\/\/.+)?$/is.test(value as string),
  description: 'an address that begins with http:// or https://, or empty',
};

/** What an authentication is in a row and in a snapshot. */
export const AUTHENTICATION: ShapeOf<Authentication> = {
  members: {
    ID3D,
    account: ACCOUNT,
    IdSession: textUpTo(LONGEST_SESSION),
    MONTANT: AMOUNT,
    DEVISE: CURRENCY,
    card: STORED_CARD,
    version: { isValid: (value) => value === 1 || value === 2, description: '1 or 2' },
    URLHttpDirect: ADDRESS,
    URLRetour: ADDRESS,
    startedAt: TIME,
    expiresAt: EXPIRY,
    outcome: oneOf(['', ...OUTCOMES]),
    endedAt: TIME,
    confirmed: oneOf(OUTCOMES),
    wrongCodes: integerUpTo(MAX_WRONG_CODES),
    order: RESULT_ORDER,
    faults: faultsShape(RESULT_FAULT),
    usedBy: { items: USE },
  },
  optional: { checkout: NUMBER },
};

/** The table `authentications`. */
export const AUTHENTICATIONS = recordTable<Authentication>({
  table: 'authentications',
  id: 'ID3D',
  name: 'IdSession',
  isId: isID3D,
  formatId: String,
  shape: AUTHENTICATION,
  keys: AUTHENTICATION_KEYS,
});
