import { expect, test } from 'vitest';
import { commentOf, decodeReply, encodeReply, OPERATIONS, REPLY_CONTENT_TYPE, RESPONSE_CODES, STATUSES } from '../../contracts/index.js';

const ISO_8859_1 = /^[\x20-\x7e\xa0-\xff]+$/;

test.each(RESPONSE_CODES)('the comment of $code reaches the client as it is written', ({ code }) => {
  const COMMENTAIRE = commentOf(code);
  expect(COMMENTAIRE).toMatch(ISO_8859_1);
  expect(decodeReply(encodeReply({ COMMENTAIRE })).get('COMMENTAIRE')).toBe(COMMENTAIRE);
});

test.each(Object.values(STATUSES))('the status %s reaches the client as it is written', (STATUS) => {
  expect(STATUS).toMatch(ISO_8859_1);
  expect(decodeReply(encodeReply({ STATUS })).get('STATUS')).toBe(STATUS);
});

test('the statuses are those the gateway was seen to write', () => {
  expect(Object.values(STATUSES)).toEqual([
    'Autorisé',
    'Capturé',
    'Remboursé',
    'Annulé',
    'Crédit',
    'Refusé',
    'Rejet support',
    'Demande de solde (Carte cadeaux)',
  ]);
});

test('every code and operation is explained in both languages', () => {
  const texts = [...RESPONSE_CODES.map(({ meaning }) => meaning), ...OPERATIONS.map(({ title }) => title)];
  expect(texts.flatMap(({ en, fr }) => [en, fr]).filter((text) => text.trim() === '')).toEqual([]);
});

test('replies announce ISO-8859-1', () => {
  expect(REPLY_CONTENT_TYPE).toBe('text/html;charset=ISO-8859-1');
});
