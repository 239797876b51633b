import { encodeForm } from '../contracts/index.js';
import { questionDay } from '../simulator/engine/calendar.js';

// The simulator reports a finding for a question with another day.
const TODAY = questionDay(Date.now());

/** Returns the body of the n-th payment (TYPE 00003): its own question number and reference, and a published test card. */
export function paymentBody(n: number): Uint8Array<ArrayBuffer> {
  return encodeForm([
    ['VERSION', '00103'],
    ['TYPE', '00003'],
    ['SITE', '1999888'],
    ['RANG', '32'],
    ['CLE', '1999888I'],
    ['NUMQUESTION', String(n).padStart(10, '0')],
    ['DATEQ', TODAY],
    ['MONTANT', '1000'],
    ['DEVISE', '978'],
    ['REFERENCE', `ORDER-${n}`],
    ['PORTEUR', '1111222233334444'],
    ['DATEVAL', '1249'],
    ['CVV', '123'],
  ]);
}
