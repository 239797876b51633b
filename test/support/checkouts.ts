import { cardSha1, tenDigits } from '../../contracts/index.js';
import type { Checkout } from '../../simulator/engine/checkout.js';
import { authenticationOf, ended } from './authentications.js';
import { CARD, NOON } from './question.js';

const STARTED = Date.parse(`${NOON}+02:00`);

const DAY = 86_400_000;

/** Returns the n-th number of a gateway. */
export const checkoutIdOf = (n: number): string => tenDigits(1_000_000 + n);

/** Returns a checkout with the n-th number of a gateway. The customer is on the page. */
export function checkoutOf(n: number, changes: Partial<Checkout> = {}): Checkout {
  return {
    id: checkoutIdOf(n),
    account: '1999888/032',
    REFERENCE: `order-${n}`,
    MONTANT: 1000,
    DEVISE: '978',
    addresses: {
      PBX_EFFECTUE: 'https://shop.example/done?été=1',
      PBX_REFUSE: '',
      PBX_ANNULE: 'https://shop.example/cancelled',
      PBX_ATTENTE: '',
      PBX_REPONDRE_A: 'https://shop.example/ipn',
    },
    returnFields: [
      { name: 'Mt', letter: 'M' },
      { name: 'Sign', letter: 'K' },
    ],
    isCallByPost: false,
    language: 'FRA',
    TYPECARTE: '',
    isAuthorizationOnly: false,
    DIFFERE: 0,
    authenticationWish: '',
    REFABONNE: '',
    token: '',
    DATEVAL: '',
    errorCodeTest: '',
    instalments: [],
    startedAt: STARTED,
    expiresAt: STARTED + 900_000,
    state: 'open',
    isPending: false,
    attempts: [],
    registeredToken: '',
    ID3D: '',
    order: 'server-first',
    faults: {},
    ...changes,
  };
}

/** What changes in a checkout when a subscription begins. @param at when the next renewal is due; undefined: never */
export const subscribed = (at: number | undefined = STARTED + 30 * DAY): Partial<Checkout> => ({
  state: 'paid',
  card: { mask: '111122******4444', sha1: cardSha1(CARD.PORTEUR ?? ''), TYPECARTE: 'CB', PAYS: '???' },
  DATEVAL: '1230',
  plan: {
    kind: 'subscription',
    terms: { MONT: 500, NBPAIE: 12, FREQ: 1, QUAND: 28, DELAIS: 0 },
    day: 28,
    due: at === undefined ? [] : [{ at, MONTANT: 500, index: 4 }],
    done: 3,
    endedAt: 0,
    refusedWith: '',
  },
});

/** A checkout with something in every property. */
export const fullCheckout = (n: number): Checkout =>
  checkoutOf(n, {
    ...subscribed(),
    REFERENCE: 'été\n"1"\u0000\\',
    token: 'OldTokenAbc',
    registeredToken: 'NewTokenAbc',
    REFABONNE: 'subscriber',
    errorCodeTest: '00105',
    authenticationWish: '02',
    isCallByPost: true,
    instalments: [{ at: STARTED + DAY, MONTANT: 200, index: 1 }],
    terms: { MONT: 500, NBPAIE: 12, FREQ: 1, QUAND: 28, DELAIS: 0 },
    attempts: [
      { code: '00105', payment: '', at: STARTED + 1, ID3D: '' },
      { code: '00000', payment: '0001000009', at: STARTED + 2, ID3D: '2000001000008' },
    ],
    ID3D: '2000001000008',
    order: 'together',
    faults: { server: { lost: true }, browser: { late: 'PT2M', times: 2, check: 'wrong', amount: 'other' } },
  });

/**
 * Returns a snapshot with three more checkouts: one that the first payment of the gateway paid with an authentication and that has a
 * subscription, one with instalments, and one whose customer is on the page.
 */
// biome-ignore lint/suspicious/noExplicitAny: JSON
export function withCheckouts(snapshot: any): any {
  const { content } = snapshot;
  const { sequence, authentications = [] } = content;
  const index = content.payments.findIndex(({ origin }: { readonly origin: string }) => origin === 'direct');
  const payment = content.payments[index];
  const authentication = authenticationOf(sequence + 2, {
    ...ended(),
    IdSession: 'of-checkout',
    usedBy: [{ payment: payment.id, at: STARTED + 2000 }],
    checkout: checkoutIdOf(sequence + 1),
  });
  const paid: Partial<Checkout> = {
    attempts: [
      { code: '00004', payment: '', at: STARTED + 1, ID3D: '' },
      { code: '00000', payment: payment.id, at: STARTED + 2, ID3D: authentication.ID3D },
    ],
  };
  const instalments = [1, 2, 3].map((n) => ({ at: STARTED + n * DAY, MONTANT: 100 * n, index: n }));
  const checkouts = [
    checkoutOf(sequence + 1, { ...fullCheckout(1), ...paid, id: checkoutIdOf(sequence + 1), ID3D: authentication.ID3D, REFERENCE: 'été' }),
    checkoutOf(sequence + 3, {
      state: 'paid',
      instalments,
      plan: { kind: 'instalments', due: instalments.slice(1), done: 1, endedAt: 0, refusedWith: '00151' },
    }),
    checkoutOf(sequence + 4),
  ];
  const more = {
    sequence: sequence + 4,
    payments: content.payments.with(index, { ...payment, ID3D: authentication.ID3D }),
    authentications: [...authentications, authentication],
    checkouts,
  };
  return { ...snapshot, content: { ...content, ...more } };
}
