import type { ControlRoute } from '../route.js';
import { textStream } from '../text-stream.js';

/** The routes for the whole state of a gateway: reset, snapshot and seed data. */
export const stateRoutes: readonly ControlRoute[] = [
  {
    method: 'post',
    path: '/reset',
    summary: 'Deletes payments, subscribers and journal; resets accounts, rules and clock to the configuration.',
    run: ({ gateway }) => gateway.reset(),
  },
  {
    method: 'get',
    path: '/snapshot',
    summary: 'Returns the whole state of the gateway as one document.',
    response: 'The snapshot.',
    run: ({ gateway }) => textStream(gateway.snapshotText()),
  },
  {
    method: 'put',
    path: '/snapshot',
    summary: 'Restores the gateway from a snapshot.',
    body: 'snapshot',
    run: ({ gateway, body }) => gateway.restore(body),
  },
  {
    method: 'post',
    path: '/seed',
    summary: 'Generates payments of the past days, in every state.',
    body: 'seed',
    bodyOptional: true,
    response: 'The number of payments, of questions sent for them, and of refusals.',
    run: async ({ gateway, body }) => {
      const { seed } = await import('../../gateway/seed.js');
      return seed(gateway, (body ?? {}) as { payments?: number; seed?: number; days?: number });
    },
  },
];
