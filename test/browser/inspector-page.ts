import { AUTHENTICATION_CARDS, encodeForm } from '../../contracts/index.js';
import type { Simulator, SimulatorOptions } from '../../simulator/index.js';
import { authenticate, postToMpi } from '../support/cardholder.js';
import { CARD, numbersOf, type Variables } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';

/** A payment of 49.90 EUR on the accepted test card. */
export const ORDER: Variables = { ...CARD, TYPE: '00003', MONTANT: '4990', DEVISE: '978', REFERENCE: 'ORDER-1' };

/** A test simulator that listens on a port. */
export interface ListeningTestSimulator extends TestSimulator {
  readonly url: string;
  /** Posts a form with exactly these fields to the gateway. */
  post(fields: readonly (readonly [string, string])[]): Promise<void>;
}

/** Creates a test simulator that listens on a port. The caller closes it. */
export async function openListeningTestSimulator(options: SimulatorOptions = {}): Promise<ListeningTestSimulator> {
  const opened = openTestSimulator(options);
  const url = await opened.simulator.listen();
  const post = async (fields: readonly (readonly [string, string])[]): Promise<void> => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    await fetch(`${url}/PPPS.php`, { method: 'POST', body: encodeForm(fields), headers });
  };
  return { ...opened, url, post };
}

/** Sends questions so that every page of the inspector has content. */
export async function fill({ ask, simulator }: { readonly ask: TestSimulator['ask']; readonly simulator: Simulator }): Promise<void> {
  const authorized = await ask({ ...ORDER, TYPE: '00001' });
  const captured = await ask({ TYPE: '00002', MONTANT: '4990', DEVISE: '978', ...numbersOf(authorized) });
  simulator.clock.advance('P1D');
  await ask({ TYPE: '00005', MONTANT: '4990', DEVISE: '978', ...numbersOf(captured) });
  await ask({ TYPE: '00014', MONTANT: '990', DEVISE: '978', ...numbersOf(captured) });
  await ask({ ...ORDER, REFERENCE: 'ORDER-2', PORTEUR: '1111220000001519' });
  await ask({ ...ORDER, REFERENCE: 'ORDER-3', MONTANT: '10.00' });
  await ask({ ...ORDER, REFERENCE: 'ORDER-4', CLE: 'wrong' });
  await ask({ ...CARD, TYPE: '00056', MONTANT: '0', DEVISE: '978', REFABONNE: 'anna' });
  simulator.gateway.rules.add({ id: 'slow', match: { TYPE: 'refund' }, fault: { delay: 10 }, times: 3 });
}

/** After {@link fill}, starts authentications: one that is paid with, one that ends badly and whose result is not delivered, a refused one, and a pending one. */
export async function fillAuthentications({
  ask,
  simulator,
}: {
  readonly ask: TestSimulator['ask'];
  readonly simulator: Simulator;
}): Promise<void> {
  const ID3D = await authenticate(simulator);
  await ask({ ...ORDER, REFERENCE: 'ORDER-5', PORTEUR: '4000000000001091', ID3D });
  const addresses = { URLHttpDirect: 'http://127.0.0.1:1/direct', URLRetour: 'http://127.0.0.1:1/back' };
  await postToMpi(simulator, { ...addresses, IdSession: 'session-2', CCNumber: AUTHENTICATION_CARDS[2]?.PORTEUR });
  await postToMpi(simulator, { IdSession: 'session-3', Amount: '10.00' });
  await postToMpi(simulator, { IdSession: 'session-4', URLRetour: 'http://127.0.0.1:1/back' });
}

/** The paths below `/_sim/` of all pages, for a gateway after {@link fill} and {@link fillAuthentications}. */
export const EVERY_PAGE = [
  '',
  '?q=nothing-like-this',
  'ui/payments',
  'ui/payments/0001000001',
  'ui/payments/0001000006',
  'ui/authentications',
  'ui/authentications/2000001000005',
  'ui/authentications/2000001000007',
  'ui/authentications/2000001000008',
  'ui/exchanges/9',
  'ui/exchanges/10',
  'ui/exchanges/13',
  'ui/exchanges/1',
  'ui/exchanges/5',
  'ui/exchanges/999',
  'ui/findings',
  'ui/subscribers',
  'ui/accounts',
  'ui/clock',
  'ui/rules?type=refund&answer=00105',
  'ui/rules?type=authenticate&outcome=declined&server=late',
  'ui/try',
  '?outcome=error',
  'ui/findings?outcome=warning',
  'ui/sessions',
  'ui/protocol',
] as const;
