import { isRepeatedWithSpaces, mediaTypeOf, VARIABLE_BY_NAME, VARIABLES, type Variable } from '../../contracts/index.js';
import { type Finding, finding, NO_FINDINGS } from './finding.js';
import type { Question } from './question.js';

const FORM_TYPE = 'application/x-www-form-urlencoded';
const MAX_NAMES = 5;

// Names come from the client and may contain anything, so only what looks like a name is shown.
function listNames(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).map((name) => (/^[A-Za-z0-9][A-Za-z_-]{0,31}$/.test(name) ? name : '(not a name)'));
  const rest = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return shown.join(', ') + rest;
}

function bodyFindings(question: Question): readonly Finding[] {
  if (question.problem === 'too-large') return [finding('body-too-large', 'The body is larger than 64 KiB.')];
  if (question.form.fields.length === 0) return [finding('not-a-form', 'The body is empty.')];
  if (question.has('TYPE') && question.has('VERSION')) return NO_FINDINGS;
  if (/^multipart\/form-data/i.test(question.contentType ?? '')) return [finding('not-a-form', 'The body is multipart/form-data.')];
  if (/^\s*[{[]/.test(question.form.fields[0]?.name ?? '')) return [finding('not-a-form', 'The body is JSON.')];
  const missing = ['VERSION', 'TYPE'].filter((name) => !question.has(name));
  if (/^\u001f\u008b/.test(question.form.fields[0]?.name ?? '')) return [finding('not-a-form', 'The body is compressed (gzip).')];
  const isForm = question.form.fields.some(({ name }) => VARIABLE_BY_NAME.has(name.toUpperCase()));
  const message = `The body has no ${missing.join(' and no ')}.`;
  return isForm
    ? [finding('variable-missing', message), ...unknownVariables(question)]
    : [finding('not-a-form', message + mistakesIn(question.unknown))];
}

/** Mistakes that the names of unknown variables show. */
const NAME_MISTAKES: readonly (readonly [pattern: RegExp, explanation: string])[] = [
  [/^amp;/, 'They begin with "amp;": the body was escaped for HTML; separate the variables by & alone'],
  [/^(\ufeff|\u00ef\u00bb\u00bf)/, 'The body begins with a byte order mark (BOM); send it without'],
  [/^PBX_/, 'PBX_ variables are those of the hosted page, Paybox System'],
  [/^SHA1$/, 'SHA1 is written SHA-1'],
];

const mistakesIn = (names: readonly string[]): string =>
  NAME_MISTAKES.filter(([pattern]) => names.some((name) => pattern.test(name)))
    .map(([, text]) => ` ${text}.`)
    .join('');

function unknownVariables({ unknown }: Question): Finding[] {
  if (unknown.length === 0) return [];
  return [finding('unknown-variable', `Not variables of the gateway: ${listNames(unknown)}.${mistakesIn(unknown)}`)];
}

/** Returns what is wrong with the value of a variable; undefined if nothing is. */
type ValueCheck = (value: string) => Finding | undefined;

/** Checks a variable whose value the gateway neither refuses nor reads if it is malformed. */
function checkFormat({ name, format, length: [, max] }: Variable): ValueCheck {
  return (value) => {
    if (value.length > max) return finding('variable-malformed', `${name} has ${value.length} characters; it may have ${max}.`);
    return format === 'digits' && !/^\d*$/.test(value)
      ? finding('variable-malformed', `${name} must be digits; the gateway ignored it.`)
      : undefined;
  };
}

const checkEcho =
  ({ name }: Variable): ValueCheck =>
  (value) =>
    isRepeatedWithSpaces(value) ? finding('echo-altered', `${name} has characters that the reply repeats as spaces.`) : undefined;

const UNCHECKED = new Set(['IDENTIFIANT', 'ARCHIVAGE', 'DIFFERE', 'AUTORISATION', 'DATENAISS', 'ACQUEREUR', 'PRIV_CODETRAITEMENT', 'ID3D']);
const ECHOED = new Set(['REFABONNE', 'NUMQUESTION', 'SITE', 'RANG']);

/** By index in `VARIABLES`: most variables have none. */
const VALUE_CHECKS: readonly (ValueCheck | undefined)[] = VARIABLES.map((variable) =>
  UNCHECKED.has(variable.name) ? checkFormat(variable) : ECHOED.has(variable.name) ? checkEcho(variable) : undefined,
);

function addValueFindings({ form, repeated }: Question, findings: Finding[]): void {
  for (const { index, value, name } of form.fields) {
    // Of a repeated variable the first value counts, which repeated-variable explains.
    const found = index === undefined || repeated.includes(name) ? undefined : VALUE_CHECKS[index]?.(value);
    if (found) findings.push(found);
  }
}

/** What no encoder of forms leaves as it is, and `%20`, which such an encoder writes as `+`. */
const NOT_FORM_ENCODED = /[^A-Za-z0-9\-_.~*!'()+%]|%20/;
const BASE64_VARIABLES = new Set(['3DCAVV', '3DXID']);

/** The variables whose `+` was probably meant as a plus: the body was not encoded as a form, or the value is base64. */
function variablesWithPlus({ form: { fields } }: Question): readonly string[] {
  const withPlus = fields.filter(({ encoded }) => encoded.includes('+'));
  if (withPlus.length === 0) return [];
  const isEncoded = !fields.some(({ encoded }) => NOT_FORM_ENCODED.test(encoded));
  return withPlus.filter(({ name }) => !isEncoded || BASE64_VARIABLES.has(name)).map(({ name }) => name);
}

// A header may contain anything, so only the media type is shown, and only a usual one.
const describeContentType = (contentType: string): string =>
  contentType === '' ? 'missing' : mediaTypeOf(contentType) || `of ${contentType.length} characters, which are not a media type`;

/** The findings of a question's form: the body, the names and the Content-Type. */
export function frameFindings(question: Question): readonly Finding[] {
  const ofBody = bodyFindings(question);
  if (ofBody.length > 0) return ofBody;
  const findings = unknownVariables(question);
  addValueFindings(question, findings);
  if (question.isByGet) findings.push(finding('sent-by-get', 'The question was the query of a GET.'));
  const withPlus = variablesWithPlus(question);
  if (withPlus.length > 0) {
    findings.push(finding('unencoded-plus', `An unencoded + was read as a space in ${listNames(withPlus)}.`));
  }
  if (question.form.badEscape) findings.push(finding('bad-escape', 'The body has a % that is not followed by two hex digits.'));
  if (question.repeated.length > 0) {
    findings.push(finding('repeated-variable', `Sent more than once: ${listNames([...new Set(question.repeated)])}.`));
  }
  if (question.cardExposedIn.length > 0) {
    findings.push(finding('card-number-exposed', `The card number is also in ${listNames(question.cardExposedIn)}.`));
  }
  if (question.contentType !== undefined && !question.contentType.toLowerCase().startsWith(FORM_TYPE)) {
    findings.push(finding('content-type', `Content-Type is ${describeContentType(question.contentType)}.`));
  }
  return findings;
}
