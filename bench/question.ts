import { encodeForm } from '../contracts/index.js';
import { questionDay } from '../simulator/engine/calendar.js';

// Of another day it would be remarked on.
const TODAY = questionDay(Date.now());

/** The body of the n-th TYPE 00003: a question number and a reference of its own, a published test card. */
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
