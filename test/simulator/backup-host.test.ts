import { expect, test } from 'vitest';
import { decodeReply, GATEWAY_HOSTS } from '../../contracts/index.js';
import { CARD, HEAD } from '../support/question.js';
import { openTestSimulator } from '../support/test-simulator.js';

const asked = GATEWAY_HOSTS.map(
  ({ host, role }) => [`https://${host}/PPPS.php`, role === 'backup' ? '00003' : '00000'] satisfies [string, string],
);

test.each<[url: string, code: string]>([
  ...asked,
  ['https://PPPS1.Paybox.com/PPPS.php', '00003'],
  ['http://127.0.0.1:8888/backup/PPPS.php', '00003'],
  ['http://127.0.0.1:8888/PPPS.php', '00000'],
])('a rule for the backup host answers %s with %s', async (url, code) => {
  const { simulator } = openTestSimulator({ rules: [{ host: 'backup', answer: '00003' }] });
  const body = new URLSearchParams({ ...HEAD, ...CARD, NUMQUESTION: '1', TYPE: '00003', MONTANT: '1000', DEVISE: '978', REFERENCE: 'R' });
  const reply = await simulator.fetch(new Request(url, { method: 'POST', body }));
  expect(decodeReply(new Uint8Array(await reply.arrayBuffer())).get('CODEREPONSE')).toBe(code);
});
