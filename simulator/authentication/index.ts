export { makeSigner } from '../notifications/signer.js';
export { authenticationHandler } from './handle-authentication.js';
export { ResultSender } from './result-sender.js';
