import {
  type AuthMethod,
  accountId,
  DEFAULT_VARIANTS,
  TEST_ACCOUNTS,
  type TestAccount,
  type ThreeDSecure,
  type Variants,
} from '../../contracts/index.js';
import type { ResultOrder } from './authentication.js';

/** When a NUMQUESTION counts as already used. See docs/protocol.md#refusal-6. */
export type QuestionNumberPolicy =
  /** If it was used on this account and day for the same TYPE. A capture may reuse the number of its authorization. */
  | 'per-day-and-type'
  /** If it was used on this account and day for any TYPE. */
  | 'per-day'
  /** Never. */
  | 'off';

/** An account of the gateway and its settings. */
export interface Account {
  /** `SITE/RANG`, RANG padded to three digits. */
  readonly id: string;
  readonly SITE: string;
  readonly RANG: string;
  readonly IDENTIFIANT: string;
  readonly CLE: string;
  /** 128 hex digits. Empty: the account has no HMAC key. */
  readonly hmacKey: string;
  readonly auth: AuthMethod;
  /** Whether a card without CVV is refused (00020). */
  readonly cvvRequired: boolean;
  /** The accepted BINs (first digits of a card). Other cards are refused with 00021. Empty: all are accepted. */
  readonly acceptedBins: readonly string[];
  /** The accepted countries (PAYS of a card). Other cards are refused with 00024. Empty: all are accepted. */
  readonly acceptedCountries: readonly string[];
  /** The highest amount of an operation, in minor units. A higher one is refused with 00022. 0: no limit. */
  readonly ceiling: number;
  /** Whether a second payment with the same card on the same day is refused (00023). */
  readonly oneCardADay: boolean;
  /** When a repeated NUMQUESTION is refused. */
  readonly questionNumbers: QuestionNumberPolicy;
  /** AUTORISATION of a success: `test` answers XXXXXX as pre-production does, `realistic` six digits. */
  readonly authorizationNumbers: 'test' | 'realistic';
  /** How many days an authorization can be captured. */
  readonly authorizationDays: number;
  /**
   * `required`: a payment without 3-D Secure data is refused with 00112, an enrolled card that was not authenticated with 00040.
   * `optional`: both are accepted. `off`: the account has no 3-D Secure, and RemoteMPI refuses it.
   */
  readonly threeDSecure: ThreeDSecure;
  /** The address that RemoteMPI calls if the request names none. Empty: none. */
  readonly URLHttpDirect: string;
  /** The address to which RemoteMPI leads the browser if the request names none. Empty: none. */
  readonly URLRetour: string;
  /** The address that the hosted page calls if the request names none. Empty: none. */
  readonly PBX_REPONDRE_A: string;
  /** Which result of an authentication or of the hosted page is sent first. `drawn`: each order happens, by the number. */
  readonly resultOrder: ResultOrder | 'drawn';
  /** How often a call to the shop's server is tried. */
  readonly notificationAttempts: number;
  /** The known ID3D contexts, and whether the cardholder was authenticated. */
  readonly id3d: Readonly<Record<string, 'authenticated' | 'failed'>>;
  /** Whether ERRORCODETEST is obeyed, as on the test platforms. */
  readonly errorCodeTest: boolean;
  /** The code that answers every question. 00000: magic cards and amounts have no effect. Empty: no code. */
  readonly answer: string;
  /** How the gateway behaves where the evidence disagrees or is silent. See docs/protocol.md#section-10. */
  readonly variants: Variants;
}

/** The settings to make an account with. SITE and RANG are required, the others have defaults. */
export type AccountInput = Pick<Account, 'SITE' | 'RANG'> &
  Partial<Omit<Account, 'id' | 'variants' | 'threeDSecure'>> & {
    readonly variants?: Partial<Variants> | undefined;
    /** True means `required`, false `optional`. */
    readonly threeDSecure?: ThreeDSecure | boolean | undefined;
  };

const DEFAULTS = {
  IDENTIFIANT: '',
  CLE: '',
  hmacKey: '',
  cvvRequired: false,
  acceptedBins: [],
  acceptedCountries: [],
  ceiling: 0,
  oneCardADay: false,
  questionNumbers: 'per-day-and-type',
  authorizationNumbers: 'test',
  authorizationDays: 7,
  threeDSecure: 'optional',
  URLHttpDirect: '',
  URLRetour: '',
  PBX_REPONDRE_A: '',
  resultOrder: 'drawn',
  notificationAttempts: 1,
  id3d: {},
  errorCodeTest: true,
  answer: '',
} as const;

function readThreeDSecure(setting: ThreeDSecure | boolean): ThreeDSecure {
  if (typeof setting !== 'boolean') return setting;
  return setting ? 'required' : 'optional';
}

/**
 * Makes an account. Each setting comes from the input, else from the account before the change, else from the defaults.
 * Default of `auth`: by the keys that the account has.
 */
export function makeAccount(input: AccountInput, before?: Account): Account {
  const merged = { ...DEFAULTS, ...before, ...input };
  const auth = input.auth ?? before?.auth ?? (merged.hmacKey === '' ? 'cle' : merged.CLE === '' ? 'hmac' : 'either');
  const variants = { ...DEFAULT_VARIANTS, ...before?.variants, ...input.variants };
  const threeDSecure = readThreeDSecure(merged.threeDSecure ?? DEFAULTS.threeDSecure);
  return { ...merged, auth, variants, threeDSecure, id: accountId(input.SITE, input.RANG) };
}

/** Whether an IDENTIFIANT that was sent is that of an account. Leading zeros do not count. An account without one takes any. */
export const hasIdentifiant = ({ IDENTIFIANT }: Account, sent: string): boolean =>
  IDENTIFIANT === '' || Number(sent) === Number(IDENTIFIANT);

function fromTestAccount({ note, evidence, ...account }: TestAccount): Account {
  return makeAccount(account);
}

/** The accounts of a gateway, by id. */
export type Accounts = ReadonlyMap<string, Account>;

/** The published test accounts and the given ones, by id. A given setting replaces that of a test account. */
export function makeAccounts(inputs: readonly AccountInput[] = []): Map<string, Account> {
  const accounts = new Map(TEST_ACCOUNTS.map(fromTestAccount).map((account) => [account.id, account]));
  for (const input of inputs) {
    const account = makeAccount(input, accounts.get(accountId(input.SITE, input.RANG)));
    accounts.set(account.id, account);
  }
  return accounts;
}
