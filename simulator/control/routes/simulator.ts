import { parisTime } from '../../engine/calendar.js';
import { VERSION } from '../../version.js';
import { ControlError } from '../errors.js';
import type { ControlRoute } from '../route.js';

/** The routes for the simulator as a whole: health, outage and sessions. */
export const simulatorRoutes: readonly ControlRoute[] = [
  {
    method: 'get',
    path: '/health',
    summary: 'Shows that the simulator is up, its version, where it stores its state and, in memory, how much it holds at most.',
    response: 'The health of the simulator.',
    run: ({ gateways: { storage } }) => ({ status: 'ok', version: VERSION, store: storage.description, limits: storage.limits }),
  },
  {
    method: 'post',
    path: '/outage',
    summary: 'Refuses connections to the gateways and to this API for a while, like a server that is down, then listens again.',
    body: 'outage',
    mainOnly: true,
    response: 'When the simulator accepts connections again, in real time.',
    run: ({ outage, body }) => {
      const { milliseconds } = body as { milliseconds: number };
      // Not awaited: this response must leave before the port closes.
      const ended = outage(milliseconds);
      ended.catch((error: unknown) => console.error(error));
      return { until: parisTime(Date.now() + milliseconds) };
    },
  },
  {
    method: 'get',
    path: '/sessions',
    summary: 'Lists the names of the sessions at /s/{name}.',
    mainOnly: true,
    response: 'The names.',
    run: async ({ gateways }) => ({ sessions: await gateways.sessions() }),
  },
  {
    method: 'delete',
    path: '/sessions/{name}',
    summary: 'Deletes a session with all its data.',
    mainOnly: true,
    run: async ({ gateways, param }) => {
      if (!(await gateways.drop(param('name'))))
        throw new ControlError(404, `Session not found: /s/${param('name')}. GET /_sim/sessions lists the sessions.`);
    },
  },
];
