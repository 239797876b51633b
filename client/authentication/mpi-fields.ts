import { currencyNumber, MPI_VARIABLES } from '../../contracts/index.js';
import type { BrowserField } from '../browser-form.js';
import type { Card } from '../card.js';
import {
  acceptedNames,
  type Check,
  countryProblem,
  emailProblem,
  type FieldSource,
  FormWriter,
  integerProblem,
  isRecord,
  noProblem,
  urlProblem,
} from '../form-fields.js';
import { type Money, moneyProblem } from '../money.js';

/** Who pays, as 3-D Secure 2 asks for it. See docs/protocol.md#section-7. */
export interface Customer {
  /** E-mail address, 6 to 120 characters. */
  readonly email: string;
  /** At most 45 characters. */
  readonly firstName: string;
  /** At most 45 characters. */
  readonly lastName: string;
  /** Street and number, at most 50 characters. */
  readonly address: string;
  /** Postal code, at most 16 characters. */
  readonly zipCode: string;
  /** At most 50 characters. */
  readonly city: string;
  /** ISO 3166, three digits: `250` for France. */
  readonly country: string;
  /** Number of articles ordered, 1 to 99. */
  readonly quantity: number;
}

/** The parameters of `client.authentication`. */
export interface AuthenticationParameters {
  /** The amount of the payment that follows. */
  readonly amount: Money;
  /** The card, with its security code. */
  readonly card: Card & { readonly cvv: string };
  /**
   * Your own number of this authentication, unique, at most 250 characters of ISO-8859-1 without `&`. The result repeats it. Do not use
   * it again for a second attempt.
   */
  readonly session: string;
  /** Where the result goes. Default: the addresses of the account. */
  readonly urls?:
    | {
        /** URLHttpDirect: the gateway calls it with the result. At most 1024 characters. */
        readonly server?: string | undefined;
        /** URLRetour: the customer's browser posts the result to it. At most 1024 characters. */
        readonly browser?: string | undefined;
      }
    | undefined;
  /** The variables of 3-D Secure 2. Without them the authentication is one of version 1. */
  readonly customer?: Customer | undefined;
}

// The result comes back in ISO-8859-1, and what it signs is not clear if a value contains the separator.
const sessionProblem: Check = (value) => {
  if (typeof value !== 'string') return 'must be a string';
  return /^[\x20-\x25\x27-\x7e\xa0-\xff]*$/.test(value) ? undefined : 'must be printable characters of ISO-8859-1 without &';
};

const SOURCES: Readonly<Record<string, FieldSource>> = {
  IdMerchant: { path: ['identifiant'], check: noProblem },
  IdSession: { path: ['session'], check: sessionProblem },
  Amount: { path: ['amount', 'value'], check: noProblem },
  Currency: { path: ['amount', 'devise'], check: noProblem },
  CCNumber: { path: ['card', 'number'] },
  CCExpDate: { path: ['card', 'expiry'] },
  CVVCode: { path: ['card', 'cvv'] },
  URLHttpDirect: { path: ['urls', 'server'], check: urlProblem, isOptional: true },
  URLRetour: { path: ['urls', 'browser'], check: urlProblem, isOptional: true },
  EmailPorteur: { path: ['customer', 'email'], check: emailProblem },
  FirstName: { path: ['customer', 'firstName'] },
  LastName: { path: ['customer', 'lastName'] },
  Address1: { path: ['customer', 'address'] },
  ZipCode: { path: ['customer', 'zipCode'] },
  City: { path: ['customer', 'city'] },
  CountryCode: { path: ['customer', 'country'], check: countryProblem },
  TotalQuantity: { path: ['customer', 'quantity'], check: integerProblem(1, 99) },
};

const ACCEPTED = acceptedNames(SOURCES, { own: ['identifiant'], objects: ['card', 'urls', 'customer'] });

const writer = new FormWriter('authentication');

/**
 * Converts the parameters of an authentication to the fields of the form, in the order of {@link MPI_VARIABLES}.
 *
 * @param identifiant IDENTIFIANT of the account
 * @throws MisuseError naming the parameter that is missing, not accepted or not valid. Never shows its value
 */
export function mpiFieldsOf(given: unknown, identifiant: string | undefined): BrowserField[] {
  if (!isRecord(given)) throw writer.misuse('the parameters must be an object');
  writer.checkIdentifiant(identifiant);
  writer.checkNames(given, ACCEPTED);
  const problem = moneyProblem(given.amount);
  if (problem !== undefined) throw writer.misuse(`amount: ${problem}`);
  const { value, currency } = given.amount as Money;
  const parameters = { ...given, identifiant, amount: { value, devise: currencyNumber(currency) } };
  return MPI_VARIABLES.flatMap((variable) => {
    const source = SOURCES[variable.name];
    if (!source) throw new Error(`No parameter is defined for the variable ${variable.name}.`);
    if (variable.needed === 'version2' && given.customer === undefined) return [];
    return writer.write(variable, source, parameters);
  });
}
