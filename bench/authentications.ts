import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSimulator } from '../simulator/index.js';
import { type Benchmark, median } from './benchmark.js';
import { paymentBody } from './question.js';

const OPEN_CHALLENGES = 1000;
const [WITH_CHALLENGE, WITHOUT_CHALLENGE] = ['4000000000001091', '4000000000001000'];

const HEADERS = { 'Content-Type': 'application/x-www-form-urlencoded' };

const form = (session: string, card: string, shop: string): string =>
  new URLSearchParams({
    IdMerchant: '107904482',
    IdSession: session,
    Amount: '1000',
    Currency: '978',
    CCNumber: card,
    CCExpDate: '1249',
    CVVCode: '123',
    URLHttpDirect: `${shop}/direct`,
    URLRetour: `${shop}/back`,
  }).toString();

/** The used heap in kB. Without `--expose-gc` the figure includes garbage and means nothing. */
const usedHeap = (): number => {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed / 1024;
};

/**
 * Measures an authentication without a challenge, with its page and the call to the shop, compared with a payment over HTTP in the same run; and
 * the memory of open challenges.
 */
export const authentications: Benchmark = async ({ rounds, print }) => {
  const shop = createServer((_, outgoing) => void outgoing.end('ok')).listen(0, '127.0.0.1');
  await once(shop, 'listening');
  const shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  const simulator = createSimulator({ accounts: [{ SITE: '1999888', RANG: '32', resultOrder: 'server-first' }] });
  const url = await simulator.listen({ port: 0 });
  const post = async (path: string, body: BodyInit, isExpected: RegExp): Promise<number> => {
    const began = performance.now();
    const response = await fetch(url + path, { method: 'POST', headers: HEADERS, body });
    if (!isExpected.test(await response.text())) throw new Error(`${path} was not answered as expected.`);
    return performance.now() - began;
  };
  const payments: number[] = [];
  const results: number[] = [];
  for (let i = 0; i < 50 + rounds * 100; i++) {
    payments.push(await post('/PPPS.php', paymentBody(i + 1), /CODEREPONSE=00000/));
    results.push(await post('/cgi/RemoteMPI.cgi', form(`session-${i}`, WITHOUT_CHALLENGE, shopUrl), /name="Check"/));
  }
  await simulator.reset();
  const before = usedHeap();
  for (let i = 0; i < OPEN_CHALLENGES; i++) await post('/cgi/RemoteMPI.cgi', form(`open-${i}`, WITH_CHALLENGE, shopUrl), /ACS\.cgi/);
  const perChallenge = (usedHeap() - before) / OPEN_CHALLENGES;
  await simulator.close();
  shop.close();
  shop.closeAllConnections();
  const [payment, result] = [median(payments.slice(50)), median(results.slice(50))];
  print(
    `A payment ${payment.toFixed(2)} ms; an authentication with its page, signatures and the call to the shop ${result.toFixed(2)} ms: ${(result / payment).toFixed(1)} times`,
  );
  print(`${OPEN_CHALLENGES} open challenges: ${perChallenge.toFixed(1)} kB each`);
  return { payment, result, ratio: result / payment, kilobytesPerOpenChallenge: perChallenge };
};
