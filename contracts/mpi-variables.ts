import type { Bilingual, Evidence } from './annotations.js';
import type { MPI_NAMES } from './three-d-secure.js';

/** A variable of a request to RemoteMPI. */
export interface MpiVariable {
  readonly name: (typeof MPI_NAMES)[number];
  readonly format: 'digits' | 'text';
  /** Minimum and maximum length in characters. */
  readonly length: readonly [min: number, max: number];
  /** The version of 3-D Secure that needs it: both, only version 2, or none. */
  readonly needed: 'always' | 'version2' | 'never';
  readonly meaning: Bilingual;
  readonly evidence: Evidence;
}

const v = (
  name: MpiVariable['name'],
  format: MpiVariable['format'],
  length: readonly [number, number],
  needed: MpiVariable['needed'],
  en: string,
  fr: string,
): MpiVariable => ({ name, format, length, needed, meaning: { en, fr }, evidence: 'O' });

/** The variables of RemoteMPI. Any other name is accepted and has no effect. See docs/protocol.md#section-7. */
export const MPI_VARIABLES: readonly MpiVariable[] = [
  v('IdMerchant', 'digits', [1, 9], 'always', 'IDENTIFIANT of the account', 'IDENTIFIANT du compte'),
  v(
    'IdSession',
    'text',
    [1, 250],
    'always',
    'unique number of the authentication, chosen by the shop',
    'numéro unique de l’authentification, choisi par la boutique',
  ),
  v('Amount', 'digits', [1, 10], 'always', 'amount in minor units', 'montant en plus petite unité de la devise'),
  v('Currency', 'digits', [3, 3], 'always', 'currency, ISO 4217 numeric', 'devise, code numérique ISO 4217'),
  v('CCNumber', 'digits', [12, 19], 'always', 'card number', 'numéro de carte'),
  v('CCExpDate', 'digits', [4, 4], 'always', 'card expiry MMYY', 'fin de validité de la carte MMAA'),
  v('CVVCode', 'digits', [3, 4], 'always', 'CVV', 'cryptogramme visuel'),
  v(
    'URLHttpDirect',
    'text',
    [1, 1024],
    'never',
    'address that the gateway calls with the result',
    'adresse que la passerelle appelle avec le résultat',
  ),
  v(
    'URLRetour',
    'text',
    [1, 1024],
    'never',
    'address to which the browser posts the result',
    'adresse vers laquelle le navigateur envoie le résultat',
  ),
  v('EmailPorteur', 'text', [6, 120], 'version2', 'e-mail address of the cardholder', 'adresse e-mail du porteur'),
  v('FirstName', 'text', [1, 45], 'version2', 'first name', 'prénom'),
  v('LastName', 'text', [1, 45], 'version2', 'last name', 'nom'),
  v('Address1', 'text', [1, 50], 'version2', 'street', 'adresse'),
  v('ZipCode', 'text', [1, 16], 'version2', 'postal code', 'code postal'),
  v('City', 'text', [1, 50], 'version2', 'city', 'ville'),
  v('CountryCode', 'digits', [1, 3], 'version2', 'country, ISO 3166 numeric', 'pays, code numérique ISO 3166'),
  v('TotalQuantity', 'digits', [1, 2], 'version2', 'number of articles, 1 to 99', 'nombre d’articles, de 1 à 99'),
];

/** A variable of RemoteMPI by its name. */
export const MPI_VARIABLE_BY_NAME: ReadonlyMap<string, MpiVariable> = new Map(MPI_VARIABLES.map((entry) => [entry.name, entry]));
