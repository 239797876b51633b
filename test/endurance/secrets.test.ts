import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { encodeForm, OPERATIONS, percentEncode } from '../../contracts/index.js';
import { run, serve } from '../support/command.js';
import { CARD, HEAD, type Variables } from '../support/question.js';
import { runSecretCampaign } from '../support/secret-campaign.js';
import { tempFolder } from '../support/temp-folder.js';
import { campaign } from './campaign.js';
import { leaksIn, type Secret } from './leaks.js';
import { Random } from './random.js';

const CVV = '7391';
const CLE = 'kq7Zw2Xv9t';
const HMAC_KEY = '5B1E9C7F02D4A8360F6B'.padEnd(128, 'C3A59E71');
const REPORTS = ['html', 'junit', 'json', 'tap', 'github'];

/** Returns a valid card number that is not a test card. */
function makeCard(random: Random): string {
  const digits = `4539${Array.from({ length: 11 }, () => random.below(10)).join('')}`;
  const sum = Array.from(digits, Number).reduce(
    (total, digit, n) => total + (n % 2 === 0 ? (digit * 2 > 9 ? digit * 2 - 9 : digit * 2) : digit),
    0,
  );
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

const spaced = (card: string): string => card.replace(/(\d{4})(?=\d)/g, '$1 ');

const ACCOUNT: Variables = { SITE: '7654321', RANG: '01', CLE };

/** Bodies that are not questions, or invalid ones, with all the secrets. */
function malformedBodies(card: string): string[] {
  const all = { TYPE: '00003', PORTEUR: card, CVV, CLE };
  return [
    JSON.stringify(all),
    JSON.stringify({ ...all, PORTEUR: spaced(card) }),
    JSON.stringify(all).toLowerCase(),
    `--b\r\nContent-Disposition: form-data; name="PORTEUR"\r\n\r\n${card}\r\n--b\r\nContent-Disposition: form-data; name="CVV"\r\n\r\n${CVV}\r\n--b\r\nContent-Disposition: form-data; name="CLE"\r\n\r\n${CLE}\r\n--b--\r\n`,
    `<q><PORTEUR>${spaced(card)}</PORTEUR><CVV>${CVV}</CVV><CLE>${CLE}</CLE></q>`,
    `porteur=${card}&cvv=${CVV}&cle=${CLE}`,
    `VERSION=00104&TYPE=00003&PORTEUR=${percentEncode(spaced(card))}&CVV=${CVV}&CLE=${CLE}`,
    `VERSION=00104&TYPE=00003&note=${card}&${card}=x&REFERENCE=${card}&CVV=${CVV}`,
    `VERSION=00104&TYPE=00003&PORTEUR=${card}x&CVV=${CVV}&CLE=${CLE}`,
    `VERSION=00104&TYPE=00003&SITE=${card}&RANG=${card}&NUMQUESTION=${card}&MONTANT=${card}&DATEQ=${card}`,
    `VERSION=${card}&TYPE=${card}&HMAC=${card}&HASH=${card}`,
  ];
}

async function sendEverything(url: string, card: string, random: Random): Promise<number> {
  let questions = 0;
  const post = async (path: string, body: BodyInit): Promise<string> => {
    questions++;
    try {
      const response = await fetch(url + path, { method: 'POST', body });
      return Buffer.from(await response.arrayBuffer()).toString('latin1');
    } catch {
      // A fault rule cut the connection.
      return '';
    }
  };
  const ask = (variables: Variables) =>
    post('/PPPS.php', encodeForm(Object.entries({ ...HEAD, ...ACCOUNT, NUMQUESTION: String(random.below(2 ** 31)), ...variables })));
  const payment: Variables = {
    ...CARD,
    PORTEUR: card,
    CVV,
    MONTANT: '1000',
    DEVISE: '978',
    REFERENCE: `order-${random.below(1e6)}`,
    REFABONNE: 'alice',
  };
  const rule = (body: object) => fetch(`${url}/_sim/rules`, { method: 'POST', body: JSON.stringify(body) });
  for (const { TYPE } of OPERATIONS) {
    const reply = await ask({ ...payment, TYPE, NUMTRANS: '1', NUMAPPEL: '1' });
    const NUMTRANS = /NUMTRANS=(\d+)/.exec(reply)?.[1] ?? '';
    await ask({ ...payment, TYPE, NUMTRANS, REFERENCE: card, REFABONNE: `sub-${card}`, ARCHIVAGE: card });
    await ask({ ...payment, TYPE, CLE: `${CLE}x`, SITE: random.pick(['7654321', '1']) });
  }
  for (const invalid of [
    { PORTEUR: card.replace(/.$/, (digit) => String((Number(digit) + 1) % 10)) },
    { DATEVAL: '0120' },
    { CVV: `${CVV}1` },
    { PORTEUR: spaced(card) },
  ])
    await ask({ ...payment, TYPE: '00003', ...invalid });
  for (const body of malformedBodies(card)) await post('/PPPS.php', body);
  for (const reply of ['drop', 'half', 'garbage', 'utf-8', 'empty']) {
    await rule({ match: { REFERENCE: 'faulty' }, times: 1, fault: { reply } });
    await ask({ ...payment, TYPE: '00003', REFERENCE: 'faulty' });
  }
  await rule({ match: { PORTEUR: card }, answer: '00105' });
  await rule({ match: { PORTEUR: card }, answer: card });
  await ask({ ...payment, TYPE: '00003' });
  await post('/_sim/payments', JSON.stringify({ SITE: '7654321', RANG: '01', PORTEUR: card, CVV }));
  await post('/_sim/payments', `{"PORTEUR": "${card}", "CVV": "${CVV}"`);
  await fetch(`${url}/_sim/rules`, { method: 'DELETE' });
  return questions;
}

const bytesOf = (folder: string): [string, string][] =>
  readdirSync(folder).map((name) => [`file ${name}`, readFileSync(join(folder, name), 'latin1')]);

async function controlResponses(url: string): Promise<[string, string][]> {
  const paths = [
    'journal?limit=1000',
    'payments?limit=1000',
    'subscribers',
    'rules',
    'health',
    'sessions',
    'clock',
    'openapi.json',
    'snapshot',
  ];
  return Promise.all(
    paths.map(async (path): Promise<[string, string]> => [`/_sim/${path}`, await (await fetch(`${url}/_sim/${path}`)).text()]),
  );
}

const SCENARIO = (card: string): string => `
id: leaks
why: The report of a failing scenario must not show secrets.
section: §8
weight: I
steps:
  - send: pay
    with: { PORTEUR: "${card}", CVV: "${CVV}", CLE: "${CLE}" }
    expect: { reply: { CODEREPONSE: 99999, COMMENTAIRE: x } }
`;

campaign(
  { name: 'no card number, CVV or key appears in files, journal, output or reports', unit: 'cards', short: 1, long: 25 },
  async (cards, seed) => {
    const random = new Random(seed);
    let questions = 0;
    let count = 0;
    for (let n = 0; n < cards; n++) {
      const card = makeCard(random);
      const secrets: Secret[] = [
        { what: 'the card number', value: card },
        { what: 'the CVV', value: CVV },
      ];
      const folder = await tempFolder();
      const state = await tempFolder();
      const config = join(folder, 'config.json');
      const db = join(state, 'state.db');
      const scenario = join(folder, 'leaks.yaml');
      writeFileSync(config, JSON.stringify({ accounts: [{ ...ACCOUNT, hmacKey: HMAC_KEY }] }));
      writeFileSync(scenario, SCENARIO(card));
      const served = await serve('--config', config, '--db', db, ...(n % 2 === 0 ? ['--json'] : []));
      onTestFinished(async () => void (await served.stop()));
      questions += await sendEverything(served.url, card, random);
      const texts: [source: string, text: string][] = [...bytesOf(state), ...(await controlResponses(served.url))];
      const commands = [
        ['findings', '--url', served.url, '--json'],
        ['run', scenario],
        ...REPORTS.slice(0, cards === 1 ? 1 : undefined).map((report) => ['run', scenario, '--report', report]),
      ];
      for (const args of commands) {
        const { out, err } = await run(...args);
        texts.push([args.join(' ').replace(folder, ''), out + err]);
      }
      await served.stop();
      texts.push(['serve', served.lines().join('\n')], ...bytesOf(state));
      // The keys of accounts are part of the state: they are in the database file and in snapshots.
      const isState = (source: string): boolean => source.startsWith('file ') || source.includes('snapshot');
      const keys: Secret[] = [
        { what: 'the key', value: CLE },
        { what: 'the HMAC key', value: HMAC_KEY },
      ];
      const leaks = texts.flatMap(([source, text]) => leaksIn(source, text, isState(source) ? secrets : [...secrets, ...keys]));
      expect(leaks).toEqual([]);
      expect(texts.some(([, text]) => text.includes(`${card.slice(0, 6)}******${card.slice(-4)}`))).toBe(true);
      count += texts.length;
    }
    return `${questions} questions, ${count} texts searched`;
  },
);

// A long run tries all combinations of each round.
const SHARE = process.env.ENDURANCE === 'short' ? 0.35 : 1;

campaign(
  { name: 'no secret is shown, whatever carries it and wherever it is put', unit: 'carrier rounds', short: 1, long: 2 },
  async (rounds, seed) => {
    const random = new Random(seed);
    let [combinations, texts] = [0, 0];
    for (let round = 0; round < rounds; round++) {
      const result = await runSecretCampaign(random, SHARE, round % 2 === 1);
      expect(result.leaks.slice(0, 20)).toEqual([]);
      combinations += result.combinations;
      texts += result.texts;
    }
    expect(combinations).toBeGreaterThan(5000);
    return `${combinations} combinations of secret, carrier and place, ${texts} texts searched`;
  },
);

test.each([
  ['in clear', '4539578763621486'],
  ['in the middle of a line', 'x=4539578763621486;'],
  ['spaced', '4539 5787 6362 1486'],
  ['percent-encoded', percentEncode('4539').replace('4539', '%34%35%33%39%35%37%38%37%36%33%36%32%31%34%38%36')],
  ['with its spaces percent-encoded', '4539%205787%206362%201486'],
  ['as base64', Buffer.from('{"PORTEUR":"4539578763621486"}').toString('base64')],
  ['as base64 of itself', Buffer.from('4539578763621486').toString('base64')],
  ['in hex', Buffer.from('4539578763621486').toString('hex')],
])('a card number is found %s', (_, text) => {
  expect(leaksIn('text', text, [{ what: 'card', value: '4539578763621486' }])).toHaveLength(1);
  expect(leaksIn('text', '453957******1486', [{ what: 'card', value: '4539578763621486' }])).toEqual([]);
});
