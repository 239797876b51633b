import { expect, test } from 'vitest';
import { commentOf, decodeReply, encodeReply, OPERATIONS, REPLY_CONTENT_TYPE, RESPONSE_CODES, STATUSES } from '../../contracts/index.js';

const ISO_8859_1 = /^[\x20-\x7e\xa0-\xff]+$/;

test.each(RESPONSE_CODES)('the comment of $code reaches the client unchanged', ({ code }) => {
  const COMMENTAIRE = commentOf(code);
  expect(COMMENTAIRE).toMatch(ISO_8859_1);
  expect(decodeReply(encodeReply({ COMMENTAIRE })).get('COMMENTAIRE')).toBe(COMMENTAIRE);
});

test.each(Object.values(STATUSES))('the status %s reaches the client unchanged', (STATUS) => {
  expect(STATUS).toMatch(ISO_8859_1);
  expect(decodeReply(encodeReply({ STATUS })).get('STATUS')).toBe(STATUS);
});

test('the statuses are the observed ones', () => {
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

test('every code and operation has a text in both languages', () => {
  const texts = [...RESPONSE_CODES.map(({ meaning }) => meaning), ...OPERATIONS.map(({ title }) => title)];
  expect(texts.flatMap(({ en, fr }) => [en, fr]).filter((text) => text.trim() === '')).toEqual([]);
});

test('the content type of replies names ISO-8859-1', () => {
  expect(REPLY_CONTENT_TYPE).toBe('text/html;charset=ISO-8859-1');
});
