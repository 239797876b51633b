import { RESULT_ORDER, type ResultFields, resultFormFields, resultQuery, signedText, signText } from '../../contracts/index.js';
import { TEST_PRIVATE_KEY } from '../../simulator/notifications/test-private-key.js';

/** The result of an authentication that the bank confirmed. */
export const CONFIRMED: ResultFields = {
  IdSession: 'SHOP-1',
  StatusPBX: 'Autorisation à faire',
  '3DSTATUS': 'Y',
  '3DSIGNVAL': 'Y',
  '3DENROLLED': 'Y',
  '3DERROR': '0',
  '3DECI': '05',
  '3DXID': 'MDAwMDAwMDAwMDAwMDAwMDAwMDE=',
  '3DCAVV': 'AAABBJkZUQAAAABjRWWZEEFgFz+=',
  '3DCAVVALGO': '2',
  ID3D: '2000000267972',
};

/** Encodes fields as a browser encodes a form in ISO-8859-1. The browser's own encoder knows UTF-8 only. */
export function encodedByBrowser(fields: readonly (readonly [name: string, value: string])[]): string {
  const encode = (text: string): string =>
    text.replace(/[^A-Za-z0-9*\-._]/g, (character) =>
      character === ' ' ? '+' : `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
  return fields.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
}

/** Both forms of a result, signed with the test key. */
export async function signedForms(
  fields: ResultFields,
): Promise<{ readonly query: string; readonly body: string; readonly check: string }> {
  const check = await signText(signedText(fields), TEST_PRIVATE_KEY);
  return { query: resultQuery(fields, check), body: encodedByBrowser(resultFormFields(fields, check)), check };
}

/** The fields whose values are those of a list, in the order of the wire. */
export const fieldsWith = (values: readonly (string | undefined)[]): ResultFields =>
  Object.fromEntries(RESULT_ORDER.map((name, at) => [name, values[at]]));
