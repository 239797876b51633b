import { bytesToHex } from '@noble/hashes/utils.js';
import {
  equalHex,
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
import { type Finding, finding } from './finding.js';
import { type MESSAGE_TEXTS, messageText } from './finding-messages.js';
import { fieldValue } from './question.js';

/** A form with an HMAC: a question, or a request to the hosted page. */
export interface SignedForm {
  /** The variables in the order sent. */
  readonly fields: readonly FormField[];
  /** The names of the variables with the HMAC and its algorithm. */
  readonly names: { readonly hmac: string; readonly hash: string };
}

type Fields = SignedForm['fields'];

/** Signs variables as they were sent, or as a real integration does by mistake. The HMAC itself is not among them. */
type Sign = (hash: HashName, key: string, fields: Fields) => string;

const sign: Sign = (hash, key, fields) => hmacHex(hash, key, hmacMessage(fields));

/** Signs the variables with other bytes for their values. */
const signWith =
  (rawOf: (field: FormField) => string): Sign =>
  (hash, key, fields) =>
    hmacHex(hash, key, hmacMessage(fields.map((field) => ({ name: field.name, raw: rawOf(field) }))));

const utf8Bytes = (text: string): string => latin1Text(new TextEncoder().encode(text));

/** Mistakes of real integrations, and the HMAC that results from each: if the sent HMAC is the same, the finding names the mistake. */
const MISTAKES: readonly (readonly [
  mistake: keyof typeof MESSAGE_TEXTS.hmacMistake,
  sign: (...args: [...Parameters<Sign>, SignedForm]) => string,
])[] = [
  ['encoded', signWith(({ encoded }) => encoded)],
  ['plus', signWith(({ encoded }) => percentDecode(encoded))],
  ['latin1', signWith(({ raw }) => utf8OrLatin1Text(raw))],
  ['utf8', signWith(({ raw }) => utf8Bytes(raw))],
  ['key', (hash, key, fields) => hmacHexOfKey(hash, latin1Bytes(key), hmacMessage(fields))],
  [
    'sorted',
    (hash, key, fields) =>
      sign(
        hash,
        key,
        [...fields].sort((a, b) => (a.name < b.name ? -1 : 1)),
      ),
  ],
  [
    'hash',
    (hash, key, fields, { names }) =>
      sign(
        hash,
        key,
        fields.filter(({ name }) => name !== names.hash),
      ),
  ],
  [
    'empty',
    (hash, key, fields) =>
      sign(
        hash,
        key,
        fields.filter(({ raw }) => raw !== ''),
      ),
  ],
  [
    'added',
    (hash, key, fields, { fields: all, names }) =>
      sign(
        hash,
        key,
        fields.slice(
          0,
          all.findIndex(({ name }) => name === names.hmac),
        ),
      ),
  ],
];

/** Whether a value is the base64 of the right HMAC. */
function isBase64Of(sent: string, right: string): boolean {
  // An unencoded + arrives as a space.
  const base64 = sent.replaceAll(' ', '+').replace(/=+$/, '');
  if (!/^[A-Za-z0-9+/]+$/.test(base64) || base64.length % 4 === 1) return false;
  return equalHex(bytesToHex(latin1Bytes(atob(base64))), right);
}

/**
 * Checks the HMAC of a form. Returns what is wrong with it, with the mistake that the integration made if it is a known one; undefined if it
 * is right. See docs/protocol.md#section-5.
 */
export function checkHmac(form: SignedForm, account: Account): Finding | undefined {
  const { names } = form;
  const valueOfField = (name: string): string => fieldValue(form.fields, name);
  const fields = form.fields.filter(({ name }) => name !== names.hmac);
  const sent = valueOfField(names.hmac);
  const hash = valueOfField(names.hash) === '' ? 'SHA512' : valueOfField(names.hash).toUpperCase();
  if (!isHashName(hash)) return finding('hmac-differs', 'algorithm', { hash });
  const key = account.hmacKey;
  if (key === '') return finding('hmac-differs', 'noKey', { account: account.id });
  const right = sign(hash, key, fields);
  if (equalHex(right, sent)) return undefined;
  if (isBase64Of(sent, right)) return finding('hmac-differs', 'base64');
  const mistake = MISTAKES.find(([, signMistaken]) => equalHex(signMistaken(hash, key, fields, form), sent));
  return mistake
    ? finding('hmac-differs', 'mistake', { hmacMistake: messageText('hmacMistake', mistake[0]) })
    : finding('hmac-differs', 'differs', { hash });
}
