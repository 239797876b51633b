import { http, passthrough } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { decodeReply, encodeForm, GATEWAY_HOSTS } from '../../contracts/index.js';
import { RuleError } from '../../simulator/gateway/configuration/check-rule.js';
import { createSimulator } from '../../simulator/index.js';
import { type MockedGateway, type PayboxHandlersOptions, payboxHandlers } from '../../simulator/testing/msw/index.js';
import '../../simulator/testing/vitest/index.js';
import { HEAD, NOON, type Variables } from '../support/question.js';

const server = setupServer();

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterAll(() => server.close());

const PAY: Variables = {
  TYPE: '00003',
  NUMQUESTION: '1',
  MONTANT: '1000',
  DEVISE: '978',
  REFERENCE: 'ORDER-1',
  PORTEUR: '1111222233334444',
  DATEVAL: '1299',
  CVV: '123',
};

/** Creates a gateway whose clock starts at {@link NOON}, and uses its handlers for one test. */
function useGateway(options: PayboxHandlersOptions = {}): MockedGateway {
  const paybox = payboxHandlers({ clock: NOON, ...options });
  server.resetHandlers(...paybox.handlers);
  return paybox;
}

function post(url: string, variables: Variables, init: RequestInit = {}): Promise<Response> {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  return fetch(url, { method: 'POST', body: encodeForm(Object.entries({ ...HEAD, ...variables })), headers, ...init });
}

async function ask(url: string, variables: Variables): Promise<Variables> {
  const response = await post(url, variables);
  return Object.fromEntries(decodeReply(new Uint8Array(await response.arrayBuffer())));
}

