import { luhnDigit } from './luhn.js';
import { operationOf } from './operations.js';
import { RESPONSE_CODE_BY_CODE, SUCCESS } from './response-codes.js';

/** A code that a card number or an amount asks for, and the operation it is meant for. */
export interface Magic {
  readonly code: string;
  /** The TYPE that gets the code; undefined: the operation that sends the card or the amount. */
  readonly TYPE?: string;
}

const CARD_PREFIX = '111122';
const AMOUNT_PREFIX = '99';

const isForceable = (code: string): boolean => code !== SUCCESS && RESPONSE_CODE_BY_CODE.has(code);

/**
 * The card number that makes the simulator answer with a code: `111122 TT 00 CCCCC L`.
 * TT are the last two digits of the TYPE that gets the code (`00`: the operation that carries the card),
 * CCCCC the code, L the Luhn digit. Inferred: the real gateway has no such cards.
 *
 * @throws RangeError for a code or a TYPE the gateway does not know
 * @example magicCard('00105') // '1111220000001055'
 * @example magicCard('00105', '00002') // the authorization succeeds, the capture is refused
 */
export function magicCard(code: string, type?: string): string {
  if (!isForceable(code)) throw new RangeError(`No code ${code} that can be forced; \`paybox-sim codes\` lists them.`);
  if (type !== undefined && !operationOf(type)) throw new RangeError(`No operation of TYPE ${type}; \`paybox-sim operations\` lists them.`);
  const body = `${CARD_PREFIX}${(type ?? '00').slice(-2).padStart(2, '0')}00${code}`;
  return body + luhnDigit(body);
}

/** The code a card number asks for, if it is one of {@link magicCard}'s. The Luhn digit is not looked at. */
export function readMagicCard(porteur: string): Magic | undefined {
  const match = /^111122(\d\d)00(\d{5})\d$/.exec(porteur);
  if (!match) return undefined;
  const [, tt = '', code = ''] = match;
  if (!isForceable(code)) return undefined;
  if (tt === '00') return { code };
  const operation = operationOf(tt);
  return operation && { code, TYPE: operation.TYPE };
}

/**
 * The MONTANT that makes the simulator answer with a code: `99` and the five digits of the code,
 * in minor units (9900105 is 99 001.05 EUR and asks for 00105).
 *
 * @throws RangeError for a code the gateway does not know
 */
export function magicAmount(code: string): number {
  if (!isForceable(code)) throw new RangeError(`No code ${code} that can be forced; \`paybox-sim codes\` lists them.`);
  return Number(AMOUNT_PREFIX + code);
}

/** The code an amount in minor units asks for, if it is one of {@link magicAmount}'s. */
export function readMagicAmount(amount: number): Magic | undefined {
  const code = /^99(\d{5})$/.exec(String(amount))?.[1];
  return code !== undefined && isForceable(code) ? { code } : undefined;
}
