import type { ControlRoute } from '../route.js';

/** The routes for the clock of a gateway. */
export const clockRoutes: readonly ControlRoute[] = [
  {
    method: 'get',
    path: '/clock',
    summary: 'Returns the time of the gateway.',
    response: 'The clock.',
    run: ({ gateway }) => gateway.clock.state(),
  },
  {
    method: 'put',
    path: '/clock',
    summary: 'Sets, freezes or resumes the clock; without `now` and `frozen`, returns it to real time.',
    body: 'clock',
    bodyOptional: true,
    response: 'The clock.',
    run: async ({ gateway, body }) => {
      const { now, frozen } = (body ?? {}) as { now?: string; frozen?: boolean };
      if (now !== undefined) gateway.clock.set(now, frozen);
      else if (frozen === undefined) gateway.clock.reset();
      else if (frozen) gateway.clock.freeze();
      else gateway.clock.resume();
      await gateway.saved();
      return gateway.clock.state();
    },
  },
  {
    method: 'post',
    path: '/clock/advance',
    summary: 'Advances the clock by an ISO 8601 duration; the remittances of the nights in between take place.',
    body: 'advance',
    response: 'The clock.',
    run: async ({ gateway, body }) => {
      gateway.clock.advance((body as { by: string }).by);
      await gateway.saved();
      return gateway.clock.state();
    },
  },
  {
    method: 'post',
    path: '/clock/remit',
    summary: "Runs tonight's remittance: advances the clock to just after it.",
    response: 'The clock.',
    run: async ({ gateway }) => {
      gateway.clock.remit();
      await gateway.saved();
      return gateway.clock.state();
    },
  },
];
