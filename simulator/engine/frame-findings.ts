import {
  isRepeatedWithSpaces,
  MPI_VARIABLE_BY_NAME,
  mediaTypeOf,
  VARIABLE_BY_NAME,
  VARIABLES,
  type Variable,
} from '../../contracts/index.js';
import { type Finding, finding, NO_FINDINGS } from './finding.js';
import { messageText, TEXT_SEPARATORS } from './finding-messages.js';
import type { Question } from './question.js';

const FORM_TYPE = 'application/x-www-form-urlencoded';
const MAX_NAMES = 5;

/** Lists names of variables. They come from the client and may contain anything, so only what looks like a name is shown. */
export function listNames(names: readonly string[]): string {
  const isName = (name: string): boolean => MPI_VARIABLE_BY_NAME.has(name) || /^[A-Za-z0-9][A-Za-z_-]{0,31}$/.test(name);
  const shown = names.slice(0, MAX_NAMES).map((name) => (isName(name) ? name : messageText('names', 'noName')));
  const list = shown.join(TEXT_SEPARATORS.names);
  return names.length > MAX_NAMES ? messageText('names', 'more', { names: list, count: names.length - MAX_NAMES }) : list;
}

/** Whether a request was sent as multipart/form-data, as PHP's curl sends an array. */
export const isMultipart = ({ contentType = '' }: { readonly contentType?: string | undefined }): boolean =>
  /^multipart\/form-data/i.test(contentType);

function bodyFindings(question: Question): readonly Finding[] {
  if (question.problem === 'too-large') return [finding('body-too-large', 'tooLarge')];
  if (question.form.fields.length === 0) return [finding('not-a-form', 'empty')];
  if (question.has('TYPE') && question.has('VERSION')) return NO_FINDINGS;
  if (isMultipart(question)) return [finding('not-a-form', 'multipart')];
  if (/^\s*[{[]/.test(question.form.fields[0]?.name ?? '')) return [finding('not-a-form', 'json')];
  if (/^\u001f\u008b/.test(question.form.fields[0]?.name ?? '')) return [finding('not-a-form', 'gzip')];
  const isForm = question.form.fields.some(({ name }) => VARIABLE_BY_NAME.has(name.toUpperCase()));
  const missing = question.has('VERSION') ? 'TYPE' : question.has('TYPE') ? 'VERSION' : messageText('missing', 'both');
  if (isForm) return [finding('variable-missing', 'noForm', { missing }), ...unknownVariables(question)];
  const mistakes = mistakesIn(question.unknown);
  return [mistakes === '' ? finding('not-a-form', 'noForm', { missing }) : finding('not-a-form', 'mistaken', { missing, mistakes })];
}

/** Mistakes that the names of unknown variables show. */
const NAME_MISTAKES = [
  [/^amp;/, 'html'],
  [/^(\ufeff|\u00ef\u00bb\u00bf)/, 'bom'],
  [/^PBX_/, 'hostedPage'],
  [/^SHA1$/, 'sha1'],
] as const;

const mistakesIn = (names: readonly string[]): string =>
  NAME_MISTAKES.filter(([pattern]) => names.some((name) => pattern.test(name)))
    .map(([, id]) => messageText('mistakes', id))
    .join(TEXT_SEPARATORS.mistakes);

function unknownVariables({ unknown }: Question): Finding[] {
  if (unknown.length === 0) return [];
  const [names, mistakes] = [listNames(unknown), mistakesIn(unknown)];
  return [
    mistakes === '' ? finding('unknown-variable', 'unknown', { names }) : finding('unknown-variable', 'mistaken', { names, mistakes }),
  ];
}

/** Returns what is wrong with the value of a variable; undefined if nothing is. */
type ValueCheck = (value: string) => Finding | undefined;

/** Checks a variable whose value the gateway neither refuses nor reads if it is malformed. */
function checkFormat({ name, format, length: [, max] }: Variable): ValueCheck {
  return (value) => {
    if (value.length > max) return finding('variable-malformed', 'tooLong', { name, length: value.length, max });
    return format === 'digits' && !/^\d*$/.test(value) ? finding('variable-malformed', 'notDigits', { name }) : undefined;
  };
}

const checkEcho =
  ({ name }: Variable): ValueCheck =>
  (value) =>
    isRepeatedWithSpaces(value) ? finding('echo-altered', 'spaces', { name }) : undefined;

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
  contentType === ''
    ? messageText('mediaType', 'missing')
    : mediaTypeOf(contentType) || messageText('mediaType', 'none', { length: contentType.length });

const AT_ROOT = finding('not-the-gateway', 'missed', { request: 'POST /', status: 200, reason: messageText('reason', 'path') });

/** The findings of a question's form: the body, the names and the Content-Type. */
export function frameFindings(question: Question): readonly Finding[] {
  const ofBody = bodyFindings(question);
  const ofPath = question.isAtRoot ? [AT_ROOT] : [];
  if (ofBody.length > 0) return [...ofPath, ...ofBody];
  const findings = [...ofPath, ...unknownVariables(question)];
  addValueFindings(question, findings);
  if (question.isByGet) findings.push(finding('sent-by-get', 'query'));
  const withPlus = variablesWithPlus(question);
  if (withPlus.length > 0) {
    findings.push(finding('unencoded-plus', 'plus', { names: listNames(withPlus) }));
  }
  if (question.form.badEscape) findings.push(finding('bad-escape', 'percent'));
  if (question.repeated.length > 0) {
    findings.push(finding('repeated-variable', 'repeated', { names: listNames([...new Set(question.repeated)]) }));
  }
  if (question.cardExposedIn.length > 0) {
    findings.push(finding('card-number-exposed', 'exposed', { names: listNames(question.cardExposedIn) }));
  }
  if (question.contentType !== undefined && !question.contentType.toLowerCase().startsWith(FORM_TYPE)) {
    findings.push(finding('content-type', 'type', { mediaType: describeContentType(question.contentType) }));
  }
  return findings;
}
