import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { MAX_REPLY_BYTES } from '../../contracts/index.js';
import { ODD_SERVERS, type OddServer, startOddServer } from './odd-servers.js';
import { CARD, clientOf, order } from './support.js';

/** A server that never completes its reply is given up soon; with the others the limit is never reached, also on a busy machine. */
const timeoutOf = ({ error }: OddServer): number => (error === 'TimeoutError' ? 200 : 60_000);

const CONTROL = /\p{Cc}/u;

/** What a caller may show of an outcome or of an error. */
function shownTexts(result: Readonly<Record<string, unknown>> | Error): string[] {
  const { error = result, comment = '' } = result as { error?: unknown; comment?: string };
  return [
    comment,
    error instanceof Error ? error.message : '',
    ...(result instanceof Error ? [] : Object.values(result).filter((value) => typeof value === 'string')),
  ];
}

describe('the client with an odd server', { concurrent: true, timeout: 60_000 }, () => {
  for (const server of ODD_SERVERS) {
    test(server.name, async () => {
      const client = clientOf(await startOddServer(server.behave), { askAfter: [], timeout: timeoutOf(server) });
      const result = await client.pay(order('ODD')).catch((error: Error) => error);
      const shown =
        result instanceof Error
          ? { outcome: result.name }
          : { outcome: result.kind, error: 'error' in result ? result.error?.name : undefined };
      expect(shown).toEqual({ outcome: server.outcome, error: server.error });
      expect(shownTexts(result as never).filter((text) => CONTROL.test(text))).toEqual([]);
      expect(inspect(result, { depth: 10 })).not.toContain(CARD.number);
      if (server.error === 'BrokenReplyError')
        expect(result).toHaveProperty(
          'error.length',
          expect.toSatisfy((length: number) => length <= MAX_REPLY_BYTES),
        );
    });
  }
});

test('there are at least sixty odd servers', () => {
  expect(new Set(ODD_SERVERS.map(({ name }) => name)).size).toBeGreaterThanOrEqual(60);
});
