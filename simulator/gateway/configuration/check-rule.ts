import {
  isResponseCode,
  isSecretName,
  MPI_NAMES,
  maskField,
  maskText,
  operationBy,
  PBX_VARIABLE_BY_NAME,
  SUCCESS,
  VARIABLE_BY_NAME,
} from '../../../contracts/index.js';
import { checkPattern, loadPatterns, UnsupportedPattern } from '../../../contracts/patterns.js';
import { canHappenToPage } from '../../engine/fault.js';
import {
  AUTHENTICATE,
  CHECKOUT,
  type Matcher,
  type Rule,
  type RuleAnswer,
  type RuleInput,
  ruleAnswer,
  usesPatterns,
} from '../../engine/rule.js';

/** A rule cannot be applied: unknown code, invalid regular expression, name already taken. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  /** Where in the rule the mistake is; empty if it is the whole rule. */
  readonly path: readonly string[];

  constructor(message: string, path: readonly string[] = [], options?: ErrorOptions) {
    super(message, options);
    this.path = path;
  }
}

/** A condition names a variable that its requests do not have. */
export class UnknownVariable extends RuleError {
  /** The variables that they have. */
  readonly known: readonly string[];

  constructor(name: string, { owner, names }: Variables, path: readonly string[]) {
    super(`${name} is not a variable of ${owner}.`, path);
    this.known = [...names.keys()];
  }
}

/** The variables that a request can have. */
interface Variables {
  readonly owner: string;
  readonly names: Pick<ReadonlyMap<string, unknown>, 'has' | 'keys'>;
}

const OF_GATEWAY: Variables = { owner: 'the gateway', names: VARIABLE_BY_NAME };
const OF_HOSTED_PAGE: Variables = { owner: 'the hosted page', names: PBX_VARIABLE_BY_NAME };
const OF_REMOTE_MPI: Variables = { owner: 'RemoteMPI', names: new Set<string>(MPI_NAMES) };

const valuesOf = (matcher: Matcher): readonly string[] => {
  if (typeof matcher === 'string') return [matcher];
  return Array.isArray(matcher) ? (matcher as readonly string[]) : [];
};

const hasSecret = (text: string): boolean => maskText(text) !== text;

/** Parts of a regular expression that are not characters of the value: escapes of classes, quantifiers, groups and brackets. */
const NOT_LITERAL = /\\[a-zA-Z]|\{\d*,?\d*\}|[\\()[\]?*+^$|]/g;

// These are stored, sent and shown as they are: masked ones would be others.
function checkVerbatim({ id, answer, fault }: Rule): void {
  const texts = [
    { path: ['id'], text: id },
    { path: ['answer', 'comment'], text: answer === undefined ? '' : (ruleAnswer(answer).comment ?? '') },
    ...Object.entries(fault?.echo ?? {}).map(([name, text]) => ({ path: ['fault', 'echo', name], text: String(text) })),
  ];
  const wrong = texts.find(({ text }) => hasSecret(text));
  if (wrong)
    throw new RuleError(`${wrong.path.at(-1)}: it is stored and shown, so it must not contain a card number, a CVV or a key.`, wrong.path);
}

/** What a reply cannot carry: the separator of its values, and characters that ISO-8859-1 does not have or that it sends as spaces. */
const UNSENDABLE = /[^\u0020-\u007e\u00a0-\u00ff]|[&<>]/u;

function checkAnswer({ code, comment }: RuleAnswer): void {
  if (!isResponseCode(code)) {
    const text = `answer: ${code} is not a response code: five digits or letters. \`paybox-sim codes\` lists those of the gateway.`;
    throw new RuleError(text, ['answer']);
  }
  if (comment === undefined) return;
  const path = ['answer', 'comment'];
  if (code === SUCCESS) throw new RuleError('comment: with 00000 the question gets its ordinary reply, with the ordinary text.', path);
  const [character] = UNSENDABLE.exec(comment) ?? [];
  if (character !== undefined)
    throw new RuleError(`comment: a reply cannot carry ${JSON.stringify(character)}; it is ISO-8859-1, and & separates its values.`, path);
}

/** The requests of a browser that a rule can match instead of a question, by their TYPE. */
interface BrowserRequest {
  readonly key: 'authentication' | 'checkout';
  readonly variables: Variables;
  /** What decides the outcome instead of an answer. */
  readonly instead: string;
}

const BROWSER_REQUESTS: ReadonlyMap<unknown, BrowserRequest> = new Map<unknown, BrowserRequest>([
  [AUTHENTICATE, { key: 'authentication', variables: OF_REMOTE_MPI, instead: 'Use authentication: {outcome}.' }],
  [
    CHECKOUT,
    {
      key: 'checkout',
      variables: OF_HOSTED_PAGE,
      instead: 'Use a rule with match: {TYPE: pay}, which the payment on the page matches too.',
    },
  ],
]);

