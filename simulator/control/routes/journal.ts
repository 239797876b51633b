import { mapInSlices } from '../../store/time-slice.js';
import { entryBody } from '../response-bodies.js';
import type { ControlRoute } from '../route.js';
import { LIMIT, limitOf, seqOf, timeOf, typeFilter } from './query-parameters.js';

/** The route that reads the journal. */
export const journalRoutes: readonly ControlRoute[] = [
  {
    method: 'get',
    path: '/journal',
    summary: 'Lists requests with their replies and findings, newest first.',
    query: {
      REFERENCE: 'Only entries with this REFERENCE.',
      TYPE: 'Only entries of this operation, by number or name; or authenticate, challenge, result.',
      CODEREPONSE: 'Only entries with this response code.',
      since: 'Only entries at or after this time.',
      until: 'Only entries before this time.',
      before: 'Only entries with a lower seq. For the next page, the seq of the last entry.',
      ...LIMIT,
    },
    response: 'The entries.',
    run: async (request) => {
      const entries = await request.gateway.journal({
        REFERENCE: request.query('REFERENCE'),
        ...typeFilter(request),
        CODEREPONSE: request.query('CODEREPONSE')?.padStart(5, '0'),
        since: timeOf(request, 'since'),
        until: timeOf(request, 'until'),
        before: seqOf(request),
        limit: limitOf(request),
      });
      return { entries: await mapInSlices(entries, entryBody) };
    },
  },
];
