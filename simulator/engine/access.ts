import { equalHex, type Form, type HashName, hmacHex, hmacHexOfKey, hmacMessage, isHashName, latin1Bytes } from '../../contracts/index.js';
import type { Account } from './account.js';
import { type Finding, finding, NO_FINDINGS } from './finding.js';
import type { Question } from './question.js';
import { type Refusal, refuse, refuseBare, withReason } from './refusal.js';

interface Access {
  readonly refusal?: Refusal | undefined;
  readonly findings: readonly Finding[];
}

const REFUSED = refuse('00006');
const HMAC_REQUIRED = refuseBare('00006', 'HMAC requis');

const without = (form: Form, leftOut: (value: string, name: string) => boolean) =>
  form.fields.filter(({ name, raw }) => !leftOut(raw, name));

/** Ways of signing that integrations got wrong: a match names the mistake. */
const MISTAKES: readonly (readonly [mistake: string, sign: (hash: HashName, key: string, form: Form) => string])[] = [
  [
    'it was computed over the percent-encoded values',
    (hash, key, form) => hmacHex(hash, key, hmacMessage(form.fields.map(({ name, encoded }) => ({ name, raw: encoded })))),
  ],
  [
    'the key was used as text; it is hex to be turned into bytes',
    (hash, key, form) => hmacHexOfKey(hash, latin1Bytes(key), hmacMessage(form.fields)),
  ],
  [
    'the variables were signed in alphabetical order; sign them in the order sent',
    (hash, key, form) => hmacHex(hash, key, hmacMessage([...form.fields].sort((a, b) => (a.name < b.name ? -1 : 1)))),
  ],
  [
    'HASH was left out of the signed message',
    (hash, key, form) => hmacHex(hash, key, hmacMessage(without(form, (_, name) => name === 'HASH'))),
  ],
  [
    'variables with an empty value were left out of the signed message',
    (hash, key, form) => hmacHex(hash, key, hmacMessage(without(form, (raw) => raw === ''))),
  ],
];

function explain(question: Question, hash: HashName, key: string): string {
  const sent = question.get('HMAC');
  const mistake = MISTAKES.find(([, sign]) => equalHex(sign(hash, key, question.form), sent));
  return mistake
    ? `The HMAC differs: ${mistake[0]}.`
    : `The HMAC differs from the one computed with ${hash} over "KEY=value&…" in the order sent.`;
}

function checkHmac(question: Question, account: Account): Access {
  const hash = question.get('HASH') === '' ? 'SHA512' : question.get('HASH').toUpperCase();
  if (!isHashName(hash))
    return {
      refusal: REFUSED,
      findings: [finding('hmac-differs', `HASH=${hash} is no algorithm of the gateway (SHA512, SHA384, SHA256, SHA224, RIPEMD160).`)],
    };
  if (account.hmacKey === '') return { refusal: REFUSED, findings: [finding('hmac-differs', `Account ${account.id} has no HMAC key.`)] };
  if (equalHex(hmacHex(hash, account.hmacKey, hmacMessage(question.form.fields)), question.get('HMAC'))) return { findings: NO_FINDINGS };
  return { refusal: REFUSED, findings: [finding('hmac-differs', explain(question, hash, account.hmacKey))] };
}

function identifiantFindings(question: Question, account: Account): readonly Finding[] {
  const sent = question.get('IDENTIFIANT');
  return sent === '' || account.IDENTIFIANT === '' || Number(sent) === Number(account.IDENTIFIANT)
    ? NO_FINDINGS
    : [finding('identifiant-differs', `IDENTIFIANT=${sent}, but that of account ${account.id} is ${account.IDENTIFIANT}.`)];
}

/**
 * Whether the question's sender may use the account: by HMAC where it carries one, else by CLE.
 * Protocol sheet, section 3, step 2, and section 5.
 */
export function checkAccess(question: Question, account: Account): Access {
  if (question.get('HMAC') !== '' && account.auth !== 'cle') {
    const access = checkHmac(question, account);
    return access.refusal ? access : { findings: identifiantFindings(question, account) };
  }
  if (account.auth === 'hmac') {
    return {
      refusal: withReason(HMAC_REQUIRED, 'access-refused', `Account ${account.id} signs: the question has no HMAC.`),
      findings: NO_FINDINGS,
    };
  }
  if (account.CLE === '' || question.get('CLE') !== account.CLE) {
    const seen = question.get('CLE') === '' ? 'The question has neither the CLE nor an HMAC' : 'CLE is not that';
    return { refusal: withReason(REFUSED, 'access-refused', `${seen} of account ${account.id}.`), findings: NO_FINDINGS };
  }
  return { findings: identifiantFindings(question, account) };
}

/** The refusal of an account nobody knows. Observed; protocol sheet, section 3, step 2. */
export const UNKNOWN_ACCOUNT: Refusal = refuseBare('00006', 'Non autorise');