describe('the hosts of the real gateway', () => {
  test.each(GATEWAY_HOSTS.map(({ host }) => host))('%s accepts a payment', async (host) => {
    useGateway();
    expect(await ask(`https://${host}/PPPS.php`, PAY)).toMatchObject({ CODEREPONSE: '00000', NUMQUESTION: '1' });
  });

  test.each([1, 70_000, 200_000])('answer a body of %i bytes as the server does', async (length) => {
    useGateway();
    const simulator = createSimulator({ clock: NOON });
    onTestFinished(() => simulator.close());
    const question = ['https://preprod-ppps.paybox.com/PPPS.php', { method: 'POST', body: 'x'.repeat(length) }] as const;
    expect(await (await fetch(...question)).text()).toBe(await (await simulator.fetch(new Request(...question))).text());
  });

  test('have the same payments', async () => {
    const paybox = useGateway();
    await ask('https://preprod-ppps.paybox.com/PPPS.php', PAY);
    const found = await ask('https://ppps1.paybox.com/PPPS.php', { ...PAY, TYPE: '00011', NUMQUESTION: '2' });
    expect(found.CODEREPONSE).toBe('00000');
    await expect(paybox).toHaveCharged({ times: 1, amount: 1000, reference: 'ORDER-1' });
  });

  test('answer OK on the status page', async () => {
    useGateway();
    expect(await (await fetch('https://preprod-ppps.paybox.com/load.html')).text()).toMatch(/id="server_status"[^>]*>OK</);
  });

  test('answer GET with the query as the question, and 405 to other methods', async () => {
    useGateway();
    const got = await fetch(`https://preprod-ppps.paybox.com/PPPS.php?${new URLSearchParams({ ...HEAD, ...PAY })}`);
    expect([got.status, await got.text()]).toEqual([200, expect.stringContaining('CODEREPONSE=00000')]);
    const response = await fetch('https://preprod-ppps.paybox.com/PPPS.php', { method: 'PUT' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });

  test('are never reached: unknown paths are answered 404', async () => {
    useGateway();
    expect((await fetch('https://ppps.paybox.com/elsewhere?a=b')).status).toBe(404);
    expect((await fetch('http://PPPS.paybox.com/load.html', { method: 'POST' })).status).toBe(404);
  });

  test('do not include hosts with similar names', async () => {
    const paybox = useGateway();
    await expect(post('https://ppps.paybox.com.example.test/PPPS.php', PAY)).rejects.toThrow();
    await expect(post('https://pppsxpaybox.com/PPPS.php', PAY)).rejects.toThrow();
    expect(await paybox.journal()).toEqual([]);
  });
});

describe('the URLs of the options', () => {
  test('are answered by the main host or the backup host', async () => {
    const paybox = useGateway({ urls: ['https://psp.example.test/pay'], backupUrls: ['https://psp2.example.test/pay'] });
    paybox.answer('00003', { host: 'main' });
    expect((await ask('https://psp.example.test/pay', PAY)).CODEREPONSE).toBe('00003');
    expect((await ask('https://psp2.example.test/pay', PAY)).CODEREPONSE).toBe('00000');
  });

  test('answer GET with the query as the question, and 405 to other methods', async () => {
    useGateway({ urls: ['https://psp.example.test/pay'] });
    const got = await fetch(`https://psp.example.test/pay?${new URLSearchParams({ ...HEAD, ...PAY })}`);
    expect([got.status, await got.text()]).toEqual([200, expect.stringContaining('CODEREPONSE=00000')]);
    expect((await fetch('https://psp.example.test/pay', { method: 'PUT' })).status).toBe(405);
  });
});

describe('the mocked gateway', () => {
  test('answers with the code of answer()', async () => {
    const paybox = useGateway();
    paybox.answer('00105', { match: { TYPE: 'pay' }, times: 1 });
    expect((await ask(paybox.url, PAY)).CODEREPONSE).toBe('00105');
    expect((await ask(paybox.url, { ...PAY, NUMQUESTION: '2' })).CODEREPONSE).toBe('00000');
  });

  test('throws on a rule that cannot match', () => {
    expect(() => useGateway().answer('9999')).toThrow(RuleError);
    expect(() => useGateway({ rules: [{ match: { MONTNAT: '1' }, answer: '00003' }] })).toThrow(/MONTNAT/);
  });

  test('remits payments when its clock passes the remittance', async () => {
    const paybox = useGateway();
    const { NUMTRANS = '', NUMAPPEL = '' } = await ask(paybox.url, PAY);
    paybox.clock.remit();
    const inquiry = { TYPE: '00017', NUMQUESTION: '2', NUMTRANS, NUMAPPEL, DATEQ: '11062026' };
    expect(await ask(paybox.url, inquiry)).toMatchObject({ STATUS: 'Capturé', REMISE: expect.stringMatching(/^\d{1,9}$/) });
  });

  test('returns journal entries with findings and masked card data', async () => {
    const paybox = useGateway();
    await ask(paybox.url, { ...PAY, MONTANT: '10.00' });
    const [entry] = await paybox.journal();
    expect(entry).toMatchObject({ TYPE: '00003', CODEREPONSE: '00011' });
    expect(entry?.findings.map(({ message }) => message).join()).toContain('10.00');
    expect(JSON.stringify(entry)).not.toMatch(/1111222233334444/);
    expect(new Map(entry?.request).get('PORTEUR')).toBe('111122******4444');
  });

  test('imports payments', async () => {
    const paybox = useGateway();
    const imported = { SITE: '1999888', RANG: '32', NUMTRANS: '718281828', NUMAPPEL: '314159265', MONTANT: 4990, DEVISE: '978' };
    await paybox.gateway.importPayment({ ...imported, REFERENCE: 'HOSTED-1', status: 'authorized' });
    const capture = { TYPE: '00002', NUMQUESTION: '1', NUMTRANS: '718281828', NUMAPPEL: '314159265', MONTANT: '4990', DEVISE: '978' };
    expect((await ask(paybox.url, capture)).CODEREPONSE).toBe('00000');
  });

  test('imports subscribers, by the gateway and by the options', async () => {
    const anna = { SITE: '1999888', RANG: '32', REFABONNE: 'anna', token: 'TokenOfAnna', DATEVAL: '1230' };
    const paybox = useGateway({ subscribers: [anna] });
    await paybox.gateway.importSubscriber({ ...anna, REFABONNE: 'berta', token: 'TokenOfBerta' });
    for (const [NUMQUESTION, REFABONNE, PORTEUR] of [
      ['1', 'anna', 'TokenOfAnna'],
      ['2', 'berta', 'TokenOfBerta'],
    ] as const) {
      const question = { ...PAY, TYPE: '00053', NUMQUESTION, REFABONNE, PORTEUR };
      expect(await ask(paybox.url, question)).toMatchObject({ CODEREPONSE: '00000', PORTEUR });
    }
  });

  test('has no payments and no journal after reset()', async () => {
    const paybox = useGateway();
    await ask(paybox.url, PAY);
    await paybox.gateway.reset();
    expect([await paybox.payments(), await paybox.journal()]).toEqual([[], []]);
  });

  test('answers its own fetch() without MSW', async () => {
    const paybox = payboxHandlers({ clock: NOON });
    const response = await paybox.fetch(paybox.url, { method: 'POST', body: encodeForm(Object.entries({ ...HEAD, ...PAY })) });
    expect(decodeReply(new Uint8Array(await response.arrayBuffer())).get('CODEREPONSE')).toBe('00000');
  });
});

describe('faults', () => {
  test('drop makes fetch() reject; the payment is made', async () => {
    const paybox = useGateway();
    paybox.fault({ reply: 'drop' });
    await expect(post(paybox.url, PAY)).rejects.toThrow(TypeError);
    await expect(paybox).toHaveCharged();
  });

  test('half makes reading the body reject; the payment is made', async () => {
    const paybox = useGateway();
    paybox.fault({ reply: 'half' });
    const response = await post(paybox.url, PAY);
    expect(response.status).toBe(200);
    await expect(response.arrayBuffer()).rejects.toThrow();
    await expect(paybox).toHaveCharged();
  });

  test('never sends no reply until the caller aborts', async () => {
    const paybox = useGateway();
    paybox.fault({ reply: 'never' });
    const controller = new AbortController();
    const posted = post(paybox.url, PAY, { signal: controller.signal });
    await expect.poll(() => paybox.journal()).toHaveLength(1);
    controller.abort();
    await expect(posted).rejects.toThrow('aborted');
  });

  test.each([
    [{ reply: 'empty' } as const, 200, ''],
    [{ http: 503 } as const, 503, '503 Service Unavailable'],
    [{ echo: { NUMQUESTION: '7' } } as const, 200, 'NUMQUESTION=7'],
    [{ reply: 'utf-8' } as const, 200, 'Demande traitée avec succès'],
    [{ slow: 0 } as const, 200, 'CODEREPONSE=00000'],
  ])('%j is answered %d', async (fault, status, text) => {
    const paybox = useGateway();
    paybox.fault(fault);
    const response = await post(paybox.url, PAY);
    expect([response.status, await response.text()]).toEqual([status, expect.stringContaining(text)]);
  });

  test('swap exchanges two replies', async () => {
    const paybox = useGateway();
    paybox.fault({ reply: 'swap' });
    const replies = await Promise.all(['1', '2'].map((NUMQUESTION) => ask(paybox.url, { ...PAY, NUMQUESTION })));
    expect(replies.map(({ NUMQUESTION }) => NUMQUESTION)).toEqual(['2', '1']);
  });
});

test('gateways in concurrent boundaries are independent', async () => {
  const elsewhere = http.all('https://elsewhere.example.test/*', () => passthrough());
  server.resetHandlers(elsewhere);
  onTestFinished(() => server.resetHandlers());
  const counts = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      server.boundary(async () => {
        const paybox = payboxHandlers({ clock: NOON });
        server.use(...paybox.handlers);
        for (let number = 1; number <= index; number++) {
          await ask(paybox.url, { ...PAY, NUMQUESTION: String(number), REFERENCE: `ORDER-${number}` });
        }
        return (await paybox.payments()).length;
      })(),
    ),
  );
  expect(counts).toEqual(Array.from({ length: 20 }, (_, index) => index));
});
