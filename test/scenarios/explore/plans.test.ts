import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparePlans, describePlan } from '../../../scenarios/explore/failures.js';
import { isOfQuestion, KINDS, kindBy } from '../../../scenarios/explore/kinds.js';
import { conditionsOf, exclude, type Plan, planKey, ruleId, withoutOne } from '../../../scenarios/explore/perturbation.js';
import { continuations } from '../../../scenarios/explore/search.js';
import { shuffled } from '../../../scenarios/explore/shuffle.js';
import { createSimulator } from '../../../simulator/index.js';

const perturbation = fc
  .constantFrom(...KINDS)
  .chain((kind) => fc.record({ kind: fc.constant(kind.id), at: isOfQuestion(kind) ? fc.integer({ min: 1, max: 9 }) : fc.constant(0) }));
const plan: fc.Arbitrary<Plan> = fc.array(perturbation, { maxLength: 4 });

const POINTS = [
  { TYPE: '00011', operation: 'exists', request: [] },
  { TYPE: '00003', operation: 'pay', request: [['PORTEUR', '*'] as const] },
];

describe('a plan', () => {
  test('has a key of its own', () => {
    fc.assert(
      fc.property(plan, plan, (one, other) => {
        expect(planKey(one) === planKey(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });

  test('comes before each plan that it is a part of', () => {
    fc.assert(
      fc.property(plan, (one) => {
        for (const shorter of withoutOne(one)) expect(comparePlans(shorter, one)).toBeLessThan(0);
      }),
    );
  });

  test('says what happens and where', () => {
    const text = describePlan(
      [
        { kind: 'main-down', at: 0 },
        { kind: 'drop', at: 2 },
      ],
      { points: POINTS },
    );
    expect(text).toBe(
      'the main host refuses connections; then the gateway processes the question, and its reply is lost (question 2, pay)',
    );
    expect(describePlan([], { points: [] })).toBe('nothing happens');
  });
});

describe('the kinds', () => {
  test('have different ids', () => {
    expect(new Set(KINDS.map(({ id }) => id)).size).toBe(KINDS.length);
  });

  test('a kind that does not exist is an error', () => {
    expect(() => kindBy('lightning')).toThrow('lightning is not a kind');
  });

  test.each(KINDS.map(({ id }) => id))('a gateway accepts the conditions of %s', (id) => {
    const at = isOfQuestion(kindBy(id)) ? 1 : 0;
    const { rules, variants, settings } = conditionsOf([{ kind: id, at }]);
    const { gateway } = createSimulator();
    const ids = kindBy(id).group === 'result' ? /^results-of-(authenticate|checkout)$/ : new RegExp(`^${ruleId({ kind: id, at })}$`);
    for (const rule of rules) expect(gateway.rules.add(rule).id).toMatch(ids);
    const account = gateway.setAccount({ SITE: '1999888', RANG: '32', ...settings, variants });
    expect(account.variants).toMatchObject(variants);
    expect(account).toMatchObject(settings);
  });
});

describe('what happens to the results of a page', () => {
  test('is one rule for each page, by both ways', () => {
    const { rules, later } = conditionsOf(['call-late', 'call-twice', 'return-lost'].map((kind) => ({ kind, at: 0 })));
    const faults = { server: { late: 'PT10M', times: 2 }, browser: { lost: true } };
    expect(rules).toEqual([
      { id: 'results-of-authenticate', match: { TYPE: 'authenticate' }, authentication: faults },
      { id: 'results-of-checkout', match: { TYPE: 'checkout' }, checkout: faults },
    ]);
    expect(later).toBe('PT10M');
  });

  test.each([
    ['call-lost', 'call-twice', true],
    ['call-lost', 'return-forged', false],
    ['call-late', 'call-forged', false],
    ['call-first', 'return-first', true],
    ['call-first', 'call-lost', false],
  ])('%s beside %s is senseless: %s', (one, other, isSenseless) => {
    expect(exclude({ kind: one, at: 0 }, { kind: other, at: 0 })).toBe(isSenseless);
  });

  test('is tried where the customer visits a page', () => {
    const tried = (steps?: readonly string[]) =>
      continuations({ plan: [], points: POINTS, ...(steps && { steps }) }).flatMap(([first]) =>
        first && kindBy(first.kind).group === 'result' ? [first.kind] : [],
      );
    expect(tried()).toEqual([]);
    expect(tried(['authenticate', 'challenge'])).not.toContain('call-other-amount');
    expect(tried(['checkout', 'attempt'])).toContain('call-other-amount');
  });
});

describe('the continuations of a run', () => {
  test('add one perturbation at a later place, without repeating one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...continuations({ plan: [], points: POINTS })), (first) => {
        const next = continuations({ plan: first, points: POINTS });
        expect(new Set(next.map(planKey)).size).toBe(next.length);
        for (const [earlier, later, ...more] of next) {
          expect(more).toEqual([]);
          expect(earlier).toEqual(first[0]);
          expect(earlier && later && !exclude(earlier, later)).toBe(true);
          expect(later?.at === 0 || (later?.at ?? 0) > (earlier?.at ?? 0)).toBe(true);
        }
      }),
    );
  });

  test('place no double processing at an inquiry, and no refusal by the bank where no card is sent', () => {
    const placed = continuations({ plan: [], points: POINTS }).map(planKey);
    expect(placed).toEqual(expect.arrayContaining(['twice@2', '00105@2', 'drop@1', 'drop@2', 'main-down@0']));
    expect(placed).not.toContain('twice@1');
    expect(placed).not.toContain('00105@1');
  });

  test('end with the kill of the program', () => {
    expect(continuations({ plan: [{ kind: 'kill', at: 1 }], points: POINTS })).toEqual([]);
  });
});

test('a shuffle has the same items, in an order that the seed chooses', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string()), fc.nat(), (items, seed) => {
      const mixed = shuffled(items, seed, (item) => item);
      expect([...mixed].sort()).toEqual([...items].sort());
      expect(shuffled([...items].reverse(), seed, (item) => item).sort()).toEqual([...mixed].sort());
      expect(shuffled(items, seed, (item) => item)).toEqual(mixed);
    }),
  );
  const many = Array.from({ length: 50 }, (_, index) => String(index));
  expect(shuffled(many, 1, (item) => item)).not.toEqual(shuffled(many, 2, (item) => item));
});
