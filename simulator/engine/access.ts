import { bytesToHex } from '@noble/hashes/utils.js';
import {
  equalHex,
  type Form,
  type FormField,
  type HashName,
  hmacHex,
  hmacHexOfKey,
  hmacMessage,
  isHashName,
  latin1Bytes,
  latin1Text,
  percentDecode,
  utf8OrLatin1Text,
} from '../../contracts/index.js';
import type { Account } from './account.js';
import { type Finding, finding, NO_FINDINGS } from './finding.js';
import { type MESSAGE_TEXTS, messageText } from './finding-messages.js';
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

const fieldsExcept = (form: Form, isExcluded: (value: string, name: string) => boolean) =>
  form.fields.filter(({ name, raw }) => !isExcluded(raw, name));

function fieldsBeforeHmac({ fields }: Form) {
  return fields.slice(
    0,
    fields.findIndex(({ name }) => name === 'HMAC'),
  );
}

/** Signs the variables with other bytes for their values. */
const signWith =
  (rawOf: (field: FormField) => string) =>
  (hash: HashName, key: string, { fields }: Form): string =>
    hmacHex(hash, key, hmacMessage(fields.map((field) => ({ name: field.name, raw: rawOf(field) }))));

const utf8Bytes = (text: string): string => latin1Text(new TextEncoder().encode(text));

/** Mistakes of real integrations, and the HMAC that results from each: if the sent HMAC is the same, the finding names the mistake. */
const MISTAKES: readonly (readonly [
  mistake: keyof typeof MESSAGE_TEXTS.hmacMistake,
  sign: (hash: HashName, key: string, form: Form) => string,
])[] = [
  ['encoded', signWith(({ encoded }) => encoded)],
  ['plus', signWith(({ encoded }) => percentDecode(encoded))],
  ['latin1', signWith(({ raw }) => utf8OrLatin1Text(raw))],
  ['utf8', signWith(({ raw }) => utf8Bytes(raw))],
  ['key', (hash, key, form) => hmacHexOfKey(hash, latin1Bytes(key), hmacMessage(form.fields))],
  ['sorted', (hash, key, form) => hmacHex(hash, key, hmacMessage([...form.fields].sort((a, b) => (a.name < b.name ? -1 : 1))))],
  ['hash', (hash, key, form) => hmacHex(hash, key, hmacMessage(fieldsExcept(form, (_, name) => name === 'HASH')))],
  ['empty', (hash, key, form) => hmacHex(hash, key, hmacMessage(fieldsExcept(form, (raw) => raw === '')))],
  ['added', (hash, key, form) => hmacHex(hash, key, hmacMessage(fieldsBeforeHmac(form)))],
];

/** Whether a value is the base64 of the right HMAC. */
function isBase64Of(sent: string, right: string): boolean {
  // An unencoded + arrives as a space.
  const base64 = sent.replaceAll(' ', '+').replace(/=+$/, '');
  if (!/^[A-Za-z0-9+/]+$/.test(base64) || base64.length % 4 === 1) return false;
  return equalHex(bytesToHex(latin1Bytes(atob(base64))), right);
}

function explainDifference(question: Question, hash: HashName, key: string): Finding {
  const sent = question.get('HMAC');
  if (isBase64Of(sent, hmacHex(hash, key, hmacMessage(question.form.fields)))) return finding('hmac-differs', 'base64');
  const mistake = MISTAKES.find(([, sign]) => equalHex(sign(hash, key, question.form), sent));
  return mistake
    ? finding('hmac-differs', 'mistake', { hmacMistake: messageText('hmacMistake', mistake[0]) })
    : finding('hmac-differs', 'differs', { hash });
}

function checkHmac(question: Question, account: Account): AccessResult {
  const refuseWith = (found: Finding): AccessResult => ({ refusal: HMAC_INVALID, findings: [found] });
  const hash = question.get('HASH') === '' ? 'SHA512' : question.get('HASH').toUpperCase();
  if (!isHashName(hash)) return refuseWith(finding('hmac-differs', 'algorithm', { hash }));
  if (account.hmacKey === '') return refuseWith(finding('hmac-differs', 'noKey', { account: account.id }));
  const isRight = equalHex(hmacHex(hash, account.hmacKey, hmacMessage(question.form.fields)), question.get('HMAC'));
  return isRight ? { findings: NO_FINDINGS } : refuseWith(explainDifference(question, hash, account.hmacKey));
}

function identifiantFindings(question: Question, account: Account): readonly Finding[] {
  const sent = question.get('IDENTIFIANT');
  return sent === '' || account.IDENTIFIANT === '' || Number(sent) === Number(account.IDENTIFIANT)
    ? NO_FINDINGS
    : [finding('identifiant-differs', 'differs', { sent, account: account.id, known: account.IDENTIFIANT })];
}

/**
 * Authenticates a question: by HMAC if it has one, else by CLE.
 * See docs/protocol.md#refusal-2 and docs/protocol.md#section-5.
 */
export function checkAccess(question: Question, account: Account): AccessResult {
  if (question.get('HMAC') !== '' && account.auth !== 'cle') {
    const result = checkHmac(question, account);
    return result.refusal ? result : { findings: identifiantFindings(question, account) };
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
