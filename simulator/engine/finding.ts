import { FINDING_MESSAGES, fillTemplate, type TemplateValues } from './finding-messages.js';

/** The severities of findings in ascending order. */
export const SEVERITIES = ['info', 'warning', 'error'] as const;

/** The severity of a finding: `error` can lose or double money, `warning` is likely to fail later, `info` is harmless. */
export type Severity = (typeof SEVERITIES)[number];

/** Something the user should know about a request, whether or not it was refused. */
export interface Finding {
  readonly rule: FindingRule;
  readonly severity: Severity;
  /** What was seen. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

interface FindingRuleDefinition {
  readonly severity: Severity;
  /** The part of the protocol sheet that the rule is based on. */
  readonly source: string;
  readonly remedy: string;
}

/** The rules that make findings, by id. */
export const FINDING_RULES = {
  'not-a-form': {
    severity: 'error',
    source: 'docs/protocol.md#section-1',
    remedy: 'POST the variables as application/x-www-form-urlencoded (PHP: http_build_query($fields), not the array itself).',
  },
  'body-too-large': {
    severity: 'error',
    source: 'docs/protocol.md#section-1',
    remedy: 'Send the variables of one question only. They fit in 64 KiB.',
  },
  'content-length-differs': {
    severity: 'error',
    source: 'docs/protocol.md#section-1',
    remedy:
      'Count the bytes of the encoded body for Content-Length, not its characters (PHP: strlen, not mb_strlen). The gateway read the bytes that it announced.',
  },
  'bad-escape': {
    severity: 'warning',
    source: 'docs/protocol.md#section-1',
    remedy: 'Percent-encode every value. Send a literal % as %25.',
  },
  'repeated-variable': {
    severity: 'warning',
    source: 'docs/protocol.md#section-2',
    remedy: 'Send each variable once. The gateway used the first one.',
  },
  'unknown-variable': {
    severity: 'info',
    source: 'docs/protocol.md#section-2',
    remedy: 'Check the spelling: names are upper case, and the gateway ignores names that it does not know.',
  },
  'echo-altered': {
    severity: 'warning',
    source: 'docs/protocol.md#section-1',
    remedy: 'Use letters, digits and simple punctuation in references: a reply cannot carry &, <, > and control characters.',
  },
  'card-number-exposed': {
    severity: 'error',
    source: 'docs/protocol.md#section-2',
    remedy: 'Send the card number in PORTEUR only. References are stored and shown in clear everywhere.',
  },
  'content-type': {
    severity: 'info',
    source: 'docs/protocol.md#section-1',
    remedy: 'Send Content-Type: application/x-www-form-urlencoded.',
  },
  'unencoded-plus': {
    severity: 'warning',
    source: 'docs/protocol.md#section-1',
    remedy: 'Percent-encode the values of the body: + as %2B. The gateway reads a + as a space.',
  },
  'sent-by-get': {
    severity: 'warning',
    source: 'docs/protocol.md#section-1',
    remedy: 'Send questions by POST. Servers and proxies log the address of a GET, with the card number in it.',
  },
  'not-the-gateway': {
    severity: 'warning',
    source: 'docs/protocol.md#section-1',
    remedy: 'Send questions by POST to /PPPS.php, in this spelling, or to /s/NAME/PPPS.php for a session of its own.',
  },
  'identifiant-differs': {
    severity: 'warning',
    source: 'docs/protocol.md#section-2',
    remedy: 'Send the IDENTIFIANT of the account, or leave it empty.',
  },
  'hmac-differs': {
    severity: 'error',
    source: 'docs/protocol.md#section-5',
    remedy:
      'Sign every variable in the order sent, as KEY=value joined by &, values not percent-encoded. Decode the key from hex to bytes.',
  },
  'date-far-off': {
    severity: 'warning',
    source: 'docs/protocol.md#section-2',
    remedy: 'Send the time of the request in DATEQ (DDMMYYYYHHMMSS).',
  },
  'date-invalid': {
    severity: 'warning',
    source: 'docs/protocol.md#section-2',
    remedy:
      'Send a date of the calendar in DATEQ: DDMMYYYY or DDMMYYYYHHMMSS. Accounts with the variant dateq: calendar refuse others (00007).',
  },
  'question-number-reused': {
    severity: 'warning',
    source: 'docs/protocol.md#refusal-6',
    remedy: 'Use a new NUMQUESTION for every question, also for the capture of an authorization.',
  },
  'rang-length-changed': {
    severity: 'warning',
    source: 'docs/protocol.md#section-8',
    remedy: 'Send RANG with the same number of digits in every request of a payment.',
  },
  'numbers-swapped': {
    severity: 'error',
    source: 'docs/protocol.md#section-8',
    remedy: 'Send the NUMTRANS of the reply as NUMTRANS and its NUMAPPEL as NUMAPPEL.',
  },
  'numbers-mixed': {
    severity: 'error',
    source: 'docs/protocol.md#section-3',
    remedy: 'Send the NUMTRANS and the NUMAPPEL of the same reply.',
  },
  'currency-differs': { severity: 'warning', source: 'docs/protocol.md#section-3', remedy: 'Send the DEVISE of the authorization.' },
  'reference-differs': { severity: 'info', source: 'docs/protocol.md#section-3', remedy: 'Send the REFERENCE of the payment, or omit it.' },
  'paid-twice': {
    severity: 'error',
    source: 'docs/protocol.md#section-8',
    remedy: 'After a time-out ask first (00011 by REFERENCE, 00017 by NUMTRANS), then pay. Use one REFERENCE per order.',
  },
  'refunded-twice': {
    severity: 'warning',
    source: 'docs/protocol.md#section-8',
    remedy: 'After a time-out ask first (00017), then refund. Store each refund before you send it.',
  },
  'credit-for-refund': {
    severity: 'error',
    source: 'docs/protocol.md#section-8',
    remedy: 'Refund a payment with 00014 and its NUMTRANS and NUMAPPEL. 00004 and 00054 pay out money without a link to the payment.',
  },
  'cancel-after-remittance': {
    severity: 'warning',
    source: 'docs/protocol.md#section-3',
    remedy: 'After the nightly remittance use a refund (00014).',
  },
  'frame-refused': {
    severity: 'warning',
    source: 'docs/protocol.md#refusal-1',
    remedy: 'Send VERSION 00103 or 00104 and a TYPE that `paybox-sim operations` lists. 00051 to 00061 need VERSION 00104.',
  },
  'access-refused': {
    severity: 'warning',
    source: 'docs/protocol.md#refusal-2',
    remedy:
      'Send SITE, RANG and the CLE or an HMAC of the same account. `paybox-sim accounts` lists the test accounts. The configuration can add others.',
  },
  'variable-missing': {
    severity: 'warning',
    source: 'docs/protocol.md#refusal-4',
    remedy: 'Send each missing variable with a value. Names are upper case.',
  },
  'variable-malformed': {
    severity: 'warning',
    source: 'docs/protocol.md#refusal-5',
    remedy: 'Send the value in the format that the message names.',
  },
  'question-number-repeated': {
    severity: 'warning',
    source: 'docs/protocol.md#refusal-6',
    remedy: 'Use a new NUMQUESTION for every question: a counter, or a random number up to 2147483647.',
  },
  'card-refused': {
    severity: 'info',
    source: 'docs/protocol.md#refusal-9',
    remedy: 'Nothing to do if the refusal was intended. `paybox-sim cards` lists cards that are accepted.',
  },
  'subscriber-refused': {
    severity: 'info',
    source: 'docs/protocol.md#refusal-8',
    remedy: 'Register a subscriber once (00056), and change its card with 00057. Other operations need a registered REFABONNE.',
  },
  'token-refused': {
    severity: 'warning',
    source: 'docs/protocol.md#refusal-8',
    remedy:
      'Send in PORTEUR the token that the reply to 00056 or 00057 gave for this REFABONNE. Of the hosted page\'s "TOKEN  YYMM  ---" the token is the first part, and DATEVAL is the second one with month and year exchanged (MMYY).',
  },
  'three-d-secure-refused': {
    severity: 'info',
    source: 'docs/protocol.md#refusal-11',
    remedy:
      'Send the ID3D that RemoteMPI gave for this SITE, or the results of your own 3-D Secure server. `threeDSecure: optional` accepts payments without an authentication.',
  },
  'authentication-refused': {
    severity: 'warning',
    source: 'docs/protocol.md#section-7',
    remedy: 'Correct what the message names. docs/three-d-secure.md shows a form with every variable.',
  },
  'authentication-differs': {
    severity: 'error',
    source: 'docs/protocol.md#section-7',
    remedy: 'Pay with the amount, the currency and the card that the cardholder was authenticated for.',
  },
  'result-undelivered': {
    severity: 'warning',
    source: 'docs/protocol.md#section-7',
    remedy:
      'Send both addresses (or set them on the account), and answer the call with a status of 200 to 299 within 20 seconds, at an address that the simulator can reach.',
  },
  'state-refused': {
    severity: 'info',
    source: 'docs/protocol.md#refusal-10',
    remedy: 'First ask for the state of the payment (00017), or look at it: GET /_sim/payments/NUMTRANS.',
  },
  'outcome-forced': {
    severity: 'info',
    source: 'docs/protocol.md#refusal-7',
    remedy: 'Remove the cause that the message names to get the ordinary answer.',
  },
  'fault-staged': {
    severity: 'info',
    source: 'docs/protocol.md#section-8',
    remedy: 'Remove the rule to get the ordinary reply, unless it is used up (`times`).',
  },
  'error-code-test-unknown': {
    severity: 'warning',
    source: 'docs/protocol.md#refusal-7',
    remedy: 'Send one to five digits or letters in ERRORCODETEST.',
  },
  'born-elsewhere': {
    severity: 'info',
    source: 'docs/protocol.md#section-9',
    remedy: 'Nothing to do: Paybox System took the payment, and this gateway continues it.',
  },
} as const satisfies Record<string, FindingRuleDefinition>;

/** The id of a rule that makes findings. */
export type FindingRule = keyof typeof FINDING_RULES;

/** The empty list of findings, shared because most questions have none. */
export const NO_FINDINGS: readonly Finding[] = [];

/** Joins lists of findings in their order. */
export function joinFindings(...lists: readonly (readonly Finding[])[]): readonly Finding[] {
  return lists.every(({ length }) => length === 0) ? NO_FINDINGS : lists.flat();
}

type Messages = typeof FINDING_MESSAGES;

/** Makes a finding with one of the messages of its rule, which says what was seen. */
export function finding<Rule extends FindingRule, Id extends keyof Messages[Rule]>(
  rule: Rule,
  id: Id,
  ...[values]: TemplateValues<Messages[Rule][Id]>
): Finding {
  const { severity, remedy } = FINDING_RULES[rule];
  return { rule, severity, message: fillTemplate(FINDING_MESSAGES[rule][id] as string, values), remedy };
}
