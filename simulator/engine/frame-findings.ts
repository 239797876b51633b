import { VARIABLE_BY_NAME } from '../../contracts/index.js';
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
  const isForm = question.form.fields.some(({ name }) => VARIABLE_BY_NAME.has(name.toUpperCase()));
  const message = `The body has no ${missing.join(' and no ')}.`;
  return isForm ? [finding('variable-missing', message), ...unknownVariables(question)] : [finding('not-a-form', message)];
}

function unknownVariables({ unknown }: Question): Finding[] {
  return unknown.length === 0 ? [] : [finding('unknown-variable', `Not variables of the gateway: ${listNames(unknown)}.`)];
}

/** The findings of a question's form: the body, the names and the Content-Type. */
export function frameFindings(question: Question): readonly Finding[] {
  const ofBody = bodyFindings(question);
  if (ofBody.length > 0) return ofBody;
  const findings = unknownVariables(question);
  if (question.form.badEscape) findings.push(finding('bad-escape', 'The body has a % that is not followed by two hex digits.'));
  if (question.repeated.length > 0) {
    findings.push(finding('repeated-variable', `Sent more than once: ${listNames([...new Set(question.repeated)])}.`));
  }
  if (question.cardExposedIn.length > 0) {
    findings.push(finding('card-number-exposed', `The card number is also in ${listNames(question.cardExposedIn)}.`));
  }
  if (question.contentType !== undefined && !question.contentType.toLowerCase().startsWith(FORM_TYPE)) {
    findings.push(
      finding('content-type', `Content-Type is ${question.contentType === '' ? 'missing' : question.contentType.slice(0, 64)}.`),
    );
  }
  return findings;
}
