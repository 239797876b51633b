import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readOrderReference, type SubscriptionTerms, subscriptionText } from '../../contracts/index.js';
import { unicode } from './arbitraries.js';

const upTo = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });

const anyTerms: fc.Arbitrary<SubscriptionTerms> = fc.record({
  MONT: upTo(9_999_999_999),
  NBPAIE: upTo(99),
  FREQ: upTo(99),
  QUAND: upTo(99),
  DELAIS: upTo(999),
});

const TEXT = 'PBX_2MONT0000001000PBX_NBPAIE00PBX_FREQ01PBX_QUAND28PBX_DELAIS000';
const TERMS = { MONT: 1000, NBPAIE: 0, FREQ: 1, QUAND: 28, DELAIS: 0 };

test('the terms are written as in the protocol', () => {
  expect(subscriptionText(TERMS)).toBe(TEXT);
});

test('any reference with any terms is read back', () => {
  const part = fc.constantFrom('PBX_2MONT', 'PBX_2MONT1', TEXT, 'PBX_NBPAIE00', '\n', 'A');
  const reference = fc.array(fc.oneof(part, unicode), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(reference, anyTerms, (text, terms) => {
      fc.pre(text !== '');
      expect(readOrderReference(text + subscriptionText(terms))).toEqual({ reference: text, terms });
    }),
  );
});

test('a delay that is left out is none', () => {
  expect(readOrderReference(`A${TEXT.replace('PBX_DELAIS000', '')}`)).toEqual({ reference: 'A', terms: TERMS });
});

test.each([
  '',
  'A',
  TEXT,
  `A${TEXT} `,
  `A${TEXT}0`,
  'APBX_2MONT0000001000',
  `A${TEXT.replace('PBX_FREQ01', '')}`,
  `A${TEXT.toLowerCase()}`,
])('%j is a reference without a subscription', (cmd) => {
  expect(readOrderReference(cmd)).toEqual({ reference: cmd });
});

test('a long reference is read in linear time', () => {
  const long = 'PBX_2MONT1'.repeat(100_000);
  expect(readOrderReference(long)).toEqual({ reference: long });
});
