import { type Account, hasIdentifiant } from './account.js';
import { type Finding, finding, NO_FINDINGS } from './finding.js';
import { checkHmac } from './hmac.js';
import type { Question } from './question.js';
import { makeRefusal, makeUnprefixedRefusal, type Refusal, withReason } from './refusal.js';

interface AccessResult {
  readonly refusal?: Refusal | undefined;
  readonly findings: readonly Finding[];
}

const ACCESS_REFUSED = makeRefusal('00006');
const HMAC_REQUIRED = makeUnprefixedRefusal('00006', 'HMAC requis');
const HMAC_INVALID = makeUnprefixedRefusal('00006', 'HMAC invalide');

/** The refusal of an unknown account. Observed. See docs/protocol.md#refusal-2. */
export const UNKNOWN_ACCOUNT: Refusal = makeUnprefixedRefusal('00006', 'Non autorise');

function identifiantFindings(question: Question, account: Account): readonly Finding[] {
  const sent = question.get('IDENTIFIANT');
  return sent === '' || hasIdentifiant(account, sent)
    ? NO_FINDINGS
    : [finding('identifiant-differs', 'differs', { sent, account: account.id, known: account.IDENTIFIANT })];
}

/**
 * Authenticates a question: by HMAC if it has one, else by CLE.
 * See docs/protocol.md#refusal-2 and docs/protocol.md#section-5.
 */
export function checkAccess(question: Question, account: Account): AccessResult {
  if (question.get('HMAC') !== '' && account.auth !== 'cle') {
    const wrong = checkHmac({ fields: question.form.fields, names: { hmac: 'HMAC', hash: 'HASH' } }, account);
    return wrong ? { refusal: HMAC_INVALID, findings: [wrong] } : { findings: identifiantFindings(question, account) };
  }
  if (account.auth === 'hmac') {
    return {
      refusal: withReason(HMAC_REQUIRED, finding('access-refused', 'noHmac', { account: account.id })),
      findings: NO_FINDINGS,
    };
  }
  if (account.CLE === '' || question.get('CLE') !== account.CLE) {
    const reason = finding('access-refused', question.get('CLE') === '' ? 'noKey' : 'wrongKey', { account: account.id });
    return { refusal: withReason(ACCESS_REFUSED, reason), findings: NO_FINDINGS };
  }
  return { findings: identifiantFindings(question, account) };
}
