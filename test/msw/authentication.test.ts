import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient, minorUnits } from '../../client/index.js';
import { encodeForm, TEST_PUBLIC_KEY } from '../../contracts/index.js';
import { backendHandlers, type MockedGateway, mapping, payboxHandlers } from '../../simulator/testing/msw/index.js';
import { actAtBank, openBank, postToMpi } from '../support/cardholder.js';
import { NOON } from '../support/question.js';

const server = setupServer();
const SHOP = 'https://shop.example';

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterAll(() => server.close());

/** Sends the requests of a browser to a host of the gateway, through MSW. */
const browser = (host = 'preprod-tpeweb.paybox.com') => ({
  fetch: (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    return fetch(new Request(`https://${host}${pathname}${search}`, request));
  },
});

interface Shop {
  readonly paybox: MockedGateway;
  /** The raw queries of the gateway's calls. */
  readonly called: string[];
}

/** Handlers of a gateway, of a shop that the gateway calls, and of its address for the browser, which pays. */
function useShop(): Shop {
  const paybox = payboxHandlers({ clock: NOON, accounts: [{ SITE: '1999888', RANG: '32', resultOrder: 'server-first' }] });
  const client = createClient({ ...paybox.clientOptions });
  const called: string[] = [];
  server.resetHandlers(
    ...paybox.handlers,
    http.get(`${SHOP}/direct`, ({ request }) => {
      called.push(new URL(request.url).search);
      return HttpResponse.text('ok');
    }),
    ...backendHandlers(
      {
        'POST /back': mapping({
          send: async ({ request }) => {
            const result = await client.readAuthentication(await request.text(), TEST_PUBLIC_KEY, { session: 'session-1' });
            if (!result.mayPay) return { result: result.kind };
            const card = { number: '4000000000001091', expiry: '1299', cvv: '123' };
            const { kind } = await client.pay({ amount: minorUnits(1000, 'EUR'), reference: 'ORDER-1', card, id3d: result.id3d });
            return { result: result.kind, payment: kind };
          },
          answer: (outcome) => outcome,
        }),
      },
      { origin: SHOP },
    ),
  );
  return { paybox, called };
}

const ADDRESSES = { URLHttpDirect: `${SHOP}/direct`, URLRetour: `${SHOP}/back` };

/** Posts the form of the page that leads the browser back to the shop. */
async function bringBack(form: { readonly action: string; readonly fields: Record<string, string> } | undefined): Promise<unknown> {
  const body = encodeForm(Object.entries(form?.fields ?? {}), 'iso-8859-1');
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  return (await fetch(form?.action ?? '', { method: 'POST', body, headers })).json();
}

describe('RemoteMPI behind MSW handlers', () => {
  test.each(['preprod-tpeweb.paybox.com', 'tpeweb1.e-transactions.fr'])(
    'leads a fetched form at %s to the bank and back, calls the shop and takes the payment',
    async (host) => {
      const { paybox, called } = useShop();
      const started = await postToMpi(browser(host), ADDRESSES);
      expect(started).toMatchObject({ status: 200, form: { action: 'ACS.cgi', method: 'GET' } });
      const id3d = started.form?.fields.ID3D ?? '';
      expect((await openBank(browser(host), id3d)).html).toContain('123456');
      expect(called).toEqual([]);
      const { form } = await actAtBank(browser(host), id3d, 'confirm');
      expect(called).toEqual([expect.stringMatching(/^\?IdSession=session-1&StatusPBX=Autorisation%20%e0%20faire&.*&Check=/)]);
      expect(await bringBack(form)).toEqual({ result: 'authenticated', payment: 'approved' });
      expect(await paybox.payments()).toHaveLength(1);
    },
  );

  test('calls the shop after a time-out by the clock of the gateway', async () => {
    const { paybox, called } = useShop();
    const { form } = await postToMpi(browser(), ADDRESSES);
    paybox.clock.advance('PT5M');
    await expect.poll(() => called).toEqual([expect.stringContaining('StatusPBX=Timeout')]);
    expect(await bringBack((await openBank(browser(), form?.fields.ID3D ?? '')).form)).toEqual({ result: 'timeout' });
  });

  test('does not throw when the shop has no handler for the call', async () => {
    const { paybox } = useShop();
    server.use(http.get(`${SHOP}/direct`, () => HttpResponse.error()));
    const { form } = await postToMpi(browser(), { ...ADDRESSES, CCNumber: '4000000000001000' });
    expect(form?.action).toBe(ADDRESSES.URLRetour);
    const rules = (await paybox.gateway.journal()).flatMap(({ findings }) => findings.map(({ rule }) => rule));
    expect(rules).toContain('result-undelivered');
  });
});
