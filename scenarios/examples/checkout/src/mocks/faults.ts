import type { MockedGateway } from 'paybox-direct-simulator/msw';

/** A fault or refusal that can be prepared. */
interface PreparedFault {
  readonly label: string;
  readonly prepare: (paybox: MockedGateway) => void;
}

const nextPayment = { match: { TYPE: 'pay' }, times: 1 };
const nextRefund = { match: { TYPE: 'refund' }, times: 1 };

// The client inquires twice, each time at the main host and then at the backup host.
const inquiries = { match: { TYPE: 'exists' }, times: 4 };

/** What can go wrong next, by the name in `?fault=`. */
export const FAULTS: Readonly<Record<string, PreparedFault>> = {
  none: { label: 'Nothing goes wrong', prepare: () => {} },
  refused: { label: 'The bank refuses the payment', prepare: (paybox) => paybox.answer('00151', nextPayment) },
  slow: { label: 'The payment takes two seconds', prepare: (paybox) => paybox.fault({ delay: 2000 }, nextPayment) },
  'lost-reply': {
    label: 'The payment is made, its reply never arrives',
    prepare: (paybox) => paybox.fault({ reply: 'never' }, nextPayment),
  },
  'lost-question': {
    label: 'The payment never reaches the gateway',
    prepare: (paybox) => paybox.fault({ reply: 'never', processed: 'no' }, nextPayment),
  },
  silence: {
    label: 'The payment is made, then the gateway does not answer for a while',
    prepare: (paybox) => {
      paybox.fault({ reply: 'never' }, nextPayment);
      paybox.fault({ http: 503 }, inquiries);
    },
  },
  'refund-refused': { label: 'The refund is refused', prepare: (paybox) => paybox.answer('00015', nextRefund) },
  'refund-lost': { label: 'The refund is made, its reply is cut', prepare: (paybox) => paybox.fault({ reply: 'drop' }, nextRefund) },
};
