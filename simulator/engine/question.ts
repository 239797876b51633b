import {
  type Form,
  type FormField,
  isCardShaped,
  maskCard,
  maskField,
  maskText,
  replaceRepeated,
  VARIABLE_INDEX_BY_NAME,
  VARIABLES,
} from '../../contracts/index.js';

/** One request to the gateway: its variables and the form they were read from. */
export interface Question {
  readonly form: Form;
  /** The value of a variable, or an empty string if it is missing. If the variable is repeated, the first value. */
  get(name: string): string;
  /** The value of a variable verbatim, with a card number unmasked. Only for the echo in the reply. */
  verbatim(name: string): string;
  /** Whether the variable is present, even if empty. */
  has(name: string): boolean;
  /** Names of the variables that were sent more than once. */
  readonly repeated: readonly string[];
  /** Names that are not variables of the gateway. */
  readonly unknown: readonly string[];
  /** Names of the variables other than PORTEUR that contained a card number. */
  readonly cardExposedIn: readonly string[];
  /** Why the body could not be read as a form. Undefined: it could. */
  readonly problem?: 'too-large' | undefined;
  /** The Content-Type as sent; empty if there was none. Undefined: unknown. */
  readonly contentType?: string | undefined;
  /** The host the question was sent to. */
  readonly host: Host;
  /** Whether the question was the query of a GET. */
  readonly isByGet: boolean;
  /** Whether the question was sent to `/`, which is not a path of the gateway. */
  readonly isAtRoot?: boolean | undefined;
}

/** The main and the backup host of the gateway. Both share one state. See docs/protocol.md#section-1. */
export type Host = 'main' | 'backup';

/** Whether a value is empty or all zeros. Clients send zeros when they must send a variable but have no value. See docs/protocol.md#section-2. */
export const isZeros = (value: string): boolean => /^0*$/.test(value);

/**
 * Masks card numbers in the value of a variable other than PORTEUR, and what is assigned to the name of a secret, so that they are neither
 * stored nor shown.
 *
 * @param porteur the question's PORTEUR. It is masked wherever the value repeats it.
 */
export function maskExposedCard(name: string, value: string, porteur: string): string {
  if (name === 'PORTEUR') return value;
  const repeatsCard = value.length >= porteur.length && value.includes(porteur) && isCardShaped(porteur) && !isZeros(porteur);
  const masked = repeatsCard ? replaceRepeated(value, porteur, maskCard(porteur)) : value;
  // Digits of an ID3D may look like a card number, and it must stay unchanged to be looked up. What is stored and shown of it is masked.
  if (name === 'ID3D' && /^\d{1,20}$/.test(masked)) return masked;
  return name === 'HMAC' ? maskField(name, masked) : maskText(masked);
}

/** The first value of a field, unchanged; empty if the field is missing. */
export const fieldValue = (fields: readonly Pick<FormField, 'name' | 'value'>[], name: string): string =>
  fields.find((field) => field.name === name)?.value ?? '';

const PORTEUR = VARIABLE_INDEX_BY_NAME.get('PORTEUR');

class FormQuestion implements Question {
  readonly form: Form;
  readonly host: Host;
  readonly problem: 'too-large' | undefined;
  readonly contentType: string | undefined;
  readonly isByGet: boolean;
  readonly isAtRoot: boolean | undefined;
  readonly repeated: string[] = [];
  readonly unknown: string[] = [];
  readonly cardExposedIn: string[] = [];
  /** Values by index in `VARIABLES`. An array, because filling a map for each question takes longer than evaluating it. */
  readonly #values: (string | undefined)[] = new Array<string | undefined>(VARIABLES.length);
  /** Values of unknown variables by name. */
  #unknownValues: Map<string, string> | undefined;

  constructor(form: Form, { host = 'main', problem, contentType, isByGet = false, isAtRoot }: QuestionOptions) {
    this.form = form;
    this.host = host;
    this.problem = problem;
    this.contentType = contentType;
    this.isByGet = isByGet;
    this.isAtRoot = isAtRoot;
    const porteur = form.fields.find(({ index }) => index === PORTEUR)?.value ?? '';
    for (const { name, index, value } of form.fields) {
      if (index === undefined) this.unknown.push(name);
      if (this.#valueOf(index, name) !== undefined) {
        this.repeated.push(name);
        continue;
      }
      const masked = maskExposedCard(name, value, porteur);
      if (masked !== value) this.cardExposedIn.push(name);
      if (index !== undefined) this.#values[index] = masked;
      else {
        this.#unknownValues ??= new Map();
        this.#unknownValues.set(name, masked);
      }
    }
  }

  get(name: string): string {
    return this.#valueOf(VARIABLE_INDEX_BY_NAME.get(name), name) ?? '';
  }

  verbatim(name: string): string {
    if (this.cardExposedIn.length === 0) return this.get(name);
    return fieldValue(this.form.fields, name);
  }

  has(name: string): boolean {
    return this.#valueOf(VARIABLE_INDEX_BY_NAME.get(name), name) !== undefined;
  }

  #valueOf(index: number | undefined, name: string): string | undefined {
    return index === undefined ? this.#unknownValues?.get(name) : this.#values[index];
  }
}

type QuestionOptions = Pick<Question, 'problem' | 'contentType'> &
  Partial<Pick<Question, 'isByGet' | 'isAtRoot'>> & { readonly host?: Host | undefined };

/**
 * Makes a question from a form. A card number in a variable other than PORTEUR (a REFERENCE that contains it) is masked.
 *
 * @param options `host` is by default `main`
 */
export function readQuestion(form: Form, options: QuestionOptions = {}): Question {
  return new FormQuestion(form, options);
}
