/** How much a finding matters: `error` loses or doubles money, `warning` will break one day, `info` is worth knowing. */
export type Severity = 'info' | 'warning' | 'error';

/** Something a request did that the user should know of, whether or not it was refused. */
export interface Finding {
  readonly rule: FindingRule;
  readonly severity: Severity;
  /** What was seen. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

interface FindingRuleInfo {
  readonly severity: Severity;
  readonly remedy: string;
}

/** Every rule that can make a finding, with its remedy. */
export const FINDING_RULES = {
  'not-a-form': {
    severity: 'error',
    remedy: 'POST the variables as application/x-www-form-urlencoded (PHP: http_build_query($fields), not the array itself).',
  },
  'body-too-large': { severity: 'error', remedy: 'Send the variables of one question: they fit in 64 KiB.' },
  'bad-escape': { severity: 'warning', remedy: 'Percent-encode every value; a bare % must be sent as %25.' },
  'repeated-variable': { severity: 'warning', remedy: 'Send each variable once; the first one was taken.' },
  'unknown-variable': {
    severity: 'info',
    remedy: 'Check the spelling: names are upper case, and the gateway ignores those it does not know.',
  },
  'card-number-exposed': {
    severity: 'error',
    remedy: 'Send the card number in PORTEUR only: references are kept and shown in clear everywhere.',
  },
  'content-type': { severity: 'info', remedy: 'Send Content-Type: application/x-www-form-urlencoded.' },
  'identifiant-differs': { severity: 'warning', remedy: "Send the account's own IDENTIFIANT, or leave it empty." },
  'hmac-differs': {
    severity: 'error',
    remedy:
      'Sign every variable in the order sent, KEY=value joined by &, values not percent-encoded, with the key turned from hex into bytes.',
  },
  'date-far-off': { severity: 'warning', remedy: 'Send the time of the request in DATEQ (DDMMYYYYHHMMSS).' },
  'question-number-reused': {
    severity: 'warning',
    remedy: 'Take a new NUMQUESTION for every question, also for the capture of an authorization.',
  },
  'rang-length-changed': { severity: 'warning', remedy: 'Send RANG with the same number of digits in every request of a payment.' },
  'numbers-swapped': { severity: 'error', remedy: 'Send the NUMTRANS of the reply as NUMTRANS and its NUMAPPEL as NUMAPPEL.' },
  'numbers-mixed': { severity: 'error', remedy: 'Send NUMTRANS and NUMAPPEL of one and the same reply.' },
  'currency-differs': { severity: 'warning', remedy: 'Send the DEVISE of the authorization.' },
  'reference-differs': { severity: 'info', remedy: 'Send the REFERENCE of the payment, or leave it out.' },
  'paid-twice': {
    severity: 'error',
    remedy: 'After a time-out ask first (00011 by REFERENCE, 00017 by NUMTRANS), then pay; and use one REFERENCE per order.',
  },
  'credit-for-refund': {
    severity: 'error',
    remedy: 'Refund a payment with 00014 and its NUMTRANS/NUMAPPEL; 00004 and 00054 give money without a link to it.',
  },
  'cancel-after-remittance': { severity: 'warning', remedy: 'After the nightly remittance use a refund (00014).' },
  'frame-refused': {
    severity: 'warning',
    remedy: 'Send VERSION 00103 or 00104 and a TYPE that `paybox-sim operations` lists; 00051 to 00061 need 00104.',
  },
  'access-refused': {
    severity: 'warning',
    remedy:
      'Send SITE, RANG and the CLE, or an HMAC, of one account: `paybox-sim accounts` lists the test accounts, the configuration adds others.',
  },
  'variable-missing': { severity: 'warning', remedy: 'Send it, with a value; names are upper case.' },
  'variable-malformed': { severity: 'warning', remedy: 'Write it as the gateway reads it.' },
  'question-number-repeated': {
    severity: 'warning',
    remedy: 'Take a new NUMQUESTION for every question: a counter, or a random number up to 2147483647.',
  },
  'card-refused': { severity: 'info', remedy: 'Nothing, where the refusal was meant; `paybox-sim cards` lists cards that are accepted.' },
  'state-refused': { severity: 'info', remedy: 'Ask where the payment stands first (00017), or look at it: GET /_sim/payments/NUMTRANS.' },
  'outcome-forced': {
    severity: 'info',
    remedy: 'Take it away to get the ordinary answer.',
  },
  'fault-staged': { severity: 'info', remedy: 'Take the rule away to get the ordinary reply.' },
  'error-code-test-unknown': { severity: 'warning', remedy: 'Send a CODEREPONSE of the table in ERRORCODETEST (five digits).' },
  'born-elsewhere': { severity: 'info', remedy: 'Nothing: the payment was taken by Paybox System and is carried on here.' },
} as const satisfies Record<string, FindingRuleInfo>;

/** The name of a rule. */
export type FindingRule = keyof typeof FINDING_RULES;

/** Nothing was seen: the same list each time, for most questions have no other. */
export const NO_FINDINGS: readonly Finding[] = [];

/** Findings in one list, in their order. */
export function joinFindings(...lists: readonly (readonly Finding[])[]): readonly Finding[] {
  return lists.every(({ length }) => length === 0) ? NO_FINDINGS : lists.flat();
}

/** A finding of a rule, with what was seen this time. */
export function finding(rule: FindingRule, message: string): Finding {
  const { severity, remedy } = FINDING_RULES[rule];
  return { rule, severity, message, remedy };
}
