export { type AuthMethod, accountId, TEST_ACCOUNTS, TEST_HMAC_KEY, type TestAccount, type ThreeDSecure } from './accounts.js';
export type { Bilingual, Evidence } from './annotations.js';
export {
  AUTHENTICATION_CARDS,
  AUTHENTICATION_OUTCOMES,
  type AuthenticationBehaviour,
  type AuthenticationCard,
  authenticationBehaviour,
  authenticationBehaviourOf,
  type OutcomeEntry,
  outcomeEntry,
} from './authentications.js';
export { containsCard } from './card-numbers.js';
export { cardTraits, cvvLength, TEST_CARDS, type TestCard, testCardToken } from './cards.js';
export { type Currency, currencyNumber, currencyOf, formatAmount, isCurrency } from './currencies.js';
export { decodeForm, encodeForm, type Form, type FormField, hmacMessage, percentDecode, percentEncode } from './frame/form.js';
export { latin1Bytes, latin1Text, utf8OrLatin1Text } from './frame/latin1.js';
export { BodyTooLongError, MAX_REPLY_BYTES, readBody } from './frame/read-body.js';
export {
  contradictionsIn,
  decodeReply,
  encodeReply,
  isRepeatedWithSpaces,
  namedValuesText,
  REPLY_ORDER,
  type ReplyFields,
  readReplyText,
  replyText,
} from './frame/reply.js';
export { type Credentials, withCredentials, withHmac } from './frame/sign.js';
export { cardSha1, equalHex, HASH_NAMES, type HashName, hmacHex, hmacHexOfKey, isHashName, sha256Bytes } from './hash.js';
export {
  HOSTED_PAGE_PATHS,
  MAX_INSTALMENTS,
  PBX_LANGUAGES,
  PBX_VARIABLE_BY_NAME,
  PBX_VARIABLES,
  type PbxVariable,
  UNSUBSCRIBE_PATH,
} from './hosted-page.js';
export { GATEWAY_HOSTS, GATEWAY_PATH, type GatewayHost, gatewayHost, REPLY_CONTENT_TYPE } from './hosts.js';
export { ISSUER_CODES, type IssuerCode } from './issuer-codes.js';
export { isLuhn, luhnDigit } from './luhn.js';
export { type Magic, magicAmount, magicCard, readMagicAmount, readMagicCard } from './magic.js';
export {
  describeBody,
  HIDDEN_VALUE,
  isCardShaped,
  isSecretName,
  type MaskOptions,
  maskBody,
  maskCard,
  maskCardData,
  maskCardsIn,
  maskField,
  maskName,
  maskText,
  mediaTypeOf,
  replaceRepeated,
  SECRET_WORDS,
} from './masking.js';
export { MPI_VARIABLE_BY_NAME, MPI_VARIABLES, type MpiVariable } from './mpi-variables.js';
export {
  type Does,
  isQuestion,
  JOURNAL_STEPS,
  mandatoryTypeNumber,
  needsDirectPlus,
  OPERATIONS,
  type Operation,
  operationBy,
  operationNamed,
  operationOf,
  tenDigits,
  typeBy,
  VERSIONS,
  withoutLeadingZeros,
} from './operations.js';
export {
  commentOf,
  isIssuerRefusal,
  isResponseCode,
  isRetryable,
  mayHaveBeenProcessed,
  REFUSAL_PREFIX,
  RESPONSE_CODE_BY_CODE,
  RESPONSE_CODES,
  type ResponseCode,
  SUCCESS,
} from './response-codes.js';
export {
  CANCELLED_CODE,
  PENDING_CODE,
  RETURN_LETTERS,
  type ReceivedReturn,
  type ReturnEncoding,
  type ReturnField,
  type ReturnLetter,
  type ReturnValues,
  readReturn,
  readReturnFields,
  returnQuery,
  signatureParameter,
  TIMEOUT_CODE,
  withoutOwnParameters,
} from './return-fields.js';
export { KeyError, publicKeyOf, signText, verifySignature } from './signature.js';
export { type ReceivedResult, readResult, resultFormFields, resultQuery, signedText } from './signed-result.js';
export { STATUSES, type Status } from './statuses.js';
export { RENEWAL, readOrderReference, type SubscriptionTerms, subscriptionText } from './subscription.js';
export { TEST_PUBLIC_KEY } from './test-key.js';
export {
  type AuthenticationOutcome,
  MPI_NAMES,
  mayPayAfter,
  REMOTE_MPI_PATH,
  RESULT_ORDER,
  type ResultFields,
  SOFT_DECLINE,
  SOFT_DECLINE_CARD,
} from './three-d-secure.js';
export {
  ACTIVITIES,
  MANDATORY_ORDER,
  NUMQUESTION_MAX,
  VARIABLE_BY_NAME,
  VARIABLE_INDEX_BY_NAME,
  VARIABLES,
  type Variable,
} from './variables.js';
export { DEFAULT_VARIANTS, VARIANTS, type VariantName, type Variants } from './variants.js';
