import { describe, expect, onTestFinished, test } from 'vitest';
import type { Variables } from '../support/question.js';
import type { TestSimulator } from '../support/test-simulator.js';
import { onSubscriber, REGISTRATION, register } from './orders.js';
import { benchOn, STORAGES } from './storages.js';

// Not a published test card: the commands that repeat an exchange show the numbers of those.
const NUMBER = '4111111111111111';
const CARD = { PORTEUR: NUMBER };

interface Echo {
  readonly what: string;
  readonly code: string;
  readonly variables: Variables;
  /** PORTEUR in the journal. */
  readonly shown: string;
}

const echo = (what: string, code: string, variables: Variables, shown = '411111******1111'): Echo => ({ what, code, variables, shown });

/** Questions whose reply repeats the card number. `alice` is registered with it. */
const ECHOES: readonly Echo[] = [
  echo('a registration (00056) with an expired card', '00008', { ...REGISTRATION, ...CARD, REFABONNE: 'bob', DATEVAL: '0120' }),
  echo('a registration (00056) of a known subscriber', '00016', { ...REGISTRATION, ...CARD }),
  echo('a registration (00056) that the issuer refuses', '00105', { ...REGISTRATION, ...CARD, REFABONNE: 'bob', MONTANT: '9900105' }),
  echo('a registration (00056) with a currency in letters', '00010', { ...REGISTRATION, ...CARD, DEVISE: 'EUR' }),
  echo('a registration (00056) with a wrong CLE', '00006', { ...REGISTRATION, ...CARD, CLE: 'wrong-key' }),
  echo('a modification (00057) of an unknown subscriber', '00017', { ...REGISTRATION, ...CARD, TYPE: '00057', REFABONNE: 'bob' }),
  echo('a payment (00053) with the card number', '00000', { TYPE: '00053', ...onSubscriber(CARD) }),
  echo('an authorization (00051) with the card number', '00015', { TYPE: '00051', ...onSubscriber(CARD) }),
  echo('a deletion (00058) with the card number', '00000', { TYPE: '00058', REFABONNE: 'alice', ...CARD }),
  echo(
    'a registration (00056) with a card number that has spaces',
    '00004',
    { ...REGISTRATION, PORTEUR: '4111 1111 1111 1111', REFABONNE: 'bob' },
    '4111 1*********1111',
  ),
  echo(
    'a registration (00056) with a padded card number',
    '00004',
    { ...REGISTRATION, PORTEUR: `${NUMBER}   `, REFABONNE: 'bob' },
    '411111*********1   ',
  ),
];

const PAGES = ['', 'ui/exchanges/2', 'ui/findings', 'ui/payments', 'ui/subscribers', 'journal', 'snapshot', 'payments', 'subscribers'];

async function textOf({ simulator }: TestSimulator, path: string): Promise<string> {
  return (await simulator.fetch(new Request(`http://localhost/_sim/${path}`))).text();
}

/** The first event of the stream after an exchange, as it was sent. */
async function eventAfter({ simulator }: TestSimulator, seq: number): Promise<string> {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const request = new Request(`http://localhost/_sim/events?after=${seq}`, { signal: abort.signal });
  const reader = ((await simulator.fetch(request)).body as ReadableStream<Uint8Array>).getReader();
  onTestFinished(() => reader.cancel());
  const decoder = new TextDecoder();
  let text = '';
  while (!/data: .*\n/.test(text)) text += decoder.decode((await reader.read()).value, { stream: true });
  return text;
}

describe.each(STORAGES)('the card number that a reply repeats is masked everywhere else, in $storage', (kind) => {
  test.each(ECHOES)('$what', async ({ variables, code, shown }) => {
    const exchanges: string[] = [];
    const bench = await benchOn(kind, { onExchange: (...exchange) => exchanges.push(JSON.stringify(exchange)) });
    expect((await register(bench, CARD)).CODEREPONSE).toBe('00000');
    expect(await bench.ask(variables)).toMatchObject({ CODEREPONSE: code, PORTEUR: variables.PORTEUR });

    const [entry] = await bench.simulator.journal({ limit: 1 });
    expect(entry?.reply.PORTEUR).toBe(shown);
    const event = await eventAfter(bench, 1);
    expect(event).toContain(`"PORTEUR":"${shown}"`);
    expect(exchanges).toHaveLength(2);
    const pages = await Promise.all(PAGES.map((path) => textOf(bench, path)));
    for (const text of [JSON.stringify(entry), event, ...exchanges, ...pages]) expect(text).not.toMatch(/4111 ?1111 ?1111 ?1111/);
  });
});
