import { type MockedGateway, paymentState } from 'paybox-direct-simulator/msw';
import { FAULTS } from './faults.js';

function part<E extends Element>(selector: string): E {
  const found = document.querySelector<E>(`#faults ${selector}`);
  if (!found) throw new Error(`The panel has no ${selector}.`);
  return found;
}

function item(text: string): HTMLLIElement {
  const line = document.createElement('li');
  line.textContent = text;
  return line;
}

const inEuros = (cents: number): string => (cents / 100).toFixed(2);

async function linesOf({ payments, clock }: MockedGateway): Promise<string[]> {
  return (await payments()).map((payment) => {
    const { STATUS, captured, refunded } = paymentState(payment, clock.now());
    return `${payment.REFERENCE}: ${STATUS}, captured ${inEuros(captured)}, refunded ${inEuros(refunded)}`;
  });
}

/**
 * Shows the panel where a developer selects what goes wrong next and sees the payments at the gateway.
 *
 * @returns a function that updates the panel
 */
export function showFaultPanel(paybox: MockedGateway): () => Promise<void> {
  const { rules } = paybox.gateway;
  const select = part<HTMLSelectElement>('select');
  const prepare = (): void => {
    rules.clear();
    FAULTS[select.value]?.prepare(paybox);
  };
  const refresh = async (): Promise<void> => {
    if (rules.list().every(({ calls, times }) => calls >= times)) select.value = 'none';
    part('ul').replaceChildren(...(await linesOf(paybox)).map(item));
  };
  select.replaceChildren(...Object.entries(FAULTS).map(([name, { label }]) => new Option(label, name)));
  select.value = new URLSearchParams(location.search).get('fault') ?? 'none';
  select.addEventListener('change', prepare);
  prepare();
  document.getElementById('faults')?.removeAttribute('hidden');
  return refresh;
}
