import { encodeForm } from '../../contracts/index.js';
import type { Simulator, SimulatorOptions } from '../../simulator/index.js';
import { type Bench, CARD, makeBench, numbersOf, type Variables } from '../support/question.js';

/** A payment of 49.90 EUR on the accepted test card. */
export const ORDER: Variables = { ...CARD, TYPE: '00003', MONTANT: '4990', DEVISE: '978', REFERENCE: 'ORDER-1' };

/** A bench that listens, with its inspector's URL. */
export interface InspectedBench extends Bench {
  readonly url: string;
  /** Sends a body as it is, through the port. */
  post(fields: readonly (readonly [string, string])[]): Promise<void>;
}

/** Listens, for pages to look at. The caller closes it. */
export async function inspected(options: SimulatorOptions = {}): Promise<InspectedBench> {
  const bench = makeBench(options);
  const url = await bench.simulator.listen();
  const post = async (fields: readonly (readonly [string, string])[]): Promise<void> => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    await fetch(`${url}/PPPS.php`, { method: 'POST', body: encodeForm(fields), headers });
  };
  return { ...bench, url, post };
}

/** A gateway where something of everything has happened. */
export async function fill({ ask, simulator }: { readonly ask: Bench['ask']; readonly simulator: Simulator }): Promise<void> {
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

/** Every page there is of a gateway that {@link fill} filled, below `/_sim/`. */
export const EVERY_PAGE = [
  '',
  '?q=nothing-like-this',
  'ui/payments',
  'ui/payments/0001000001',
  'ui/exchanges/1',
  'ui/exchanges/5',
  'ui/exchanges/999',
  'ui/findings',
  'ui/subscribers',
  'ui/clock',
  'ui/rules?type=refund&answer=00105',
  'ui/try',
] as const;
