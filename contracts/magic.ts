import { luhnDigit } from './luhn.js';
import { operationOf } from './operations.js';
import { RESPONSE_CODE_BY_CODE, SUCCESS } from './response-codes.js';

/** A response code that a test card number or amount requests, and the operation that gets it. */
export interface Magic {
  /** The CODEREPONSE. */
  readonly code: string;
  /** The TYPE that is answered with the code. Default: the operation that sends the card or the amount. */
  readonly TYPE?: string;
}

const CARD_PREFIX = '111122';
const AMOUNT_PREFIX = '99';

const isForceable = (code: string): boolean => code !== SUCCESS && RESPONSE_CODE_BY_CODE.has(code);

function checkForceable(code: string): void {
  if (!isForceable(code)) throw new RangeError(`${code} is not a code that can be requested. \`paybox-sim codes\` lists them.`);
}

/**
 * Makes the card number that requests a response code from the simulator: `111122 TT 00 CCCCC L`.
 * TT is the last two digits of the TYPE that is answered with the code (`00`: the operation that sends the card),
 * CCCCC is the code, L is the Luhn digit. The real gateway has no such cards.
 *
 * @throws RangeError if the gateway has no such code or TYPE, or if the code is 00000
 * @example magicCard('00105') // '1111220000001055'
 * @example magicCard('00105', '00002') // the authorization is accepted, the capture is refused
 */
export function magicCard(code: string, type?: string): string {
  checkForceable(code);
  if (type !== undefined && !operationOf(type))
    throw new RangeError(`There is no operation of TYPE ${type}. \`paybox-sim operations\` lists them.`);
  const body = `${CARD_PREFIX}${(type ?? '00').slice(-2).padStart(2, '0')}00${code}`;
  return body + luhnDigit(body);
}

/** The code that a card number of {@link magicCard} requests, or undefined for other cards. The Luhn digit is not checked. */
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
 * Makes the MONTANT that requests a response code from the simulator: `99` and the five digits of the code,
 * in minor units (9900105 is 99 001.05 EUR and requests 00105).
 *
 * @throws RangeError if the gateway has no such code, or if the code is 00000
 */
export function magicAmount(code: string): number {
  checkForceable(code);
  return Number(AMOUNT_PREFIX + code);
}

/** The code that an amount of {@link magicAmount}, in minor units, requests, or undefined for other amounts. */
export function readMagicAmount(amount: number): Magic | undefined {
  const code = /^99(\d{5})$/.exec(String(amount))?.[1];
  return code !== undefined && isForceable(code) ? { code } : undefined;
}
