import { describe, expect, test } from 'vitest';
import { readSaid, type Task } from '../../../scenarios/explore/attempt.js';
import { statementOf } from '../../../scenarios/explore/statement.js';

describe('what a program says', () => {
  test.each([
    ['pay', 'paid 1 2', 'done'],
    ['pay', '{"state":"paid"}', 'done'],
    ['pay', '{"status": "captured"}', 'done'],
    ['pay', '{"state":"authorized"}', 'unsure'],
    ['authorize', '{"state":"authorized"}', 'done'],
    ['capture', '{"state":"authorized"}', 'unsure'],
    ['refund', '{"state":"paid"}', 'unsure'],
    ['refund', '{"state":"refunded"}', 'done'],
    ['cancel', '{"state":"cancelled"}', 'done'],
    ['pay', '{"state":"cancelled"}', 'unsure'],
    ['pay', '{"state":"refused","code":"00105"}', 'refused'],
    ['pay', '{"status":"declined"}', 'refused'],
    ['pay', 'it was paid', 'unsure'],
    ['pay', '{"note":"paid"}', 'unsure'],
  ] as const)('of %s: %s is %s', (task: Task, text, said) => {
    expect(readSaid(text, task)).toBe(said);
  });

  test('is read by words of its own', () => {
    const own = { done: /merci/i, refused: /désolé/i };
    expect(readSaid('Merci !', 'capture', own)).toBe('done');
    expect(readSaid('Désolé.', 'capture', own)).toBe('refused');
    expect(readSaid('paid', 'capture', own)).toBe('unsure');
  });
});

describe('a page of the gateway', () => {
  const step = { browse: '${shop}/hosted', does: 'other' } as const;
  const page = { status: 500, body: '<td>1111222233334444</td>' };

  test('that fails or shows the test cards is not the doing of the shop', () => {
    expect(statementOf({ step, http: { ...page, isOfGateway: true }, failures: [] })).toMatchObject({ ending: 'normal', showsCard: false });
    expect(statementOf({ step, http: page, failures: [] })).toMatchObject({ ending: 'crash', showsCard: true });
  });
});
