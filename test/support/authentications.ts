import { cardSha1, tenDigits } from '../../contracts/index.js';
import type { Authentication } from '../../simulator/engine/authentication.js';
import { CARD, NOON } from './question.js';

const STARTED = Date.parse(`${NOON}+02:00`);

/** Returns the ID3D with the n-th number of a gateway. */
export const id3dOf = (n: number): string => `200${tenDigits(1_000_000 + n)}`;

/** Returns an authentication with the n-th number of a gateway. Its cardholder is asked. */
export function authenticationOf(n: number, changes: Partial<Authentication> = {}): Authentication {
  return {
    ID3D: id3dOf(n),
    account: '1999888/032',
    IdSession: `session-${n}`,
    MONTANT: 1000,
    DEVISE: '978',
    card: { mask: '111122******4444', sha1: cardSha1(CARD.PORTEUR ?? ''), TYPECARTE: 'CB', PAYS: '???' },
    version: 2,
    URLHttpDirect: 'https://shop.example/direct?été=1',
    URLRetour: 'https://shop.example/return',
    startedAt: STARTED,
    expiresAt: STARTED + 300_000,
    outcome: '',
    endedAt: 0,
    confirmed: 'authenticated',
    wrongCodes: 0,
    order: 'server-first',
    faults: {},
    usedBy: [],
    ...changes,
  };
}

/** What changes in an authentication when it ends. */
export const ended = (outcome: Authentication['outcome'] = 'authenticated'): Partial<Authentication> => ({
  outcome,
  endedAt: STARTED + 1000,
});

/**
 * Returns a snapshot with three more authentications: one that the first payment of the gateway used, one that went wrong, and one whose
 * cardholder is asked.
 */
// biome-ignore lint/suspicious/noExplicitAny: JSON
export function withAuthentications(snapshot: any): any {
  const { content } = snapshot;
  const { sequence } = content;
  const index = content.payments.findIndex(({ origin }: { readonly origin: string }) => origin === 'direct');
  const payment = content.payments[index];
  const [used, wrong, asked] = [
    authenticationOf(sequence + 1, { ...ended(), usedBy: [{ payment: payment.id, at: STARTED + 2000 }] }),
    authenticationOf(sequence + 2, {
      ...{ ...ended('declined'), version: 1, wrongCodes: 3, order: 'together', confirmed: 'attempted' },
      faults: { server: { lost: true }, browser: { late: 'PT2M', times: 2, check: 'wrong', session: 'other', charset: 'utf-8' } },
    }),
    authenticationOf(sequence + 3),
  ];
  const payments = content.payments.with(index, { ...payment, ID3D: used.ID3D });
  return { ...snapshot, content: { ...content, sequence: sequence + 3, payments, authentications: [used, wrong, asked] } };
}
