/** What pages with the MSW handlers load when RemoteMPI is first used. */
export { makeSigner } from '../notifications/signer.js';
export { authenticationHandler } from './handle-authentication.js';
export { ResultSender } from './result-sender.js';
