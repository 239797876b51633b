import { expect, test } from 'vitest';
import type { Fault } from '../../simulator/engine/fault.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { PAY } from './storages.js';

/** A fault, what the journal says that the client received, and what the page of the exchanges says. */
test.each<readonly [fault: Fault, received: string | undefined, english: string, french: string]>([
  [{ reply: 'drop' }, 'drop', 'Reply dropped', 'Réponse perdue'],
  [{ reply: 'drop', processed: 'no', delay: 1, http: 502 }, 'drop', 'Reply dropped', 'Réponse perdue'],
  [{ http: 504 }, 'http', 'HTTP error sent instead', 'Erreur HTTP envoyée à la place'],
  [{ http: 500, reply: 'empty' }, 'http', 'HTTP error sent instead', 'Erreur HTTP envoyée à la place'],
  [{ reply: 'half' }, 'half', 'Half of the reply sent', 'Moitié de la réponse envoyée'],
  [{ reply: 'empty' }, 'empty', 'Empty reply sent', 'Réponse vide envoyée'],
  [{ reply: 'garbage' }, 'garbage', 'Garbage sent instead', 'Réponse illisible envoyée'],
  [{ reply: 'utf-8' }, 'utf-8', 'Sent in UTF-8', 'Envoyée en UTF-8'],
  [{ echo: { SITE: '1', RANG: '2' } }, 'echo', 'Sent with wrong values', 'Envoyée avec des valeurs fausses'],
  [{ delay: 1, slow: 0 }, undefined, '✓', '✓'],
])('a reply with the fault %j is shown as %s', async (fault, received, english, french) => {
  const bench = openTestSimulator({ rules: [{ fault }] });
  await bench.ask(PAY).catch(() => {});
  const { body } = await bench.control('GET', '/journal');
  expect([body.entries[0].CODEREPONSE, body.entries[0].clientReceived]).toEqual(['00000', received]);
  const page = async (path: string, language: string): Promise<string> => {
    const headers = { 'Accept-Language': language };
    return (await bench.simulator.fetch(new Request(`http://localhost/_sim/${path}`, { headers }))).text();
  };
  for (const path of ['', 'ui/exchanges/1', 'ui/findings']) {
    const shown = await page(path, 'en');
    expect(shown).toContain(english);
    expect(shown.includes('badge good')).toBe(received === undefined);
    expect(await page(path, 'fr')).toContain(french);
  }
});

test('the second processing of a question is shown as without a reply', async () => {
  const bench = openTestSimulator({ rules: [{ fault: { processed: 'twice' } }] });
  await bench.ask(PAY);
  const { body } = await bench.control('GET', '/journal');
  expect(body.entries.map(({ clientReceived }: { clientReceived?: string }) => clientReceived)).toEqual(['again', undefined]);
});
