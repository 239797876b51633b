// A careless shop in one file: it sends a payment again when its reply is lost. Commands: pay REFERENCE AMOUNT CARD, and pay-once, which looks
// the order up first.
const [, , command, REFERENCE, MONTANT, PORTEUR] = process.argv;
const { PAYBOX_URL, PAYBOX_SITE, PAYBOX_RANG, PAYBOX_CLE, PAYBOX_TIMEOUT } = process.env;

async function ask(fields) {
  const question = new URLSearchParams({
    ...{ VERSION: '00104', SITE: PAYBOX_SITE, RANG: PAYBOX_RANG, CLE: PAYBOX_CLE, DATEQ: '10062026' },
    ...{ NUMQUESTION: String(1 + Math.floor(Math.random() * 2_000_000_000)), MONTANT, DEVISE: '978', REFERENCE, ...fields },
  });
  const signal = AbortSignal.timeout(Number(PAYBOX_TIMEOUT ?? 10) * 1000);
  const response = await fetch(PAYBOX_URL, { method: 'POST', body: question, signal });
  return new URLSearchParams(await response.text());
}

const pay = () => ask({ TYPE: '00003', PORTEUR, DATEVAL: '1249', CVV: '123' });
const known = command === 'pay-once' ? await ask({ TYPE: '00011' }) : new URLSearchParams();
const reply = known.get('CODEREPONSE') === '00000' ? known : await pay().catch(pay);
const code = reply.get('CODEREPONSE');
console.log(code === '00000' ? `paid ${reply.get('NUMTRANS')} ${reply.get('NUMAPPEL')}` : `refused ${code}`);
