import { type AuthMethod, accountId, TEST_ACCOUNTS, type TestAccount } from '../../contracts/index.js';

/** When a NUMQUESTION counts as seen before. Protocol sheet, section 3, step 5. */
export type QuestionNumberPolicy =
  /** Once per account, day and TYPE: a capture may reuse its authorization's number. */
  | 'per-day-and-type'
  /** Once per account and day, whatever the TYPE. */
  | 'per-day'
  /** Never. */
  | 'off';

/** An account of the gateway with its settings. */
export interface Account {
  /** `SITE/RANG`, RANG on three digits. */
  readonly id: string;
  readonly SITE: string;
  readonly RANG: string;
  readonly IDENTIFIANT: string;
  readonly CLE: string;
  /** 128 hex digits; empty where the account does not sign. */
  readonly hmacKey: string;
  readonly auth: AuthMethod;
  /** Refuse a card without CVV (00020). */
  readonly cvvRequired: boolean;
  /** First digits of the cards accepted; others are refused with 00021. Empty: all. */
  readonly acceptedBins: readonly string[];
  /** PAYS of the cards accepted; others are refused with 00024. Empty: all. */
  readonly acceptedCountries: readonly string[];
  /** Highest amount of one operation in minor units; above it 00022. 0: none. */
  readonly ceiling: number;
  /** Refuse the second payment of a card on one day (00023). */
  readonly oneCardADay: boolean;
  readonly questionNumbers: QuestionNumberPolicy;
  /** AUTORISATION of a success: `test` answers XXXXXX as pre-production does, `realistic` a number. */
  readonly authorizationNumbers: 'test' | 'realistic';
  /** Days an authorization can be captured. */
  readonly authorizationDays: number;
  /** Refuse an enrolled card that was not authenticated (00040). */
  readonly threeDSecure: boolean;
  /** The ID3D contexts the account knows, and whether the cardholder was authenticated. */
  readonly id3d: Readonly<Record<string, 'authenticated' | 'failed'>>;
  /** Obey ERRORCODETEST, as test platforms do. */
  readonly errorCodeTest: boolean;
  /** Answer every question with this code. 00000 lets questions through, past magic cards and amounts; empty: none. */
  readonly answer: string;
}

/** What may be said of an account; SITE and RANG are needed, the rest has defaults. */
export type AccountInput = Pick<Account, 'SITE' | 'RANG'> & Partial<Omit<Account, 'id'>>;

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
  threeDSecure: false,
  id3d: {},
  errorCodeTest: true,
  answer: '',
} as const;

/**
 * An account with every setting filled in: from the input, else from the account as it was, else from the defaults.
 * `auth` follows from the secrets that are there unless it is said.
 */
export function makeAccount(input: AccountInput, before?: Account): Account {
  const merged = { ...DEFAULTS, ...before, ...input };
  const auth = input.auth ?? before?.auth ?? (merged.hmacKey === '' ? 'cle' : merged.CLE === '' ? 'hmac' : 'either');
  return { ...merged, auth, id: accountId(input.SITE, input.RANG) };
}

function fromTestAccount({ note, evidence, ...account }: TestAccount): Account {
  return makeAccount(account);
}

/** The accounts of a gateway by id. */
export type Accounts = ReadonlyMap<string, Account>;

/** The published test accounts and those given, the latter winning setting by setting. */
export function makeAccounts(inputs: readonly AccountInput[] = []): Map<string, Account> {
  const accounts = new Map(TEST_ACCOUNTS.map(fromTestAccount).map((account) => [account.id, account]));
  for (const input of inputs) {
    const account = makeAccount(input, accounts.get(accountId(input.SITE, input.RANG)));
    accounts.set(account.id, account);
  }
  return accounts;
}
