/** A subscription that PBX_CMD asks for. See docs/protocol.md#section-9. */
export interface SubscriptionTerms {
  /** Amount of a renewal in minor units; 0: that of the first payment. */
  readonly MONT: number;
  /** Number of renewals; 0: without end. */
  readonly NBPAIE: number;
  /** Months between two renewals. */
  readonly FREQ: number;
  /** Day of the month of a renewal; 0: the day of the first payment. */
  readonly QUAND: number;
  /** Days before the subscription begins. */
  readonly DELAIS: number;
}

const TERMS = /^(.*?)PBX_2MONT(\d{1,10})PBX_NBPAIE(\d{2})PBX_FREQ(\d{2})PBX_QUAND(\d{2})(?:PBX_DELAIS(\d{3}))?$/s;

/** Reads PBX_CMD: the reference of the order, and the subscription that follows it, if there is one. */
export function readOrderReference(cmd: string): { readonly reference: string; readonly terms?: SubscriptionTerms } {
  const [matched, reference = '', MONT = '', NBPAIE = '', FREQ = '', QUAND = '', DELAIS = '0'] = TERMS.exec(cmd) ?? [];
  if (matched === undefined || reference === '') return { reference: cmd };
  return {
    reference,
    terms: { MONT: Number(MONT), NBPAIE: Number(NBPAIE), FREQ: Number(FREQ), QUAND: Number(QUAND), DELAIS: Number(DELAIS) },
  };
}

/** Writes a subscription as PBX_CMD carries it after the reference. */
export function subscriptionText({ MONT, NBPAIE, FREQ, QUAND, DELAIS }: SubscriptionTerms): string {
  const digits = (value: number, length: number): string => String(value).padStart(length, '0');
  return `PBX_2MONT${digits(MONT, 10)}PBX_NBPAIE${digits(NBPAIE, 2)}PBX_FREQ${digits(FREQ, 2)}PBX_QUAND${digits(QUAND, 2)}PBX_DELAIS${digits(DELAIS, 3)}`;
}

/** The field that precedes those of PBX_RETOUR in the result of a renewal, and its value. See docs/protocol.md#section-9. */
export const RENEWAL = { name: 'ETAT_PBX', value: 'PBX_RECONDUCTION_ABT' } as const;
