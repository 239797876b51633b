import { expect, test } from 'vitest';
import { maskField, maskText } from '../../contracts/index.js';
import { Random } from '../endurance/random.js';
import { HARMLESS_TEXTS } from '../support/harmless-texts.js';

/** How many texts of each kind. */
const EACH = 300;

test('of typical harmless texts at most one in a hundred is masked by mistake', () => {
  const random = new Random(1);
  const masked = Object.entries(HARMLESS_TEXTS).flatMap(([kind, make]) =>
    Array.from({ length: EACH }, () => make(random))
      .filter((text) => maskText(text) !== text || maskField('REFERENCE', text) !== text)
      .map((text) => `${kind}: ${text} is shown as ${maskText(text)}`),
  );
  const total = EACH * Object.keys(HARMLESS_TEXTS).length;
  expect(masked.length / total, masked.join('\n')).toBeLessThanOrEqual(0.01);
});
