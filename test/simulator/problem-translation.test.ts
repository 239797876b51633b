import { describe, expect, test } from 'vitest';
import { parseScenario } from '../../scenarios/index.js';
import { ruleProblems } from '../../simulator/gateway/configuration/rule-problems.js';
import { PROBLEM_MESSAGES } from '../../simulator/inspector/messages/problem-messages.js';
import { FRENCH_PROBLEMS } from '../../simulator/inspector/messages/problem-messages-fr.js';
import { problemIn } from '../../simulator/inspector/translate-problem.js';
import { validate } from '../../simulator/schemas/validate.js';
import { openTestSimulator } from '../support/test-simulator.js';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
const french = (text: string): string => plain(problemIn('fr', text));

const TEXTS = Object.entries(PROBLEM_MESSAGES).flatMap(([group, texts]) =>
  Object.entries(texts).map(
    ([id, text]) => [group, id, text as string, (FRENCH_PROBLEMS[group as 'problem'] as Record<string, string>)[id] ?? ''] as const,
  ),
);

describe('the French texts of problems', () => {
  test.each(TEXTS)('%s, %s has the placeholders of the English text', (_, __, english, translated) => {
    const placeholders = (text: string): readonly string[] => (text.match(/\{\w+\}/g) ?? []).toSorted();
    expect(placeholders(translated)).toEqual(placeholders(english));
  });

  test.each(TEXTS)('%s, %s follows the rules of French typography', (_, __, ___, translated) => {
    const prose = translated.replace(/\{(?:pattern|present|"present"): |\(\?:a|\(\?[=!]/g, '');
    expect(prose).not.toMatch(/'|[^\u00a0](?:[;?!»]|:(?= |$))|«[^\u00a0]/u);
  });
});

test.each<readonly [config: object, french: string]>([
  [{ ruels: [] }, 'nom inconnu « ruels » ; connus ici : port, host'],
  [{ port: 'x' }, 'doit être un nombre entier'],
  [{ port: 70_000 }, 'doit être au plus 65535'],
  [{ https: 'maybe' }, 'doit être true ou false'],
  [{ accounts: {} }, 'doit être une liste'],
  [{ accounts: [{ RANG: 1 }] }, 'SITE manque'],
  [{ accounts: [{ SITE: 'x', RANG: 1 }] }, 'doit être conforme à "^\\d{1,7}$"'],
  [{ accounts: [{ SITE: 1, RANG: 1, auth: 'none' }] }, 'doit être l’un de cle, hmac, either'],
  [{ rules: [{ answer: '1234' }] }, 'Le CODEREPONSE de la réponse : cinq chiffres ou lettres (`paybox-sim codes` liste'],
  [{ rules: [{ from: 0 }] }, 'doit être au moins 1'],
  [{ rules: [{ fault: {} }] }, 'doit avoir au moins 1 réglage'],
  [{ rules: [{ fault: { delay: [1] } }] }, 'Des millisecondes, ou {min, max}.'],
  [{ rules: [{ match: { REFERENCE: { like: 'x' } } }] }, 'Une valeur, une liste de valeurs, {pattern: une'],
  [{ deployment: '' }, 'doit compter au moins 1 caractères'],
])('%j: the violation of the schema is reported in French', async (config, expected) => {
  const messages = (await validate('config', config)).map(({ message }) => message);
  expect(messages.map(french).join('\n')).toContain(expected);
  expect(messages.filter((message) => french(message) === message)).toEqual([]);
});

test.each<readonly [rule: object, french: string]>([
  [{}, 'Une règle a une réponse (un CODEREPONSE), une panne ou une authentification.'],
  [{ answer: '00105', match: { MONTANTS: '1' } }, 'MONTANTS n’est pas une variable de la passerelle ; vouliez-vous dire MONTANT ?'],
  [{ answer: '00105', match: { XXXXXXXXX: '1' } }, 'XXXXXXXXX n’est pas une variable de la passerelle. Variables : VERSION'],
  [{ answer: '00105', match: { TYPE: 'steal' } }, 'steal n’est pas une opération ; `paybox-sim operations` les liste'],
  [{ answer: '00105', match: { CVV: '123' } }, 'ses valeurs ne sont pas conservées'],
  [{ answer: '00105', match: { REFERENCE: { pattern: '(a)\\1' } } }, 'les références à un groupe (\\1) ne sont pas acceptées.'],
  [{ answer: '00105', match: { REFERENCE: { pattern: 'a(?=b)' } } }, '(?= n’est accepté qu’au début du motif'],
  [{ answer: '00105', match: { REFERENCE: { pattern: 'a{1000}b{1000}' } } }, 'les répétitions entre {} dépassent ensemble 1000.'],
  [{ answer: { code: '00105', comment: '€' } }, 'une réponse ne peut pas contenir "€"'],
  [{ answer: { code: '00000', comment: 'x' } }, 'avec 00000, la question reçoit sa réponse ordinaire'],
  [{ answer: '00105', id: '..' }, '.. ne peut pas être le nom d’une règle.'],
  [{ authentication: { outcome: 'declined' } }, 'exige match: {TYPE: authenticate}'],
  [{ answer: '00105', match: { TYPE: 'authenticate' } }, 'une requête à RemoteMPI n’a pas de CODEREPONSE.'],
  [{ fault: { reply: 'swap' }, match: { TYPE: 'authenticate' } }, 'cette panne ne s’applique pas à une page de RemoteMPI.'],
  [{ fault: { delay: { min: 2, max: 1 } } }, 'min vaut 2, plus que max, 1.'],
])('%j: why the rule cannot be applied is reported in French', async (rule, expected) => {
  const [problem] = await ruleProblems([rule]);
  expect(french(problem?.message ?? '')).toContain(expected);
});

test('mistakes in a scenario are reported in French', async () => {
  const file = 'id: x\nwhy: x.\nsteps:\n  - send: pay\n    with: { MONTANTS: 1 }\n  - send: steal\n';
  const error = await parseScenario(file, 'x.yaml').catch((cause: unknown) => cause as { problems: { message: string }[] });
  expect('problems' in error && error.problems.map(({ message }) => french(message))).toEqual([
    expect.stringContaining('steps.2.send : opération inconnue steal ; écrivez un TYPE en chiffres'),
    expect.stringContaining('steps.1.with.MONTANTS : la passerelle n’a pas de variable MONTANTS ; vouliez-vous dire MONTANT ?'),
  ]);
});

test('a message that is not in the table stays as it is', () => {
  expect(problemIn('fr', 'Nested mappings are not allowed')).toBe('Nested mappings are not allowed');
  expect(problemIn('en', 'from: must be >= 1')).toBe('from: must be >= 1');
});

test.each<readonly [fields: Record<string, string>, french: string]>([
  [{ answer: '00105', from: 'deux' }, 'from : doit être un nombre entier'],
  [{ delay: '99999999' }, 'fault/delay : doit être au plus 600000'],
  [{ answer: '00105', variable: 'CVV', value: '123' }, 'CVV : ses valeurs ne sont pas conservées'],
])('the rule form says in French what is wrong with %j', async (fields, expected) => {
  const { simulator } = openTestSimulator();
  const body = new URLSearchParams(fields);
  const response = await simulator.fetch(
    new Request('http://localhost/_sim/ui/rules', { method: 'POST', body, headers: { 'Accept-Language': 'fr' } }),
  );
  expect(response.status).toBe(400);
  expect(plain(await response.text())).toContain(expected);
});

test('the control API names the nearest variable', async () => {
  const { control } = openTestSimulator();
  const { status, body } = await control('POST', '/rules', { answer: '00105', match: { MONTANTS: '1' } });
  expect([status, body]).toEqual([400, { error: 'MONTANTS is not a variable of the gateway; did you mean MONTANT?' }]);
});

test.each([
  [{ IdSesion: '1' }, 'IdSesion is not a variable of RemoteMPI; did you mean IdSession?'],
  [{ REFERENCE: 'ORDER-1' }, 'REFERENCE is not a variable of RemoteMPI. Variables: IdMerchant, IdSession, '],
])('the condition %j on a request to RemoteMPI is answered with its own variables', async (match, expected) => {
  const rule = { authentication: { outcome: 'declined' }, match: { TYPE: 'authenticate', ...match } };
  const { status, body } = await openTestSimulator().control('POST', '/rules', rule);
  expect([status, body.error]).toEqual([400, expect.stringContaining(expected)]);
  expect(problemIn('fr', body.error)).toContain('n’est pas une variable de RemoteMPI');
});
