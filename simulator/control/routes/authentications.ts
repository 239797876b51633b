import { ControlError } from '../errors.js';
import { authenticationBody } from '../response-bodies.js';
import type { ControlRoute } from '../route.js';
import { accountOf, LIMIT, limitOf } from './query-parameters.js';

/** The routes for the authentications of 3-D Secure, and for the key that signs their results. */
export const authenticationRoutes: readonly ControlRoute[] = [
  {
    method: 'get',
    path: '/authentications',
    summary: 'Lists the authentications of 3-D Secure, highest ID3D first.',
    query: {
      IdSession: 'Only authentications with this IdSession.',
      account: 'Only authentications of this account, SITE/RANG.',
      before: 'Only authentications with a lower ID3D. For the next page, the ID3D of the last one.',
      ...LIMIT,
    },
    response: 'The authentications.',
    run: async (request) => {
      const { gateway, query } = request;
      const authentications = await gateway.authentications({
        IdSession: query('IdSession'),
        account: accountOf(request),
        before: query('before'),
        limit: limitOf(request),
      });
      const now = gateway.clock.now();
      return { authentications: authentications.map((authentication) => authenticationBody(authentication, now)) };
    },
  },
  {
    method: 'get',
    path: '/authentications/{ID3D}',
    summary: 'Returns the authentication with this ID3D.',
    response: 'The authentication.',
    run: async ({ gateway, param }) => {
      const authentication = await gateway.authentication(param('ID3D'));
      if (!authentication)
        throw new ControlError(404, `Authentication not found: none has ID3D ${param('ID3D')}. GET /_sim/authentications lists them.`);
      return authenticationBody(authentication, gateway.clock.now());
    },
  },
  {
    method: 'get',
    path: '/public-key.pem',
    summary: 'Returns the public key that verifies the results of authentications.',
    response: 'The key.',
    mediaType: 'application/x-pem-file',
    run: ({ publicKey }) => publicKey(),
  },
];
