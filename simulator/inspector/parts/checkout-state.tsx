import type { Checkout, CheckoutState } from '../../engine/checkout.js';
import type { PageContext } from '../page-context.js';

/** The style of the badge of each state, and a sign, so that not only the color marks it. */
const LOOKS = {
  open: ['info', '◔'],
  paid: ['good', '✓'],
  pending: ['info', '◔'],
  cancelled: ['plain', '✕'],
  timeout: ['plain', '✕'],
} as const satisfies Record<CheckoutState, readonly [style: string, sign: string]>;

/** The state of a checkout at an instant: the time of an open one may be over. */
export const stateAt = ({ state, expiresAt }: Pick<Checkout, 'state' | 'expiresAt'>, now: number): CheckoutState =>
  state === 'open' && now >= expiresAt ? 'timeout' : state;

/** The state of a checkout as a badge. */
export function CheckoutStateBadge({ context: { t, now }, checkout }: { readonly context: PageContext; readonly checkout: Checkout }) {
  const state = stateAt(checkout, now);
  const [style, sign] = LOOKS[state];
  return (
    <span class="answer">
      <span class={`badge ${style}`}>
        <span aria-hidden="true">{sign}</span> {t.checkout.states[state]}
      </span>
    </span>
  );
}
