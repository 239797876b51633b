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
const MISTAKES: readonly (readonly [mistake: string, sign: (hash: HashName, key: string, form: Form) => string])[] = [
  ['it was computed over the percent-encoded values', signWith(({ encoded }) => encoded)],
  [
    'a + was signed as + and sent unencoded, which is a space; percent-encode the values that are sent',
    signWith(({ encoded }) => percentDecode(encoded)),
  ],
  ['the values were signed in ISO-8859-1 and sent in UTF-8; use one charset for both', signWith(({ raw }) => utf8OrLatin1Text(raw))],
  ['the values were signed in UTF-8 and sent in ISO-8859-1; use one charset for both', signWith(({ raw }) => utf8Bytes(raw))],
  [
    'the key was used as text; decode it from hex to bytes',
    (hash, key, form) => hmacHexOfKey(hash, latin1Bytes(key), hmacMessage(form.fields)),
  ],
  [
    'the variables were signed in alphabetical order; sign them in the order sent',
    (hash, key, form) => hmacHex(hash, key, hmacMessage([...form.fields].sort((a, b) => (a.name < b.name ? -1 : 1)))),
  ],
  [
    'HASH was left out of the signed message',
    (hash, key, form) => hmacHex(hash, key, hmacMessage(fieldsExcept(form, (_, name) => name === 'HASH'))),
  ],
  [
    'variables with an empty value were left out of the signed message',
    (hash, key, form) => hmacHex(hash, key, hmacMessage(fieldsExcept(form, (raw) => raw === ''))),
  ],
  [
    'variables after HMAC were added after signing; HMAC must be the last variable, or they must be signed too',
    (hash, key, form) => hmacHex(hash, key, hmacMessage(fieldsBeforeHmac(form))),
  ],
];

/** Whether a value is the base64 of the right HMAC. */
function isBase64Of(sent: string, right: string): boolean {
  // An unencoded + arrives as a space.
  const base64 = sent.replaceAll(' ', '+').replace(/=+$/, '');
  if (!/^[A-Za-z0-9+/]+$/.test(base64) || base64.length % 4 === 1) return false;
  return equalHex(bytesToHex(latin1Bytes(atob(base64))), right);
}

function explainDifference(question: Question, hash: HashName, key: string): string {
  const sent = question.get('HMAC');
  if (isBase64Of(sent, hmacHex(hash, key, hmacMessage(question.form.fields)))) return 'The HMAC differs: it is base64; send hex digits.';
  const mistake = MISTAKES.find(([, sign]) => equalHex(sign(hash, key, question.form), sent));
  return mistake
    ? `The HMAC differs: ${mistake[0]}.`
    : `The HMAC differs from the one computed with ${hash} over "KEY=value&…" in the order sent.`;
}

function checkHmac(question: Question, account: Account): AccessResult {
  const refuseWith = (message: string): AccessResult => ({ refusal: HMAC_INVALID, findings: [finding('hmac-differs', message)] });
  const hash = question.get('HASH') === '' ? 'SHA512' : question.get('HASH').toUpperCase();
  if (!isHashName(hash)) {
    return refuseWith(`HASH=${hash} is not an algorithm of the gateway (SHA512, SHA384, SHA256, SHA224, RIPEMD160).`);
  }
  if (account.hmacKey === '') return refuseWith(`Account ${account.id} has no HMAC key.`);
  const isRight = equalHex(hmacHex(hash, account.hmacKey, hmacMessage(question.form.fields)), question.get('HMAC'));
  return isRight ? { findings: NO_FINDINGS } : refuseWith(explainDifference(question, hash, account.hmacKey));
}

function identifiantFindings(question: Question, account: Account): readonly Finding[] {
  const sent = question.get('IDENTIFIANT');
  return sent === '' || account.IDENTIFIANT === '' || Number(sent) === Number(account.IDENTIFIANT)
    ? NO_FINDINGS
    : [finding('identifiant-differs', `IDENTIFIANT is ${sent}, but account ${account.id} has IDENTIFIANT ${account.IDENTIFIANT}.`)];
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
      refusal: withReason(HMAC_REQUIRED, 'access-refused', `Account ${account.id} requires an HMAC, and the question has none.`),
      findings: NO_FINDINGS,
    };
  }
  if (account.CLE === '' || question.get('CLE') !== account.CLE) {
    const message =
      question.get('CLE') === ''
        ? `The question has neither the CLE nor an HMAC of account ${account.id}.`
        : `CLE is not the CLE of account ${account.id}.`;
    return { refusal: withReason(ACCESS_REFUSED, 'access-refused', message), findings: NO_FINDINGS };
  }
  return { findings: identifiantFindings(question, account) };
}
