import { describe, expect, test } from 'vitest';
import { BrokenReplyError, type Client, ConnectionError, MisuseError } from '../../client/index.js';
import { checkOut } from '../support/customer.js';
import { CARD, clientOf, startServer, startSimulator } from './support.js';

const TERMS = 'PBX_2MONT0000000700PBX_NBPAIE00PBX_FREQ01PBX_QUAND00PBX_DELAIS000';
const OPTIONS = { identifiant: '107904482' } as const;

async function subscribe() {
  const simulator = await startSimulator({ accounts: [{ SITE: '1999888', RANG: '32', CLE: '1999888I', threeDSecure: 'off' }] });
  const { id } = await checkOut({ simulator }, { PBX_CMD: `ORDER-1${TERMS}` }, CARD.number);
  return { simulator, client: clientOf(simulator.url, OPTIONS), subscription: String(Number(id)) };
}

describe('endSubscription', () => {
  test.each(['reference', 'subscription'] as const)('ends the subscription of a %s, once', async (name) => {
    const { simulator, client, subscription } = await subscribe();
    const named = name === 'reference' ? { reference: 'ORDER-1' } : { subscription };
    expect(await client.endSubscription(named)).toEqual({ ended: true, reference: 'ORDER-1' });
    expect(await client.endSubscription(named)).toEqual({ ended: false });
    expect(await simulator.gateway.checkout(subscription)).toMatchObject({ plan: { due: [] } });
  });

  test('tells the reference as the shop wrote it', async () => {
    const simulator = await startSimulator({ accounts: [{ SITE: '1999888', RANG: '32', CLE: '1999888I', threeDSecure: 'off' }] });
    await checkOut({ simulator }, { PBX_CMD: `Commande é/1+2${TERMS}` }, CARD.number);
    const reference = 'Commande é/1+2';
    expect(await clientOf(simulator.url, OPTIONS).endSubscription({ reference })).toEqual({ ended: true, reference });
  });

  test('goes to the host of the hosted page, in the folder of its session', async () => {
    const urls: string[] = [];
    const fetch = async (url: string | URL | Request) => {
      urls.push(String(url));
      return new Response('ACQ=NO&ERREUR=9');
    };
    const end = (options: object): Promise<unknown> =>
      clientOf('https://ppps1.paybox.com', { ...OPTIONS, fetch, ...options } as never).endSubscription({ reference: 'a' });
    await end({});
    await end({ hostedPageUrl: 'http://localhost:8888/s/one/php/' });
    expect(urls).toEqual(['https://tpeweb1.paybox.com/cgi-bin/ResAbon.cgi', 'http://localhost:8888/s/one/cgi-bin/ResAbon.cgi']);
  });

  test.each([
    [{}, /exactly one of reference and subscription/],
    [{ reference: 'a', subscription: '1' }, /exactly one of reference and subscription/],
    [{ reference: '' }, /reference must be 1 to 250/],
    [{ subscription: '0' }, /subscription must be one to ten digits/],
    [{ subscription: 12 }, /subscription must be one to ten digits/],
    [undefined, /exactly one of/],
  ])('sends nothing for %j', async (parameters, message) => {
    const client: Client = clientOf('http://127.0.0.1:1', OPTIONS);
    const ending = client.endSubscription(parameters as never);
    await expect(ending).rejects.toThrow(MisuseError);
    await expect(ending).rejects.toThrow(message);
  });

  test('needs the identifiant', async () => {
    await expect(clientOf('http://127.0.0.1:1').endSubscription({ reference: 'a' })).rejects.toThrow(/needs identifiant/);
  });

  test('throws without a usable reply', async () => {
    const { url } = await startServer((_, __, response) => void response.writeHead(500).end('ACQ=OK'));
    await expect(clientOf(url, OPTIONS).endSubscription({ reference: 'a' })).rejects.toThrow(BrokenReplyError);
    await expect(clientOf('http://127.0.0.1:2', OPTIONS).endSubscription({ reference: 'a' })).rejects.toThrow(ConnectionError);
  });
});
