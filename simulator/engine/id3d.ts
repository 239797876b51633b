import { formatAmount, mayPayAfter } from '../../contracts/index.js';
import { type Authentication, outcomeAt } from './authentication.js';
import { addParisDuration } from './calendar.js';
import type { DecisionInput } from './decision-input.js';
import type { Fact } from './fact.js';
import { type Finding, finding, NO_FINDINGS } from './finding.js';
import { payingCard } from './new-payment.js';
import type { Numbers } from './payment.js';
import { makeRefusal, quoteForMessage, type Refusal, withReason } from './refusal.js';

const siteOf = (account: string): string => account.split('/', 1)[0] ?? '';

const MINUTE = 60_000;

/** The findings of a payment that differs from what the cardholder was authenticated for. */
function differences({ MONTANT, DEVISE, card }: Authentication, input: DecisionInput): readonly Finding[] {
  const { question, amount } = input;
  const [known, sent] = [formatAmount(MONTANT, DEVISE), formatAmount(amount, question.get('DEVISE'))];
  const findings: Finding[] = known === sent ? [] : [finding('authentication-differs', 'amount', { known, sent })];
  if (payingCard(input).sha1 !== card.sha1) findings.push(finding('authentication-differs', 'card', { known: card.mask }));
  return findings;
}

/** The refusals of an ID3D, in their order. Undefined: the ID3D is valid. */
function reasonAgainst(
  authentication: Authentication,
  input: DecisionInput,
): { readonly code: string; readonly reason: Finding } | undefined {
  const { account, now } = input;
  const { ID3D, endedAt, usedBy } = authentication;
  const id3d = quoteForMessage(ID3D);
  if (siteOf(authentication.account) !== account.SITE) {
    const site = siteOf(authentication.account);
    return { code: '00041', reason: finding('three-d-secure-refused', 'otherSite', { id3d, site }) };
  }
  const outcome = outcomeAt(authentication, now);
  if (outcome === '') return { code: '00040', reason: finding('three-d-secure-refused', 'pending', { id3d }) };
  if (!mayPayAfter(outcome)) return { code: '00040', reason: finding('three-d-secure-refused', 'ended', { id3d, outcome }) };
  const { id3dLife, id3dReuse, id3dMismatch } = account.variants;
  if (id3dLife !== 'unlimited' && now >= addParisDuration(endedAt, id3dLife)) {
    const minutes = Math.floor((now - endedAt) / MINUTE);
    return { code: '00041', reason: finding('three-d-secure-refused', 'expired', { id3d, minutes }) };
  }
  const [first] = usedBy;
  if (first && id3dReuse === 'once')
    return { code: '00041', reason: finding('three-d-secure-refused', 'used', { id3d, payment: first.payment }) };
  const [difference] = differences(authentication, input);
  return difference === undefined || id3dMismatch === 'accepted' ? undefined : { code: id3dMismatch, reason: difference };
}

/** Refuses an ID3D that no authentication has, or one that does not authenticate this payment. See docs/protocol.md#refusal-11. */
export function checkId3d(input: DecisionInput, id3d: string): Refusal | undefined {
  const { authentication } = input.found;
  if (!authentication)
    return withReason(makeRefusal('00041'), finding('three-d-secure-refused', 'unknown', { id3d: quoteForMessage(id3d) }));
  const against = reasonAgainst(authentication, input);
  return against && withReason(makeRefusal(against.code), against.reason);
}

/** The findings of an accepted payment that differs from what the cardholder was authenticated for. */
export function id3dFindings(input: DecisionInput): readonly Finding[] {
  const { authentication } = input.found;
  if (!authentication || !takesId3d(input)) return NO_FINDINGS;
  return differences(authentication, input);
}

/** Whether the operation uses the ID3D that was sent: it asks the issuer. */
const takesId3d = ({ asksIssuer }: DecisionInput): boolean => asksIssuer;

/** The fact that an accepted payment used its ID3D. */
export function useOfId3d(input: DecisionInput, { NUMTRANS }: Numbers): readonly Fact[] {
  const { authentication } = input.found;
  if (!authentication || !takesId3d(input)) return [];
  const usedBy = [...authentication.usedBy, { payment: NUMTRANS, at: input.now }];
  return [{ fact: 'authentication', authentication: { ...authentication, usedBy } }];
}
