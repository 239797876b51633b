import { request } from 'node:http';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { ControlAccess } from '../../simulator/control/access.js';
import { createSimulator } from '../../simulator/index.js';
import { RawConnection, statusOf } from '../support/raw-http.js';

const PATHS = ['/_sim/', '/_sim/journal', '/_sim/ui/payments', '/load.html', '/x', '/', '/ppps.php', '/s/shop/_sim/'];

async function serverUrl(control: ControlAccess): Promise<string> {
  const simulator = createSimulator({ control });
  onTestFinished(() => simulator.close());
  return simulator.listen();
}

/** Sends a request with any Host header. Returns its status; undefined if Node.js does not send such a header. */
function statusWith(url: string, host: string, path: string, method = 'GET'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    try {
      const sent = request(url, { path, method, headers: { host }, agent: false }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
      });
      sent.on('error', reject);
      sent.end();
    } catch {
      resolve(undefined);
    }
  });
}

const INVALID = ['xn--', 'xn--a', 'xn--a.localhost', '1.2.3.4.5', '999.999.999.999', '127.0.0.256', '1.2.3.4:99999', 'abcde@\u00e9'];

test.each(['loopback', 'any'] as const)('a Host header that is no host is refused (control: %s)', async (control) => {
  const url = await serverUrl(control);
  for (const host of INVALID)
    for (const path of PATHS) expect([host, path, await statusWith(url, host, path)]).toEqual([host, path, expect.toBeOneOf([400, 403])]);
});

test('a URL with a user name in the request line is refused', async () => {
  const connection = await RawConnection.open(await serverUrl('any'));
  connection.send('GET http://user:word@localhost/_sim/journal HTTP/1.1\r\nHost: localhost\r\n\r\n');
  expect(await statusOf(connection)).toBe(400);
});

test.each(['loopback', 'any'] as const)('no Host header causes an error of the server (control: %s)', async (control) => {
  const url = await serverUrl(control);
  const label = fc.oneof(
    fc.constantFrom('xn--', 'xn--a', 'localhost', 'a', '-', '', '_', '*', 'é'),
    fc.integer({ min: 0, max: 99_999 }).map(String),
    fc.constantFrom('0x7f', '0x', '08', '127', '256'),
  );
  const name = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join('.'));
  const port = fc.constantFrom('', ':', ':0', ':80', ':65535', ':65536', ':99999', ':x');
  const user = fc.constantFrom('', '', '', '@', 'a@', 'a:b@');
  const structured = fc
    .tuple(
      user,
      fc.oneof(
        name,
        fc.ipV6().map((address) => `[${address}]`),
        fc.domain(),
      ),
      port,
    )
    .map((parts) => parts.join(''));
  const host = fc.oneof(structured, fc.string({ unit: 'binary', maxLength: 12 }), fc.stringMatching(/^[\w.:@[\]%/-]{1,16}$/));
  await fc.assert(
    fc.asyncProperty(host, fc.constantFrom(...PATHS), fc.constantFrom('GET', 'POST', 'DELETE', 'TRACE'), async (header, path, method) => {
      expect((await statusWith(url, header, path, method)) ?? 400).toBeLessThan(500);
    }),
    { numRuns: 300 },
  );
});
