export type { Fault } from '../../engine/fault.js';
export type { Payment } from '../../engine/payment.js';
export { paymentState } from '../../engine/payment.js';
export type { JournalEntry } from '../../journal/entry.js';
export type { RuleCondition } from '../test-gateway.js';
export { type BackendCall, type BackendOptions, backendHandlers, type Mapping, mapping } from './backend-handlers.js';
export { type MockedGateway, type PayboxHandlersOptions, payboxHandlers } from './handlers.js';
