import type { PaymentState } from '../../engine/payment.js';
import type { PageContext } from '../page-context.js';

/** How each standing is told apart: by a sign as well as by a colour. */
const LOOKS: Record<PaymentState['standing'], readonly [style: string, sign: string]> = {
  authorized: ['info', '◔'],
  expired: ['plain', '◌'],
  captured: ['good', '✓'],
  cancelled: ['plain', '⊘'],
  refunded: ['plain', '↩'],
  credited: ['info', '↪'],
  refused: ['bad', '✕'],
};

/** Where a payment stands: STATUS as an inquiry shows it, and what it means where that is said otherwise. */
export function Standing({ view, state }: { readonly view: PageContext; readonly state: PaymentState }) {
  const [style, sign] = LOOKS[state.standing];
  const said = view.t.standings[state.standing];
  return (
    <span class="answer">
      <span class={`badge ${style}`}>
        <span aria-hidden="true">{sign}</span> <span lang="fr">{state.STATUS}</span>
      </span>
      {said.toLowerCase() !== state.STATUS.toLowerCase() && <span class="meaning"> {said}</span>}
    </span>
  );
}
