import {
  RENEWAL,
  type ReturnEncoding,
  type ReturnField,
  type ReturnValues,
  readReturnFields,
  returnQuery,
  signatureParameter,
  signText,
} from '../../contracts/index.js';
import { TEST_PRIVATE_KEY } from '../../simulator/notifications/test-private-key.js';

/** A PBX_RETOUR as shops have it. */
export const RETURN = 'Mt:M;Ref:R;Call:T;Trans:S;Auto:A;Erreur:E;Token:U;Pays:Y;Sign:K';

/** The fields of a PBX_RETOUR. Throws if it is not valid. */
export function fieldsOf(text: string): readonly ReturnField[] {
  const fields = readReturnFields(text);
  if ('wrong' in fields) throw new Error(`Not a field of PBX_RETOUR: ${fields.wrong}`);
  return fields;
}

/** The values of an accepted payment. */
export const PAID: ReturnValues = {
  M: '1234',
  R: 'Commande n° 7/a@b:c,d?e=f&g',
  T: '4711',
  S: '815',
  A: 'XXXXXX',
  E: '00000',
  U: 'CMDLpStLLLs  4912  ---',
  Y: 'FRA',
};

/** Options of {@link signedReturns}. */
export interface SignOptions {
  readonly fields?: readonly ReturnField[];
  readonly encoding?: ReturnEncoding;
  /** The query of the shop's own address, encoded. */
  readonly own?: string;
  readonly isRenewal?: boolean;
}

/** Both forms of a result, signed with the test key: the query of the server's call, and that of the browser's address. */
export async function signedReturns(
  values: ReturnValues,
  { fields = fieldsOf(RETURN), encoding = 'raw', own = '', isRenewal = false }: SignOptions = {},
): Promise<Record<'call' | 'address', { readonly query: string; readonly signedText: string }>> {
  const result = `${isRenewal ? `${RENEWAL.name}=${RENEWAL.value}&` : ''}${returnQuery(fields, values, encoding)}`;
  const before = own === '' ? '' : `${own}&`;
  const name = fields.find(({ letter }) => letter === 'K')?.name ?? '';
  const signed = async (text: string) => signatureParameter(name, await signText(text, TEST_PRIVATE_KEY));
  const whole = `${before}${result}`;
  return {
    call: { query: `${whole}&${await signed(result)}`, signedText: result },
    address: { query: `${whole}&${await signed(whole)}`, signedText: whole },
  };
}
