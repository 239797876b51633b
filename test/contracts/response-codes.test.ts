import { describe, expect, test } from 'vitest';
import {
  commentOf,
  ISSUER_CODES,
  isIssuerRefusal,
  isRetryable,
  mayHaveBeenProcessed,
  REFUSAL_PREFIX,
  RESPONSE_CODE_BY_CODE,
  RESPONSE_CODES,
  SUCCESS,
} from '../../contracts/index.js';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => String(from + n).padStart(2, '0'));

// See docs/protocol.md#section-4.
const OWN = [...range(0, 28), '39', '40', '41', '97', '98', '99'].map((code) => `000${code}`);
const ISSUER =
  '00 01 02 03 04 05 07 08 12 13 14 15 17 19 20 24 25 26 27 28 29 30 31 33 34 38 41 43 51 54 55 56 57 58 59 60 61 63 68 75 76 82 89 90 91 94 96 97 98 99'.split(
    ' ',
  );
const RETRYABLE = ['00001', '00003', '00097', '00098', '00099'];

test('the gateway has the codes of the protocol sheet and no others', () => {
  expect(RESPONSE_CODES.map(({ code }) => code)).toEqual([...OWN, ...ISSUER.map((code) => `001${code}`)]);
  expect(ISSUER_CODES.map(({ code }) => code)).toEqual(ISSUER);
  expect([...RESPONSE_CODE_BY_CODE.keys()]).toEqual(RESPONSE_CODES.map(({ code }) => code));
});

test('only 00001, 00003, 00097, 00098 and 00099 are retryable', () => {
  expect(RESPONSE_CODES.filter(({ code }) => isRetryable(code)).map(({ code }) => code)).toEqual(RETRYABLE);
});

test('only after 00099 the question may have been processed', () => {
  expect(RESPONSE_CODES.filter(({ code }) => mayHaveBeenProcessed(code)).map(({ code }) => code)).toEqual(['00099']);
});

test.each(['99999', '', '1', 'toString'])('the unknown code %j is not retryable', (code) => {
  expect(isRetryable(code)).toBe(false);
  expect(mayHaveBeenProcessed(code)).toBe(false);
});

describe('commentOf', () => {
  test.each([
    ['00000', 'Demande traitée avec succès'],
    ['00004', 'PAYBOX : Numéro de porteur invalide'],
    ['00005', 'PAYBOX : Numéro de question invalide'],
    ['00006', 'PAYBOX : Accès refusé ou site/rang/clé invalide'],
    ['00015', 'PAYBOX : Transaction non trouvée'],
    ['00017', 'PAYBOX : Abonné inexistant'],
    ['00041', 'PAYBOX : ID3D inconnu'],
  ])('returns the observed text of %s', (code, comment) => {
    expect(commentOf(code)).toBe(comment);
    expect(RESPONSE_CODE_BY_CODE.get(code)?.evidence).toBe('O');
  });

  test('has the prefix once for every code of the gateway except success, and never for a code of the issuer', () => {
    const bare = RESPONSE_CODES.filter(({ code }) => !/^PAYBOX : (?!PAYBOX)./.test(commentOf(code)));
    expect(bare.map(({ code }) => code)).toEqual([SUCCESS, ...ISSUER.map((code) => `001${code}`)]);
    expect(bare.filter(({ code }) => commentOf(code) === '' || commentOf(code).includes('PAYBOX'))).toEqual([]);
  });

  test.each([
    ['00114', 'Numéro de porteur invalide'],
    ['00115', 'Emetteur de carte inconnu'],
    ['00189', '*** Code erreur en retour de la banque inconnu ***'],
  ])('returns the observed text of the issuer code %s without a prefix', (code, comment) => {
    expect(commentOf(code)).toBe(comment);
    expect(RESPONSE_CODE_BY_CODE.get(code)?.evidence).toBe('O');
  });

  test('names a code that is not in the table', () => {
    expect(commentOf('00777')).toBe(`${REFUSAL_PREFIX}Refus 00777`);
    expect(commentOf('001A1')).toBe('*** Code erreur en retour de la banque inconnu ***');
  });
});

describe('isIssuerRefusal', () => {
  test('is true for the issuer codes except the approval', () => {
    expect(RESPONSE_CODES.filter(({ code }) => isIssuerRefusal(code)).map(({ code }) => code)).toEqual(
      ISSUER.slice(1).map((code) => `001${code}`),
    );
  });

  test('is true for an issuer code that is not in the table', () => {
    expect(isIssuerRefusal('00162')).toBe(true);
  });

  test.each(['00000', '00100', '00001', '0010', '001050', 'x00105', ''])('is false for %j', (code) => {
    expect(isIssuerRefusal(code)).toBe(false);
  });
});
