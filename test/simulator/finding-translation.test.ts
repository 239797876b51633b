import { describe, expect, test } from 'vitest';
import { OPERATIONS, VARIABLES, VARIANTS } from '../../contracts/index.js';
import type { FindingRule } from '../../simulator/engine/finding.js';
import { FINDING_MESSAGES, fillTemplate, MESSAGE_TEXTS, messageText } from '../../simulator/engine/finding-messages.js';
import { FRENCH_MESSAGES, FRENCH_TEXTS } from '../../simulator/inspector/messages/finding-messages-fr.js';
import { MESSAGES as INSPECTOR_TEXTS } from '../../simulator/inspector/messages/index.js';
import { frenchText, messageIn } from '../../simulator/inspector/translate-message.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { PAY } from './storages.js';

type Tables = Readonly<Record<string, Readonly<Record<string, string>>>>;

const rowsOf = (english: Tables, french: Tables) =>
  Object.entries(english).flatMap(([table, templates]) =>
    Object.entries(templates).map(([id, template]) => [table, id, template, french[table]?.[id] ?? ''] as const),
  );

const placeholdersOf = (template: string): string[] => [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort();

/** Distinct values, which no template contains. */
const valuesOf = (template: string): Record<string, string> =>
  Object.fromEntries(placeholdersOf(template).map((name, at) => [name, `<${name} ${at}>`]));

const MESSAGES = rowsOf(FINDING_MESSAGES, FRENCH_MESSAGES);
const TEXTS = rowsOf(MESSAGE_TEXTS, FRENCH_TEXTS);

describe('every message of a finding', () => {
  test.each([...MESSAGES, ...TEXTS])('%s, %s: %s has a French text with the same placeholders', (_, __, english, french) => {
    expect(french).not.toBe('');
    expect(placeholdersOf(french)).toEqual(placeholdersOf(english));
  });

  test.each(MESSAGES)('%s, %s is read back from its English text', (rule, _, english, french) => {
    const values = valuesOf(english);
    const message = fillTemplate(english, values);
    expect(messageIn('fr', { rule: rule as FindingRule, message })).toEqual({ text: fillTemplate(french, values), language: 'fr' });
    expect(messageIn('en', { rule: rule as FindingRule, message })).toEqual({ text: message, language: 'en' });
  });

  test.each(TEXTS)('%s, %s is translated inside of a message', (group, _, english, french) => {
    const values = valuesOf(english);
    const isNested = group === 'names' && 'names' in values;
    if (isNested) values.names = 'A, B';
    expect(frenchText(group as keyof typeof MESSAGE_TEXTS, fillTemplate(english, values))).toBe(fillTemplate(french, values));
  });

  test.each([...MESSAGES, ...TEXTS])('%s, %s: the French text follows the rules of French typography', (_, __, ___, french) => {
    // A literal of HTML.
    expect(french.replace('amp;', 'amp')).not.toMatch(/'|[^\u00a0](?:[;?!»]|:(?= |$))|«[^\u00a0]/u);
  });
});

/** The texts in a table of texts. Those that are made from values are made from `<n>`. */
function textsIn(table: unknown): string[] {
  if (typeof table === 'string') return [table];
  if (typeof table === 'function') return [String(table('<n>'))];
  return Object.values(table as object).flatMap(textsIn);
}

test.each(textsIn(INSPECTOR_TEXTS.fr))('%s follows the rules of French typography', (text) => {
  // Headers and settings, as they are written elsewhere.
  const prose = text.replace(/Content-Type: |\w+: false/g, '');
  expect(prose).not.toMatch(/'|[^\u00a0](?:[;?!»]|:(?= |$))|«[^\u00a0]/u);
});

test('the French texts of operations, variables and variants have typographic apostrophes', () => {
  const texts = [
    ...OPERATIONS.map(({ title }) => title.fr),
    ...VARIABLES.map(({ meaning }) => meaning.fr),
    ...VARIANTS.flatMap(({ meaning, values }) => [meaning.fr, ...values.map((value) => value.meaning.fr)]),
  ];
  expect(texts.filter((text) => /'/.test(text))).toEqual([]);
});

describe('a message in French', () => {
  const french = (rule: FindingRule, message: string): string => messageIn('fr', { rule, message }).text;

  test('has several texts of a group in one place', () => {
    expect(french('fault-staged', 'Rule cut: not processed, HTTP 502, reply: drop.')).toBe(
      'Règle cut\u00a0: question non traitée, HTTP 502, connexion coupée, pas de réponse.',
    );
    const { mistakes } = MESSAGE_TEXTS;
    expect(
      french('unknown-variable', `Not variables of the gateway: A, (not a name) and 2 more. ${mistakes.hostedPage}. ${mistakes.sha1}.`),
    ).toBe(
      'Inconnues de la passerelle\u00a0: A, (pas un nom) et 2 de plus. Les variables PBX_ sont celles de la page de paiement, Paybox System. SHA1 s’écrit SHA-1.',
    );
  });

  test('keeps the values of the request, also if they look like parts of the message', () => {
    const payment = messageText('payment', 'named', { id: '0001000001', amount: '10.00 EUR', reference: '{id} was $& paid, {amount}' });
    expect(french('refunded-twice', `${payment} was refunded by the same amount less than a minute ago.`)).toBe(
      'Le paiement 0001000001 (10.00 EUR, REFERENCE {id} was $& paid, {amount}) a été remboursé du même montant il y a moins d’une minute.',
    );
  });

  test('of an earlier version, which no template makes, stays English', () => {
    expect(messageIn('fr', { rule: 'date-invalid', message: 'An old text.' })).toEqual({ text: 'An old text.', language: 'en' });
  });

  test('is the one on the page, while the control API keeps the English one', async () => {
    const bench = openTestSimulator();
    await bench.ask({ ...PAY, MONTANT: '10.00' });
    const page = async (language: string): Promise<string> => {
      const headers = { 'Accept-Language': language };
      return (await bench.simulator.fetch(new Request('http://localhost/_sim/ui/exchanges/1', { headers }))).text();
    };
    expect(await page('fr')).toContain('MONTANT vaut &quot;10.00&quot;\u00a0; format attendu\u00a0: 1 à 10 chiffres');
    expect(await page('en')).toContain('MONTANT is &quot;10.00&quot;; it must be');
    const { body } = await bench.control('GET', '/journal');
    expect(body.entries[0].findings[0].message).toBe(
      'MONTANT is "10.00"; it must be 1 to 10 digits above zero, in minor units: 1000 for 10.00 EUR.',
    );
  });
});
