import { luhnDigit } from './luhn.js';

/** The path of RemoteMPI, where the customer's browser starts an authentication. See docs/protocol.md#section-7. */
export const REMOTE_MPI_PATH = '/cgi/RemoteMPI.cgi';

/** The names of the variables of RemoteMPI. */
export const MPI_NAMES = [
  'IdMerchant',
  'IdSession',
  'Amount',
  'Currency',
  'CCNumber',
  'CCExpDate',
  'CVVCode',
  'URLHttpDirect',
  'URLRetour',
  'EmailPorteur',
  'FirstName',
  'LastName',
  'Address1',
  'ZipCode',
  'City',
  'CountryCode',
  'TotalQuantity',
] as const;

/** The variables of a result, in their order on the wire. `Check`, the signature, follows. See docs/protocol.md#section-7. */
export const RESULT_ORDER = [
  'IdSession',
  'StatusPBX',
  '3DSTATUS',
  '3DSIGNVAL',
  '3DENROLLED',
  '3DERROR',
  '3DECI',
  '3DXID',
  '3DCAVV',
  '3DCAVVALGO',
  'ID3D',
] as const;

type ResultName = (typeof RESULT_ORDER)[number];

/** The variables of a result, without `Check`. A time-out has no 3DECI, 3DCAVV and 3DCAVVALGO. */
export type ResultFields = { readonly [Name in ResultName]?: string | undefined };

/** How an authentication can end. */
export type AuthenticationOutcome =
  | 'authenticated'
  | 'attempted'
  | 'not-enrolled'
  | 'unavailable'
  | 'declined'
  | 'rejected'
  | 'timeout'
  | 'error';

/** The outcomes after which a payment with the ID3D is accepted. After the others it is refused with 00040. */
const PAYABLE: ReadonlySet<AuthenticationOutcome> = new Set(['authenticated', 'attempted', 'not-enrolled', 'unavailable']);

/** Whether a payment with the ID3D is accepted after an outcome. See docs/protocol.md#refusal-11. */
export const mayPayAfter = (outcome: AuthenticationOutcome): boolean => PAYABLE.has(outcome);

/** CODEREPONSE of a soft decline: the bank wants the cardholder to be authenticated. See docs/protocol.md#section-4. */
export const SOFT_DECLINE = '001A1';

/**
 * Makes the number of a card that decides how an authentication ends: `111122 3N 00 00000 L`. There are no operations 00030 to 00039, so no
 * card of `magicCard` has such a number.
 *
 * @param n from 0 to 9
 */
export function authenticationCard(n: number): string {
  const body = `1111223${n}0000000`;
  return body + luhnDigit(body);
}

/** The card of which a payment without an authentication is refused with {@link SOFT_DECLINE}. */
export const SOFT_DECLINE_CARD = authenticationCard(9);
