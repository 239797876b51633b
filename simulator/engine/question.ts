import { type Form, maskCard, maskLikelyCardsIn, SHORTEST_CARD, VARIABLES } from '../../contracts/index.js';

/** A request as the gateway reads it: its variables, and the bytes they came as. */
export interface Question {
  readonly form: Form;
  /** The value of a variable, empty where it is missing; of a repeated one, the first. */
  get(name: string): string;
  /** Whether the variable is there, even empty. */
  has(name: string): boolean;
  /** Names that came more than once. */
  readonly repeated: readonly string[];
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

const CARD_NUMBER = /^\d{13,19}$/;

/** A value as it may be read: a card number is kept nowhere but in PORTEUR, so that it is neither stored nor shown elsewhere. */
export function withoutCard(name: string, value: string, porteur: string): string {
  if (name === 'PORTEUR' || value.length < SHORTEST_CARD) return value;
  const isThere = value.includes(porteur) && CARD_NUMBER.test(porteur);
  const other = isThere ? value.replaceAll(porteur, maskCard(porteur)) : value;
  // The digits of an HMAC may look like anything, and it is compared.
  return name === 'HMAC' ? other : maskLikelyCardsIn(other);
}

/** Where the value of each of the gateway's variables has its place. */
const PLACES: ReadonlyMap<string, number> = new Map(VARIABLES.map(({ name }, place) => [name, place]));

/** Values by name. Those of the gateway's variables have their places: a map that grew with each question would cost more than the rules. */
class Values {
  readonly #known: (string | undefined)[] = new Array<string | undefined>(PLACES.size);
  #others: Map<string, string> | undefined;

  get(name: string): string | undefined {
    const place = PLACES.get(name);
    return place === undefined ? this.#others?.get(name) : this.#known[place];
  }

  set(name: string, value: string): void {
    const place = PLACES.get(name);
    if (place !== undefined) this.#known[place] = value;
    else {
      this.#others ??= new Map();
      this.#others.set(name, value);
    }
  }
}

class FormQuestion implements Question {
  readonly form: Form;
  readonly host: Host;
  readonly problem: 'too-large' | undefined;
  readonly contentType: string | undefined;
  readonly repeated: string[] = [];
  readonly exposes: string[] = [];
  readonly #values = new Values();

  constructor(form: Form, { host = 'main', problem, contentType }: Asked) {
    this.form = form;
    this.host = host;
    this.problem = problem;
    this.contentType = contentType;
    const porteur = form.fields.find(({ name }) => name === 'PORTEUR')?.value ?? '';
    for (const { name, value } of form.fields) {
      if (this.#values.get(name) !== undefined) {
        this.repeated.push(name);
        continue;
      }
      const safe = withoutCard(name, value, porteur);
      if (safe !== value) this.exposes.push(name);
      this.#values.set(name, safe);
    }
  }

  get(name: string): string {
    return this.#values.get(name) ?? '';
  }

  has(name: string): boolean {
    return this.#values.get(name) !== undefined;
  }
}

type Asked = Pick<Question, 'problem' | 'contentType'> & { readonly host?: Host | undefined };

/** Reads a form as a question. Where another variable holds a card number (a REFERENCE made from it), it is read masked. */
export function readQuestion(form: Form, asked: Asked = {}): Question {
  return new FormQuestion(form, asked);
}
