// A careless shop in one file: it sends a payment again when its reply is lost. Commands: pay REFERENCE AMOUNT CARD.
const [, , , REFERENCE, MONTANT, PORTEUR] = process.argv;
const { PAYBOX_URL, PAYBOX_SITE, PAYBOX_RANG, PAYBOX_CLE, PAYBOX_TIMEOUT } = process.env;

async function pay() {
  const question = new URLSearchParams({
    ...{ VERSION: '00104', TYPE: '00003', SITE: PAYBOX_SITE, RANG: PAYBOX_RANG, CLE: PAYBOX_CLE, DATEQ: '10062026' },
    ...{ NUMQUESTION: String(1 + Math.floor(Math.random() * 2_000_000_000)) },
    ...{ MONTANT, DEVISE: '978', REFERENCE, PORTEUR, DATEVAL: '1249', CVV: '123' },
  });
  const signal = AbortSignal.timeout(Number(PAYBOX_TIMEOUT ?? 10) * 1000);
  const response = await fetch(PAYBOX_URL, { method: 'POST', body: question, signal });
  return new URLSearchParams(await response.text());
}

const reply = await pay().catch(pay);
const code = reply.get('CODEREPONSE');
console.log(code === '00000' ? `paid ${reply.get('NUMTRANS')} ${reply.get('NUMAPPEL')}` : `refused ${code}`);
