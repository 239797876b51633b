import { expect, test } from 'vitest';
import {
  AUTHENTICATION_CARDS,
  AUTHENTICATION_OUTCOMES,
  authenticationBehaviour,
  isLuhn,
  MPI_VARIABLE_BY_NAME,
  MPI_VARIABLES,
  outcomeEntry,
  readMagicCard,
  SOFT_DECLINE,
} from '../../contracts/index.js';

test('the variables of RemoteMPI are those of the protocol sheet', () => {
  const namesOf = (needed: string) => MPI_VARIABLES.filter((variable) => variable.needed === needed).map(({ name }) => name);
  expect(namesOf('always').join(' ')).toBe('IdMerchant IdSession Amount Currency CCNumber CCExpDate CVVCode');
  expect(namesOf('never').join(' ')).toBe('URLHttpDirect URLRetour');
  expect(namesOf('version2').join(' ')).toBe('EmailPorteur FirstName LastName Address1 ZipCode City CountryCode TotalQuantity');
  expect(MPI_VARIABLE_BY_NAME.size).toBe(MPI_VARIABLES.length);
});

test('every outcome is listed once, and only StatusPBX decides whether a payment is accepted', () => {
  for (const entry of AUTHENTICATION_OUTCOMES) {
    expect(outcomeEntry(entry.outcome)).toBe(entry);
    expect(entry.fields.StatusPBX === 'Autorisation à faire').toBe(entry.mayPay);
  }
});

test('the cards of authentications are valid numbers and not magic cards of a response code', () => {
  for (const { PORTEUR, meaning, ...behaviour } of AUTHENTICATION_CARDS) {
    expect(PORTEUR).toMatch(/^1111223\d0000000\d$/);
    expect(isLuhn(PORTEUR)).toBe(true);
    expect(readMagicCard(PORTEUR)).toBeUndefined();
    expect(authenticationBehaviour(PORTEUR)).toEqual(behaviour);
    expect(meaning.fr).not.toBe('');
  }
  const outcomes = new Set(AUTHENTICATION_CARDS.map(({ outcome }) => outcome));
  expect(outcomes).toEqual(new Set(AUTHENTICATION_OUTCOMES.map(({ outcome }) => outcome)));
});

test('a card that is not listed is authenticated without a challenge', () => {
  expect(authenticationBehaviour('1111222233334444')).toEqual({ hasChallenge: false, outcome: 'authenticated' });
});

test('a soft decline is a code of the issuer', () => {
  expect(SOFT_DECLINE).toBe('001A1');
});