function checkBrowserRequest(rule: Rule): void {
  const { match, answer, fault } = rule;
  const request = BROWSER_REQUESTS.get(match.TYPE);
  for (const [type, { key, variables }] of BROWSER_REQUESTS)
    if (rule[key] !== undefined && match.TYPE !== type)
      throw new RuleError(`${key}: needs match: {TYPE: ${type}}, a request to ${variables.owner}.`, [key]);
  if (!request) return;
  if (answer !== undefined)
    throw new RuleError(`answer: a request to ${request.variables.owner} has no CODEREPONSE. ${request.instead}`, ['answer']);
  const wrong = (['echo', 'reply', 'processed'] as const).find((key) => !canFailPage(key, fault));
  if (wrong !== undefined) throw new RuleError(`${wrong}: this fault does not apply to a page of the gateway.`, ['fault', wrong]);
}

function canFailPage(key: 'echo' | 'reply' | 'processed', fault: Rule['fault']): boolean {
  if (key === 'reply') return canHappenToPage(fault?.reply);
  return key === 'processed' ? fault?.processed !== 'twice' : fault?.echo === undefined;
}

// Nothing but the length is stored of these values, so they would never match.
const isHidden = (name: string): boolean => maskField(name, 'x') !== 'x';

// A rule that can never match is a typo.
function checkNames(name: string, matcher: Matcher, path: readonly string[], variables: Variables): void {
  if (name !== 'TYPE' && !variables.names.has(name)) throw new UnknownVariable(name, variables, path);
  const unknown = name === 'TYPE' ? valuesOf(matcher).find((value) => !BROWSER_REQUESTS.has(value) && !operationBy(value)) : undefined;
  if (unknown !== undefined)
    throw new RuleError(`TYPE: ${unknown} is not an operation; \`paybox-sim operations\` lists them by number and name.`, path);
}

function checkPatternOf(name: string, pattern: string, path: readonly string[], onUnsupported: OnUnsupported): void {
  try {
    checkPattern(pattern);
  } catch (cause) {
    const error = new RuleError(`${name}: ${(cause as Error).message}.`, path, { cause });
    if (!(cause instanceof UnsupportedPattern)) throw error;
    onUnsupported(error);
  }
}

function checkMatchers(matchers: Readonly<Record<string, Matcher>>, key: 'match' | 'payment', onUnsupported: OnUnsupported): void {
  const variables = BROWSER_REQUESTS.get(matchers.TYPE)?.variables ?? OF_GATEWAY;
  for (const [name, matcher] of Object.entries(matchers)) {
    const path = [key, name];
    checkNames(name, matcher, path, variables);
    // Values that are never stored must not be stored in a rule either.
    if ((isSecretName(name) || isHidden(name)) && (typeof matcher === 'string' || !('present' in matcher))) {
      throw new RuleError(`${name}: its values are not stored, so a rule can only check whether it is present: {"present": true}.`, path);
    }
    if (typeof matcher === 'string' || !('pattern' in matcher)) continue;
    if (/\d{13}/.test(matcher.pattern) || hasSecret(matcher.pattern.replace(NOT_LITERAL, '')))
      throw new RuleError(`${name}: a pattern is stored unmasked, so it must not contain a card number. Write it as a value.`, path);
    checkPatternOf(name, matcher.pattern, path, onUnsupported);
  }
}

/** Loads what the full check of rules needs: without it, {@link checkRule} does not detect patterns that are not supported. */
export async function loadForRules(rules: readonly RuleInput[]): Promise<void> {
  if (usesPatterns(rules)) await loadPatterns();
}

/** Called with the error of a pattern that is a regular expression, but not one that this version supports. */
type OnUnsupported = (error: RuleError) => void;

const refuse: OnUnsupported = (error) => {
  throw error;
};

/**
 * Checks that a rule can be applied.
 *
 * @param onUnsupported an earlier version may have stored such a pattern. Default: throws
 * @throws RuleError when it cannot be applied
 */
export function checkRule(rule: Rule, onUnsupported = refuse): void {
  const { answer, fault, authentication, checkout, match, payment } = rule;
  if (answer === undefined && fault === undefined && authentication === undefined && checkout === undefined)
    throw new RuleError('A rule has an answer (a CODEREPONSE), a fault, an authentication or a checkout.');
  checkBrowserRequest(rule);
  if (answer !== undefined) checkAnswer(ruleAnswer(answer));
  const delay = fault?.delay;
  if (typeof delay === 'object' && delay.min > delay.max)
    throw new RuleError(`delay: min is ${delay.min}, above max, ${delay.max}.`, ['fault', 'delay']);
  checkVerbatim(rule);
  checkMatchers(match, 'match', onUnsupported);
  checkMatchers(payment as Record<string, Matcher>, 'payment', onUnsupported);
}
