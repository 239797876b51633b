import { decodeForm, encodeForm, latin1Text, maskCardData, tenDigits } from '../../contracts/index.js';
import { hasIdentifiant } from '../engine/account.js';
import type { Gateway, Received } from '../gateway/gateway.js';
import type { HtmlPage } from '../pages/layout.js';

const HEADERS = { 'Content-Type': 'text/html; charset=ISO-8859-1' };

/** Ends a subscription: `POST /cgi-bin/ResAbon.cgi`. See docs/protocol.md#section-9. */
export async function unsubscribe({ body, isByGet = false }: Received, gateway: Gateway): Promise<HtmlPage> {
  const { fields } = decodeForm(isByGet ? new Uint8Array() : body);
  const sent = new Map(fields.map(({ name, value }) => [name, value]));
  const get = (name: string): string => sent.get(name) ?? '';
  const account = gateway.account(get('SITE'), get('MACH'));
  const known = account && hasIdentifiant(account, get('IDENTIFIANT')) ? account : undefined;
  const name = {
    ABONNEMENT: /^\d+$/.test(get('ABONNEMENT')) ? tenDigits(get('ABONNEMENT')) : '',
    REFERENCE: maskCardData(get('REFERENCE')),
  };
  const hostedPage = await gateway.hostedPage();
  const ended = await hostedPage.unsubscribe(known, name, fields);
  const answer = [
    ...(ended ? [['ACQ', 'OK'] as const] : [['ACQ', 'NO'] as const, ['ERREUR', '9'] as const]),
    ['IDENTIFIANT', get('IDENTIFIANT')] as const,
    ['REFERENCE', ended?.REFERENCE ?? name.REFERENCE] as const,
  ];
  return { body: latin1Text(encodeForm(answer, 'iso-8859-1')), headers: HEADERS };
}
