import { latin1Text } from '../../contracts/index.js';
import type { Simulator } from '../../simulator/index.js';
import type { Variables } from './question.js';

/** The request to RemoteMPI for 10.00 EUR, with the card that asks the cardholder. */
const MPI_FORM: Variables = {
  IdMerchant: '107904482',
  IdSession: 'session-1',
  Amount: '1000',
  Currency: '978',
  CCNumber: '4000000000001091',
  CCExpDate: '1299',
  CVVCode: '123',
};

/** A page of the gateway: what a browser would send next. */
export interface BrowserPage {
  readonly status: number;
  readonly html: string;
  /** The address and the fields of its first form; undefined if it has none. */
  readonly form: { readonly action: string; readonly method: string; readonly fields: Record<string, string> } | undefined;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const decodeEntities = (text: string): string =>
  text.replace(
    /&(#?\w+);/g,
    (all, name: string) => ENTITIES[name] ?? (/^#\d+$/.test(name) ? String.fromCharCode(Number(name.slice(1))) : all),
  );

function formOf(html: string): BrowserPage['form'] {
  const [, attributes, content = ''] = /<form ([^>]*)>([\s\S]*?)<\/form>/.exec(html) ?? [];
  if (attributes === undefined) return undefined;
  const attribute = (name: string): string => decodeEntities(new RegExp(`${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
  const inputs = [...content.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)];
  return {
    action: attribute('action'),
    method: attribute('method'),
    fields: Object.fromEntries(inputs.map(([, name = '', value = '']) => [decodeEntities(name), decodeEntities(value)])),
  };
}

async function pageOf(response: Response): Promise<BrowserPage> {
  const html = latin1Text(new Uint8Array(await response.arrayBuffer()));
  return { status: response.status, html, form: formOf(html) };
}

/** Posts a form to RemoteMPI. A value `undefined` leaves a variable of {@link MPI_FORM} out. */
export async function postToMpi(
  simulator: Pick<Simulator, 'fetch'>,
  variables: Readonly<Record<string, string | undefined>> = {},
  { path = '/cgi/RemoteMPI.cgi', headers = {} }: { readonly path?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<BrowserPage> {
  const fields = Object.entries({ ...MPI_FORM, ...variables }).filter((field): field is [string, string] => field[1] !== undefined);
  return pageOf(
    await simulator.fetch(new Request(`http://localhost${path}`, { method: 'POST', body: new URLSearchParams(fields), headers })),
  );
}

/** Opens the page of the bank. */
export async function openBank(simulator: Pick<Simulator, 'fetch'>, id3d: string): Promise<BrowserPage> {
  return pageOf(await simulator.fetch(new Request(`http://localhost/cgi/ACS.cgi?ID3D=${id3d}`)));
}

/**
 * Acts on the page of the bank.
 *
 * @param base the path of a session: `/s/one`
 */
export async function actAtBank(
  simulator: Pick<Simulator, 'fetch'>,
  id3d: string,
  action: 'confirm' | 'decline' | 'cancel',
  code = '123456',
  base = '',
): Promise<BrowserPage> {
  const body = new URLSearchParams({ action, code });
  return pageOf(await simulator.fetch(new Request(`http://localhost${base}/cgi/ACS.cgi?ID3D=${id3d}`, { method: 'POST', body })));
}

/** Starts an authentication whose cardholder confirms. Returns the ID3D. */
export async function authenticate(
  simulator: Pick<Simulator, 'fetch'>,
  variables: Readonly<Record<string, string | undefined>> = {},
): Promise<string> {
  const { form } = await postToMpi(simulator, variables);
  const id3d = form?.fields.ID3D ?? '';
  if (form?.method === 'GET') await actAtBank(simulator, id3d, 'confirm');
  return id3d;
}
