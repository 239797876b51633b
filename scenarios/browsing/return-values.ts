import { RETURN_LETTERS, type ReturnField, readReturn, readReturnFields, verifySignature } from '../../contracts/index.js';
import type { Arrival, ResultWay } from './result-listener.js';

/** Values of a result of the hosted page beside its letters. */
export const NOTIFIED_VALUES = [
  ...Object.keys(RETURN_LETTERS),
  'to',
  'method',
  'order',
  'query',
  'ETAT_PBX',
  'NUMTRANS',
  'NUMAPPEL',
  'PORTEUR',
  'DATEVAL',
] as const;

/** A result of the hosted page by the letters of PBX_RETOUR, and by {@link NOTIFIED_VALUES}. K is `valid` or `invalid`. */
export type Notified = ReadonlyMap<string, string>;

const TEN = 10;

/** Direct has numbers of ten digits, the hosted page gives them without leading zeros. */
const padded = (number: string | undefined): string | undefined => number?.padStart(TEN, '0');

/** Without the variable of the shop's own, which comes first. */
const ownPart = /^order=\d+&/;

/** The token and the expiry that U is made of. */
function readToken(value: string | undefined): { readonly PORTEUR?: string; readonly DATEVAL?: string } {
  const [, PORTEUR, year, month] = /^(\S+)\s+(\d\d)(\d\d)/.exec(value ?? '') ?? [];
  return PORTEUR === undefined ? {} : { PORTEUR, DATEVAL: `${month}${year}` };
}

/**
 * Reads a result of the hosted page as a shop does.
 *
 * @param PBX_RETOUR the names of the values
 * @param publicKey the gateway's, PEM
 */
export async function readNotified({ to, method, raw, way }: Arrival, PBX_RETOUR: string, publicKey: string): Promise<Notified> {
  const asked = readReturnFields(PBX_RETOUR);
  const fields: readonly ReturnField[] = 'wrong' in asked ? [] : asked;
  const query = raw.replace(ownPart, '');
  const signatureName = fields.find(({ letter }) => letter === 'K')?.name ?? '';
  // In the call to the server only the fields are signed, in the addresses of the browser everything is.
  const signed = readReturn(way === 'server' ? query : raw, signatureName);
  // Without a signature the values are read all the same.
  const values = (signed ?? readReturn(`${query}&-=`, '-'))?.values ?? {};
  const K = signed && ((await verifySignature(signed.signedText, signed.signature, publicKey)) ? 'valid' : 'invalid');
  const letters = Object.fromEntries(fields.map(({ name, letter }) => [letter, letter === 'K' ? K : values[name]]));
  const optional = {
    ...letters,
    to,
    method,
    query,
    order: query
      .split('&')
      .map((pair) => pair.split('=', 1)[0])
      .join(' '),
    ETAT_PBX: values.ETAT_PBX,
    NUMTRANS: padded(letters.S),
    NUMAPPEL: padded(letters.T),
    ...readToken(letters.U),
  };
  return new Map(Object.entries(optional).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

const last = (all: readonly Notified[]): Notified => all.at(-1) ?? new Map();

const ACCEPTED: ReadonlySet<string | undefined> = new Set(['00000', '99999']);

/** Values that later steps use: those of the accepted payment itself, not of what followed it. */
const CARRIED = ['NUMTRANS', 'NUMAPPEL', 'PORTEUR', 'DATEVAL'];

const prefixed = (way: ResultWay, values: Notified): [string, string][] => Array.from(values, ([name, value]) => [`${way}.${name}`, value]);

/**
 * Returns the values of what a shop received for a checkout: those of the browser's last return (of the last call, if it did not return), the
 * same by their way (`server.E`), and how many arrived on each way.
 */
export function receivedFields(received: readonly (readonly [way: ResultWay, values: Notified])[]): ReadonlyMap<string, string> {
  const of = (way: ResultWay): Notified[] => received.filter(([own]) => own === way).map(([, values]) => values);
  const [calls, returns] = [of('server'), of('browser')];
  const accepted = received.map(([, values]) => values).find((values) => ACCEPTED.has(values.get('E')));
  const checks = received.flatMap(([, values]) => values.get('K') ?? []);
  return new Map([
    ...last(returns.length > 0 ? returns : calls),
    ...CARRIED.flatMap((name) => (accepted?.has(name) ? [[name, accepted.get(name) ?? ''] as const] : [])),
    ...(checks.length > 0 ? [['K', checks.includes('invalid') ? 'invalid' : 'valid'] as const] : []),
    ...prefixed('server', last(calls)),
    ...prefixed('browser', last(returns)),
    ['server', String(calls.length)],
    ['browser', String(returns.length)],
    ...(received[0] ? [['first', received[0][0]] as const] : []),
  ]);
}
