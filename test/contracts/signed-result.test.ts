import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  KeyError,
  latin1Bytes,
  RESULT_ORDER,
  readResult,
  resultFormFields,
  resultQuery,
  signedText,
  signText,
  TEST_PUBLIC_KEY,
  utf8OrLatin1Text,
  verifySignature,
} from '../../contracts/index.js';
import { TEST_PRIVATE_KEY } from '../../simulator/notifications/test-private-key.js';
import { tempFolder } from '../support/temp-folder.js';
import { latin1 } from './arbitraries.js';
import { CONFIRMED, encodedByBrowser, fieldsWith, signedForms } from './signed-results.js';

const anyFields = fc
  .tuple(
    latin1,
    fc.array(fc.option(latin1, { nil: undefined }), { minLength: RESULT_ORDER.length - 1, maxLength: RESULT_ORDER.length - 1 }),
  )
  .map(([session, others]) => fieldsWith([session, ...others]));

test('the query has lower-case hex, raw = in values and an encoded Check', () => {
  expect(resultQuery({ IdSession: 'a b', StatusPBX: 'Autorisation à faire', '3DXID': 'a+/=' }, 'a+/=')).toBe(
    'IdSession=a%20b&StatusPBX=Autorisation%20%e0%20faire&3DXID=a%2b%2f=&Check=a%2b%2f%3d',
  );
});

test('a browser posts the form with upper-case hex, + for a space and Check encoded twice', () => {
  const fields = { IdSession: 'a b', StatusPBX: 'Autorisation à faire', '3DXID': 'a=' };
  expect(encodedByBrowser(resultFormFields(fields, 'a+/='))).toBe(
    'IdSession=a+b&StatusPBX=Autorisation+%E0+faire&3DXID=a%3D&Check=a%252b%252f%253d',
  );
});

test('the browser of the tests encodes ASCII as URLSearchParams does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
      expect(encodedByBrowser([['a', text]])).toBe(new URLSearchParams([['a', text]]).toString());
    }),
  );
});

test('both forms of any result are read back, and have the same signed text', () => {
  fc.assert(
    fc.property(anyFields, latin1, (fields, own) => {
      const expected = Object.fromEntries(
        Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, utf8OrLatin1Text(value)]])),
      );
      const forms = [
        resultQuery(fields, 'Zm9v'),
        encodedByBrowser(resultFormFields(fields, 'Zm9v')),
        `${encodedByBrowser([['own', own]])}&${encodedByBrowser(resultFormFields(fields, 'Zm9v'))}&own=2`,
        `https://shop.example/3ds?own=1&${resultQuery(fields, 'Zm9v')}#end`,
      ];
      for (const form of forms)
        expect(readResult(form)).toEqual({ fields: expected, repeated: [], signedText: signedText(fields), check: 'Zm9v' });
    }),
  );
});

test.each(['', 'IdSession=1', 'IdSession=1&StatusPBX=2', 'Check=a', 'Check=a&IdSession=1', 'XIdSession=1&Check=a', '?', '%'])(
  '%j is not a result',
  (raw) => {
    expect(readResult(raw)).toBeUndefined();
  },
);

test('reading a result never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      readResult(text);
      readResult(`IdSession=${text}&Check=${text}`);
    }),
  );
});

test('repeated variables are named, and the first counts', () => {
  expect(readResult('IdSession=1&StatusPBX=a&StatusPBX=b&IdSession=2&Check=c')).toMatchObject({
    fields: { IdSession: '1', StatusPBX: 'a' },
    repeated: ['StatusPBX', 'IdSession'],
  });
});

describe('a signature', () => {
  test('of any text is verified, and not with one byte changed', async () => {
    await fc.assert(
      fc.asyncProperty(latin1, fc.nat(), async (text, at) => {
        const check = await signText(text, TEST_PRIVATE_KEY);
        expect(check).toMatch(/^[A-Za-z0-9+/]{171}=$/);
        expect(await verifySignature(text, check, TEST_PUBLIC_KEY)).toBe(true);
        const index = at % (text.length + 1);
        const changed = String.fromCharCode(((text.charCodeAt(index) || 0) + 1) % 256);
        expect(await verifySignature(text.slice(0, index) + changed + text.slice(index + 1), check, TEST_PUBLIC_KEY)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  test.each(['', 'A', 'é', '====', 'AAAA', 'A'.repeat(172), ' '.repeat(4), 'AAA\n'])('%j is not one', async (check) => {
    expect(await verifySignature('text', check, TEST_PUBLIC_KEY)).toBe(false);
  });

  test.each([
    ['an empty text', ''],
    ['a word', 'key'],
    ['a private key', TEST_PRIVATE_KEY],
    ['a PEM text that is not base64', '-----BEGIN PUBLIC KEY-----\nA\n-----END PUBLIC KEY-----'],
    ['a PEM text that is not a key', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'],
  ])('is not verified with %s as the key', async (_, key) => {
    await expect(verifySignature('text', 'AAAA', key)).rejects.toThrow(KeyError);
  });

  test('is not made with a public key', async () => {
    await expect(signText('text', TEST_PUBLIC_KEY)).rejects.toThrow('-----BEGIN PRIVATE KEY-----');
  });
});

describe('openssl verifies', () => {
  test.each(['query', 'body'] as const)('the Check of the %s', async (form) => {
    const received = readResult((await signedForms(CONFIRMED))[form]);
    const folder = await tempFolder();
    const file = (name: string, content: string | Uint8Array): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const key = file('key.pem', TEST_PUBLIC_KEY);
    const signature = file('signature', Buffer.from(received?.check ?? '', 'base64'));
    const verify = (signed: string) =>
      spawnSync('openssl', ['dgst', '-sha1', '-verify', key, '-signature', signature, file('signed', latin1Bytes(signed))], {
        encoding: 'utf8',
      });
    const text = received?.signedText ?? '';
    expect(verify(text)).toMatchObject({ status: 0, stdout: 'Verified OK\n' });
    expect(verify(text.replace('2000000267972', '2000000267973')).status).toBe(1);
  });
});
