// The baseline of the SQLite store: node:http and better-sqlite3 only, one indexed SELECT and two INSERTs in a transaction per request.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Database from 'better-sqlite3';

const database = new Database(process.argv[2] ?? ':memory:');
database.pragma('journal_mode = WAL');
database.pragma('synchronous = NORMAL');
database.exec(
  'CREATE TABLE payments (id INTEGER PRIMARY KEY, reference TEXT); CREATE INDEX by_reference ON payments (reference); CREATE TABLE journal (id INTEGER PRIMARY KEY, body TEXT)',
);
const select = database.prepare('SELECT id FROM payments WHERE reference = ?');
const insertPayment = database.prepare('INSERT INTO payments (reference) VALUES (?)');
const insertJournal = database.prepare('INSERT INTO journal (body) VALUES (?)');
const pay = database.transaction((reference: string, body: string) => {
  select.get(reference);
  insertPayment.run(reference);
  insertJournal.run(body);
});

const REPLY = Buffer.from(
  'NUMTRANS=0000000001&NUMAPPEL=0000000001&NUMQUESTION=0000000001&SITE=1999888&RANG=32&AUTORISATION=XXXXXX&CODEREPONSE=00000&COMMENTAIRE=Demande&REFABONNE=&PORTEUR=',
);

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString('latin1');
    pay(/REFERENCE=([^&]*)/.exec(body)?.[1] ?? '', body);
    response.writeHead(200, { 'Content-Type': 'text/html;charset=ISO-8859-1', 'Content-Length': REPLY.length });
    response.end(REPLY);
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`));
