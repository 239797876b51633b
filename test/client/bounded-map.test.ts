import { expect, test } from 'vitest';
import { BoundedMap } from '../../client/bounded-map.js';

test('a full map drops its oldest entry for a new one', () => {
  const map = new BoundedMap<number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('a', 3);
  expect(map.get('a')).toBe(3);
  map.set('c', 4);
  expect(['a', 'b', 'c'].map((key) => map.has(key))).toEqual([false, true, true]);
  map.delete('b');
  map.set('d', 5);
  expect(['b', 'c', 'd'].map((key) => map.get(key))).toEqual([undefined, 4, 5]);
});
