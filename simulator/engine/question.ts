import { type Form, maskCard } from '../../contracts/index.js';

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
  readonly problem?: 'too-large';
  /** Content type as sent; undefined: unknown. */
  readonly contentType?: string | undefined;
  /** Which of the gateway's hosts was asked. */
  readonly host: Host;
}

/** The gateway's hosts: both answer from one state. Protocol sheet, section 1. */
export type Host = 'main' | 'backup';

const CARD_NUMBER = /^\d{13,19}$/;

/**
 * Reads a form as a question. Where another variable repeats the card number (a REFERENCE made from it),
 * its value is read with the number masked, so that it is neither kept nor shown.
 */
export function readQuestion(form: Form, more: Pick<Question, 'problem' | 'contentType'> & { readonly host?: Host } = {}): Question {
  const porteur = form.fields.find(({ name }) => name === 'PORTEUR')?.value ?? '';
  const isCardNumber = CARD_NUMBER.test(porteur);
  const values = new Map<string, string>();
  const repeated: string[] = [];
  const exposes: string[] = [];
  for (const { name, value } of form.fields) {
    if (values.has(name)) {
      repeated.push(name);
    } else if (isCardNumber && name !== 'PORTEUR' && value.includes(porteur)) {
      exposes.push(name);
      values.set(name, value.replaceAll(porteur, maskCard(porteur)));
    } else {
      values.set(name, value);
    }
  }
  return {
    form,
    repeated,
    exposes,
    host: 'main',
    ...more,
    get: (name) => values.get(name) ?? '',
    has: (name) => values.has(name),
  };
}
