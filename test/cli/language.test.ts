import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { languageOf } from '../../cli/language.js';
import { FOREIGN_TEXTS } from '../../cli/messages/foreign-texts.js';
import { fr } from '../../cli/messages/fr.js';
import { messages, translated, useLanguage } from '../../cli/messages/index.js';
import { TEST_ACCOUNTS, TEST_CARDS } from '../../contracts/index.js';
import { untrustedClientHint } from '../../simulator/transport/tls/untrusted-client.js';
import { runInProcess, serveInProcess } from '../support/command-in-process.js';
import { tempFolder } from '../support/temp-folder.js';

const exec = promisify(execFile);

/** No-break spaces are spaces here. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

// Other files use the same modules.
afterEach(() => useLanguage('en'));

async function runFrench(...args: readonly string[]) {
  const { status, out, err } = await runInProcess('--lang', 'fr', ...args);
  return { status, out: plain(out), err: plain(err) };
}

describe('the language', () => {
  test.each([
    [{}, [], 'en'],
    [{ LANG: 'fr_FR.UTF-8' }, [], 'fr'],
    [{ LANG: 'fr' }, [], 'fr'],
    [{ LANG: 'fr_CA@euro' }, [], 'fr'],
    [{ LANG: 'C.UTF-8' }, [], 'en'],
    [{ LANG: 'POSIX' }, [], 'en'],
    [{ LANG: 'de_DE.UTF-8' }, [], 'en'],
    [{ LANG: 'frr_DE.UTF-8' }, [], 'en'],
    [{ LANG: 'fr_FR.UTF-8', LC_ALL: 'C' }, [], 'en'],
    [{ LANG: 'fr_FR.UTF-8', LC_ALL: '' }, [], 'fr'],
    [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'fr_FR.UTF-8' }, [], 'fr'],
    [{ LC_ALL: 'en_US.UTF-8', LC_MESSAGES: 'fr_FR.UTF-8' }, [], 'en'],
    [{ LANG: 'fr_FR.UTF-8' }, ['cards', '--lang', 'en'], 'en'],
    [{}, ['--lang=fr', 'cards'], 'fr'],
    [{}, ['exec', '--', 'program', '--lang', 'fr'], 'en'],
    [{ LANG: 'fr_FR.UTF-8' }, ['--lang', 'de'], 'fr'],
  ] as const)('with %o and %j is %s', (env, args, language) => {
    expect(languageOf(args, env)).toBe(language);
  });

  test('of the built command is that of the environment', async () => {
    const env = { ...process.env, LC_ALL: '', LC_MESSAGES: '', LANG: 'fr_FR.UTF-8' };
    const { stdout } = await exec(process.execPath, ['dist/cli/main.js', 'cards'], { env });
    expect(stdout).toContain('comportement');
  });
});

describe('the French texts', () => {
  const groups = Object.entries(FOREIGN_TEXTS).flatMap(([group, texts]) =>
    Object.entries(texts).map(([id, text]) => [group, id, text] as const),
  );

  test.each(groups)('%s, %s has the placeholders of the English text', (group, id, english) => {
    const french = (fr.foreign[group as keyof typeof FOREIGN_TEXTS] as Record<string, string>)[id] ?? '';
    const placeholders = (text: string): readonly string[] => text.match(/\{\w+\}/g) ?? [];
    // English has a plural; the reason for a new authority is in English.
    expect(placeholders(french).toSorted()).toEqual(
      placeholders(english)
        .filter((name) => name !== '{s}' && name !== '{why}')
        .toSorted(),
    );
  });

  test('follow the rules of French typography', () => {
    useLanguage('fr');
    const textsIn = (table: unknown): string[] =>
      typeof table === 'string' ? [table] : typeof table === 'function' ? [] : Object.values(table as object).flatMap(textsIn);
    for (const text of textsIn(messages()))
      expect(text.replace('`variants: { NOM: VALEUR }`', ''), text).not.toMatch(
        /[a-zé]'[a-zé]|(?:[^\u00a0](?:[;!»]|:(?= |$)))|«[^\u00a0]/u,
      );
  });

  test('the tables have as many headings as columns in both languages', () => {
    const count = (): number[] => Object.values(messages().tables.heads).map(({ length }) => length);
    const english = count();
    useLanguage('fr');
    expect(count()).toEqual(english);
  });

  test('every note of a card or an account is translated, unless it is a host', () => {
    useLanguage('fr');
    const notes = [...TEST_CARDS, ...TEST_ACCOUNTS].map(({ note }) => note);
    expect(notes.filter((note) => translated('notes', note) === note && !/^[\w-]+(\.[\w-]+)+$/.test(note))).toEqual([]);
  });

  test('every advice about a database is in the table', () => {
    const source = ['sqlite', 'postgres'].map((store) => readFileSync(`simulator/store/${store}/errors.ts`, 'utf8')).join('\n');
    // Sentences in quotation marks.
    const advice = [...source.matchAll(/'([A-Z][^'\n]+\.)'/g)].map(([, text = '']) => text);
    expect(advice.length).toBeGreaterThan(15);
    const known: readonly string[] = Object.values(FOREIGN_TEXTS.advice);
    expect(advice.filter((text) => !known.includes(text))).toEqual([]);
  });

  test('every line of the hint about a program that does not trust the certificate is translated', () => {
    useLanguage('fr');
    const hint = untrustedClientHint('ca.pem');
    const french = translated('simulator', hint).split('\n');
    expect(hint.split('\n').filter((line) => french.includes(line))).toEqual([]);
  });
});

describe('in French', () => {
  test('the help has French texts and titles', async () => {
    const { out } = await runFrench('verify', '--help');
    expect(out).toMatch(/^Usage : paybox-sim verify \[options\]\n\nexécuter les tests de contrat\n\nOptions :\n/);
    expect(out).toMatch(/VERSION : 00103[\s\S]*\(choix : "00103", "00104" ; par\s+défaut : "00104"\)/);
    expect(out).not.toMatch(/display|choices|default:/);
  });

  test.each([
    [['sevre'], 'erreur : commande inconnue : sevre ; vouliez-vous dire serve ?'],
    [['serve', '--prot', '1'], 'erreur : option inconnue « --prot »\n(Vouliez-vous dire --port ?)'],
    [['serve', '--port', 'abc'], 'erreur : l’option « -p, --port <port> » n’accepte pas « abc ». Un port doit être un nombre entier'],
    [['serve', '--control', 'x'], 'erreur : l’option « --control <who> » n’accepte pas « x ». Choix possibles : loopback, any.'],
    [['serve', '--clock', 'x'], 'L’horloge ne peut pas être mise à x'],
    [['run'], 'erreur : il manque l’argument « paths »'],
    [['run', '/nowhere'], 'Il n’y a pas de fichier ou de dossier /nowhere.'],
    [['cards', 'a', 'b'], 'erreur : trop d’arguments pour « cards » : 2 au lieu de 1.'],
    [['codes', '99999'], '99999 n’est pas dans le tableau de codes.'],
    [['compare', 'simulator'], 'compare exige deux adresses ou enregistrements, ou un seul et --learn.'],
  ])('the mistake in %j is reported in French', async (args, message) => {
    const { status, err } = await runFrench(...args);
    expect(status).toBe(2);
    expect(err).toContain(message);
  });

  test('a file that is not a database is reported in French', async () => {
    const file = join(await tempFolder(), 'notes.txt');
    writeFileSync(file, 'These are notes, and not a database.\n'.repeat(100));
    const { err } = await runFrench('--db', file);
    expect(err).toBe(`Base ${file} : file is not a database. Le fichier n’est pas une base SQLite. Choisissez un autre nom de fichier.\n`);
  });

  test('a port in use is reported in French', async () => {
    const { url, stop } = await serveInProcess();
    const { err } = await runFrench('--port', new URL(url).port);
    await stop();
    expect(err).toMatch(/^Le port \d+ est occupé/);
  });

  test('serve and findings print French texts, and JSON stays as it is', async () => {
    const { url, stop, ...output } = await serveInProcess('--lang', 'fr');
    expect(plain(output.lines().join('\n'))).toContain('Passerelle http');
    await fetch(`${url}/PPPS.php`, { method: 'POST', body: 'VERSION=00104' });
    await expect
      .poll(() => plain(output.lines().join('\n')))
      .toMatch(/sans opération {2}→ 00014[^\n]*\n {9}avertissement Le corps n’a pas de TYPE\./);
    const { out } = await runFrench('findings', '--url', url);
    expect(out).toMatch(/avertissement variable-missing : Le corps n’a pas de TYPE\.\n {2}requête 1, \?{5}/);
    expect(out).toMatch(/\d remarques?, \d avertissements?, \d erreurs?\n$/);
    const json = JSON.parse((await runFrench('findings', '--url', url, '--json')).out);
    expect(json).toContainEqual(expect.objectContaining({ rule: 'variable-missing', message: 'The body has no TYPE.' }));
    await stop();
  });

  test('run prints what failed in French, and a report for programs in English', async () => {
    const file = join(await tempFolder(), 'pay.yaml');
    writeFileSync(
      file,
      "id: pay\nwhy: It pays.\nsteps:\n  - send: pay\n    expect:\n      reply: { CODEREPONSE: '00105', PAYS: { not: '???' } }\n      received: []\n",
    );
    const { status, out } = await runFrench('run', file);
    expect(status).toBe(1);
    expect(out).toContain('      ✗ attendu : CODEREPONSE vaut "00105"\n        reçu : "00000"\n        dans ');
    expect(out).toContain('✗ attendu : PAYS vaut autre chose que "???"\n        reçu : rien\n');
    expect(out).toContain('✗ attendu : les requêtes aucun\n        reçu : pay → 00000\n');
    expect(out).toMatch(/réussis : 0, échoués : 1, ignorés : 0 en \d\.\d s\n$/);
    expect((await runFrench('run', file, '--report', 'tap')).out).toContain('expected CODEREPONSE is');
    const tried = await runFrench('run', file, '--variants', 'each');
    expect(tried.err).toContain('1 cas échoue avec les valeurs par défaut et n’a pas été essayé.\nAucune variante n’a été essayée');
  });

  test('tables are in French, as JSON in English', async () => {
    expect((await runFrench('operations', 'capture')).out).toMatch(/^TYPE {3}opération .*\n00002 {2}débit \(capture\) /);
    expect((await runFrench('variants', 'echo')).out).toContain(
      'verbatim (par défaut)  RANG et NUMQUESTION dans chaque réponse : tels que reçus',
    );
    expect(JSON.parse((await runFrench('codes', '00105', '--json')).out)).toMatchObject([{ meaning: 'do not honour' }]);
  });
});
