import { expect, test } from 'vitest';
import { nearest } from '../../contracts/nearest.js';

const KNOWN = ['serve', 'send', 'raw', 'findings'];

test.each([
  ['servr', 'serve'],
  ['sned', 'send'],
  ['snd', 'send'],
  ['findngs', 'findings'],
  ['finidngs', 'findings'],
  ['rw', 'raw'],
  ['Serve', 'serve'],
  ['1', undefined],
  ['', undefined],
  ['php', undefined],
  ['launch', undefined],
])('the known word nearest to %j is %j', (word, expected) => {
  expect(nearest(word, KNOWN)).toBe(expected);
});

test('no word is nearest if none is known', () => expect(nearest('serve', [])).toBeUndefined());
