import type { PaymentState } from '../../engine/payment.js';
import type { PageContext } from '../page-context.js';

/** The badge of each state. A sign marks the state, not only the color. */
const BADGES: Record<PaymentState['standing'], readonly [style: string, sign: string]> = {
  authorized: ['info', '◔'],
  expired: ['plain', '◌'],
  captured: ['good', '✓'],
  cancelled: ['plain', '⊘'],
  refunded: ['plain', '↩'],
  credited: ['info', '↪'],
  refused: ['bad', '✕'],
};

/** The STATUS that an inquiry would return, with the state of the payment in the language of the page if the two differ. */
export function PaymentStatus({ context, state }: { readonly context: PageContext; readonly state: PaymentState }) {
  const [style, sign] = BADGES[state.standing];
  const name = context.t.standings[state.standing];
  return (
    <span class="answer">
      <span class={`badge ${style}`}>
        <span aria-hidden="true">{sign}</span> <span lang="fr">{state.STATUS}</span>
      </span>
      {name.toLowerCase() !== state.STATUS.toLowerCase() && <span class="meaning"> {name}</span>}
    </span>
  );
}

/** The authorized, captured, refunded and remitted amounts of a payment. */
export function PaymentAmounts({
  context,
  state,
  devise,
}: {
  readonly context: PageContext;
  readonly state: PaymentState;
  readonly devise: string;
}) {
  const { t, formats } = context;
  const amounts = [
    [t.columns.authorized, state.authorized],
    [t.columns.captured, state.captured],
    [t.columns.refunded, state.refunded],
    [t.columns.remitted, state.remitted],
  ] as const;
  return (
    <dl class="sums">
      {amounts.map(([name, minor]) => (
        <div class={minor === 0 ? 'zero' : undefined}>
          <dt>{name}</dt>
          <dd>{formats.amount(minor, devise)}</dd>
        </div>
      ))}
    </dl>
  );
}
