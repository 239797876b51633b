// The baseline of the memory store: a minimal Hono app on @hono/node-server that reads the bytes of the body and replies.
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const REPLY = new TextEncoder().encode(
  'NUMTRANS=0000000001&NUMAPPEL=0000000001&NUMQUESTION=0000000001&SITE=1999888&RANG=32&AUTORISATION=XXXXXX&CODEREPONSE=00000&COMMENTAIRE=Demande&REFABONNE=&PORTEUR=',
);

const app = new Hono();
app.post('/PPPS.php', async (c) => {
  await c.req.arrayBuffer();
  return c.body(REPLY, 200, { 'Content-Type': 'text/html;charset=ISO-8859-1' });
});
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, (info: AddressInfo) =>
  process.stdout.write(`${JSON.stringify({ port: info.port })}\n`),
);
