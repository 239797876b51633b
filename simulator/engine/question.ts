import {
  type Form,
  isCardShaped,
  maskCard,
  maskLikelyCardsIn,
  SHORTEST_CARD,
  VARIABLE_INDEX_BY_NAME,
  VARIABLES,
} from '../../contracts/index.js';

/** A request as the gateway reads it: its variables, and the bytes they came as. */
export interface Question {
  readonly form: Form;
  /** The value of a variable, empty where it is missing; of a repeated one, the first. */
  get(name: string): string;
  /** The value of a variable verbatim, card number and all: for the reply's echo only. */
  verbatim(name: string): string;
  /** Whether the variable is there, even empty. */
  has(name: string): boolean;
  /** Names that came more than once. */
  readonly repeated: readonly string[];
  /** Names that are no variables of the gateway. */
  readonly unknown: readonly string[];
  /** Names of the variables that repeated the card number in the clear. */
  readonly exposes: readonly string[];
  /** What the HTTP door saw that keeps the body from being a form. */
  readonly problem?: 'too-large' | undefined;
  /** Content type as sent; undefined: unknown. */
  readonly contentType?: string | undefined;
  /** Which of the gateway's hosts was asked. */
  readonly host: Host;
}

/** The gateway's hosts: both answer from one state. Protocol sheet, section 1. */
export type Host = 'main' | 'backup';

/** Whether a text is made of zeros, as clients send where they must send something. Protocol sheet, section 2. */
export const isZeros = (value: string): boolean => /^0*$/.test(value);

/** A value as it may be read: a card number is kept nowhere but in PORTEUR, so that it is neither stored nor shown elsewhere. */
export function withoutCard(name: string, value: string, porteur: string): string {
  if (name === 'PORTEUR' || value.length < SHORTEST_CARD) return value;
  const isThere = value.includes(porteur) && isCardShaped(porteur);
  const other = isThere ? value.replaceAll(porteur, maskCard(porteur)) : value;
  // The digits of an HMAC may look like anything, and it is compared.
  return name === 'HMAC' ? other : maskLikelyCardsIn(other);
}

const PORTEUR = VARIABLE_INDEX_BY_NAME.get('PORTEUR');

class FormQuestion implements Question {
  readonly form: Form;
  readonly host: Host;
  readonly problem: 'too-large' | undefined;
  readonly contentType: string | undefined;
  readonly repeated: string[] = [];
  readonly unknown: string[] = [];
  readonly exposes: string[] = [];
  /** By place: a map that grew with each question would cost more than the rules. */
  readonly #values: (string | undefined)[] = new Array<string | undefined>(VARIABLES.length);
  /** Of the variables that are none of the gateway's, by name. */
  #others: Map<string, string> | undefined;

  constructor(form: Form, host: Host, problem: Question['problem'], contentType: string | undefined) {
    this.form = form;
    this.host = host;
    this.problem = problem;
    this.contentType = contentType;
    const porteur = form.fields.find(({ index }) => index === PORTEUR)?.value ?? '';
    for (const { name, index, value } of form.fields) {
      if (index === undefined) this.unknown.push(name);
      if (this.#at(index, name) !== undefined) {
        this.repeated.push(name);
        continue;
      }
      const safe = withoutCard(name, value, porteur);
      if (safe !== value) this.exposes.push(name);
      if (index !== undefined) this.#values[index] = safe;
      else {
        this.#others ??= new Map();
        this.#others.set(name, safe);
      }
    }
  }

  get(name: string): string {
    return this.#at(VARIABLE_INDEX_BY_NAME.get(name), name) ?? '';
  }

  verbatim(name: string): string {
    if (this.exposes.length === 0) return this.get(name);
    return this.form.fields.find((field) => field.name === name)?.value ?? '';
  }

  has(name: string): boolean {
    return this.#at(VARIABLE_INDEX_BY_NAME.get(name), name) !== undefined;
  }

  #at(place: number | undefined, name: string): string | undefined {
    return place === undefined ? this.#others?.get(name) : this.#values[place];
  }
}

type QuestionOptions = Pick<Question, 'problem' | 'contentType'> & { readonly host?: Host | undefined };

/** Reads a form as a question. Where another variable holds a card number (a REFERENCE made from it), it is read masked. */
export function readQuestion(form: Form, { host = 'main', problem, contentType }: QuestionOptions = {}): Question {
  return new FormQuestion(form, host, problem, contentType);
}
