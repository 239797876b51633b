import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { TEST_HMAC_KEY } from '../../contracts/index.js';
import { CONFIRMED, signedForms } from '../contracts/signed-results.js';
import { PAID, RETURN, signedReturns } from '../contracts/signed-returns.js';
import { bundle } from '../support/bundle.js';

const CLIENT = fileURLToPath(new URL('../../client/index.ts', import.meta.url));

test('the client bundled for a browser imports no Node built-in and runs without Node', async () => {
  const { code, builtins } = await bundle(`export * from ${JSON.stringify(CLIENT)};`);
  expect(builtins).toEqual([]);
  const use = `
    const options = { url: 'http://shop.test', site: '1999888', rang: '32', cle: '1999888I', version: '00104', timeout: 1000 };
    const body = 'NUMTRANS=0000000001&NUMAPPEL=0000000002&NUMQUESTION=7&SITE=1999888&RANG=32&CODEREPONSE=00018';
    const { cle, ...account } = options;
    const shop = bundle.createClient({ ...account, hmacKey: '${TEST_HMAC_KEY}', identifiant: '107904482' });
    const customer = {
      email: 'ada@example.org', firstName: 'Ada', lastName: 'Lovelace', address: '1', zipCode: '75001', city: 'Paris', country: '250', quantity: 1,
    };
    const urls = { paid: 'http://shop.test/1', refused: 'http://shop.test/2', cancelled: 'http://shop.test/3' };
    const checkout = shop.checkout({ amount: bundle.minorUnits(1234, 'EUR'), reference: 'A', customer, urls });
    const client = bundle.createClient({ ...options, questionNumber: () => 7, fetch: async () => new Response(body) });
    Promise.all([
      client.send('inquire', { NUMQUESTION: '7' }).then((reply) => reply.code),
      client.readAuthentication(result, bundle.TEST_PUBLIC_KEY).then(({ kind }) => kind),
      client.readReturn(returned, bundle.TEST_PUBLIC_KEY, { kind: 'return', fields: '${RETURN}' }).then(({ kind }) => kind),
    ]).then((read) => [...read, typeof client.authentication, checkout.fields().at(-1)[0]].join(' '))`;
  const { TextEncoder, TextDecoder, Response, URL, AbortController, AbortSignal, setTimeout, clearTimeout, performance } = globalThis;
  const { crypto, atob, btoa } = globalThis;
  const timers = { AbortController, AbortSignal, setTimeout, clearTimeout, performance };
  // The bytes of the bundle must be those of the context, or WebCrypto does not accept them.
  const web = { TextEncoder, TextDecoder, Response, URL, ...timers, crypto, atob, btoa, Uint8Array, ArrayBuffer };
  const { query } = await signedForms(CONFIRMED);
  const { address } = await signedReturns(PAID);
  const received = `const result = ${JSON.stringify(query)}; const returned = ${JSON.stringify(address.query)};`;
  expect(await runInNewContext(`${received}${code};${use}`, web)).toBe('00018 authenticated paid function PBX_HMAC');
});
