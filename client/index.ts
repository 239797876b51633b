export { type HashName, type ReturnValues, type Status, TEST_PUBLIC_KEY } from '../contracts/index.js';
export type { Authentication } from './authentication/authentication.js';
export type {
  AuthenticationFailed,
  AuthenticationInvalid,
  AuthenticationPassed,
  AuthenticationResult,
  InvalidReason,
} from './authentication/authentication-result.js';
export type { AuthenticationParameters, Customer } from './authentication/mpi-fields.js';
export { type ReadOptions, readAuthentication } from './authentication/read-authentication.js';
export type { BrowserField, FormOptions } from './browser-form.js';
export type { Activity, Card, TokenCard } from './card.js';
export type { CheckoutForm } from './checkout/checkout-form.js';
export type {
  ChallengeWish,
  CheckoutCustomer,
  CheckoutParameters,
  CheckoutUrls,
  Instalment,
  Subscription,
} from './checkout/checkout-parameters.js';
export type { CheckoutReturn, InvalidReturn, InvalidReturnReason, PaidReturn, UnpaidReturn } from './checkout/checkout-return.js';
export type { SubscriptionEnd, SubscriptionToEnd } from './checkout/end-subscription.js';
export { type ReadReturnOptions, readReturn } from './checkout/read-return.js';
export { DEFAULT_RESULT_FIELDS } from './checkout/result-fields.js';
export { type Client, createClient } from './create-client.js';
export type { Echo } from './echo.js';
export { AbortedError } from './errors/aborted-error.js';
export { BrokenReplyError } from './errors/broken-reply-error.js';
export { ClientError, MisuseError } from './errors/client-error.js';
export { ConnectionError } from './errors/connection-error.js';
export { ConnectionLostError } from './errors/connection-lost-error.js';
export { EchoMismatchError } from './errors/echo-mismatch-error.js';
export { TimeoutError } from './errors/timeout-error.js';
export { TransportError } from './errors/transport-error.js';
export type {
  ClientEvent,
  ExchangeInfo,
  FailoverEvent,
  FailureEvent,
  Log,
  QuestionEvent,
  ReconcileEvent,
  ReplyEvent,
  Trace,
} from './events.js';
export type { Method, Methods, OutcomeOf, SubscriberMethods } from './methods.js';
export { type Money, minorUnits } from './money.js';
export { type NumAppel, type NumTrans, numAppel, numTrans, type TransactionNumbers } from './numbers.js';
export type { CallOptions, CardDetail, ClientOptions, ExtraVariable, KeyOptions, SendOptions } from './options.js';
export type {
  Answered,
  Approved,
  Found,
  InquiryOutcome,
  NotFound,
  Outcome,
  Refused,
  TransactionDetails,
  Unavailable,
  Unknown,
  UnknownReason,
} from './outcome.js';
export type { ParametersOf } from './parameters.js';
export type { WireVariables } from './question.js';
export { type QuestionNumberSource, randomQuestionNumber } from './question-number.js';
export { type Delivery, Reply } from './reply.js';
