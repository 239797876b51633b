/** The values of `STATUS` in the reply to an inquiry (TYPE 00017). Observed. See docs/protocol.md#section-3. */
export const STATUSES = {
  authorized: 'Autorisé',
  captured: 'Capturé',
  refunded: 'Remboursé',
  cancelled: 'Annulé',
  credited: 'Crédit',
  refused: 'Refusé',
  rejected: 'Rejet support',
  balanceInquiry: 'Demande de solde (Carte cadeaux)',
} as const;

/** A value of `STATUS` on the wire. */
export type Status = (typeof STATUSES)[keyof typeof STATUSES];
