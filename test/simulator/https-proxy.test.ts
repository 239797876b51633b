import { Duplex } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { decodeReply, encodeForm, GATEWAY_HOSTS } from '../../contracts/index.js';
import { connectLocalhost, connectTcp, connectTls, openTunnel, startHttpsSimulator, useTemporaryHome } from '../support/https.js';
import { CARD, HEAD } from '../support/question.js';
import { connectRequest, getRequest, postHead, RawConnection, type RawReply, statusOf } from '../support/raw-http.js';
import { QUESTION } from './https-question.js';

useTemporaryHome();

const textOf = ({ body }: RawReply): string => new TextDecoder().decode(body);

describe('a tunnel', () => {
  test.each(GATEWAY_HOSTS.map(({ host }) => host))('to %s leads to the gateway', async (host) => {
    const connection = await openTunnel(await startHttpsSimulator(), host);
    connection.send(...QUESTION);
    expect(decodeReply((await connection.reply()).body).get('NUMQUESTION')).toBe('1');
  });

  test('to a host of the gateway is accepted in upper and lower case', async () => {
    const connection = RawConnection.over(await connectTcp((await startHttpsSimulator()).port));
    connection.send(connectRequest('PreProd-PPPS.Paybox.COM:443'));
    expect((await connection.reply()).status).toBe(200);
  });

  test('accepts a TLS handshake in the same packet as CONNECT', async () => {
    const started = await startHttpsSimulator();
    const socket = await connectTcp(started.port);
    socket.cork();
    socket.write(connectRequest('ppps.paybox.com:443'));
    // Removes the proxy's response to CONNECT, which the TLS client must not receive.
    const tlsStream = new Duplex({ read: () => {}, write: (bytes, _, done) => void socket.write(bytes, done) });
    socket.once('data', (bytes) => {
      const end = bytes.indexOf('\r\n\r\n') + 4;
      if (end < bytes.length) tlsStream.push(bytes.subarray(end));
      socket.on('data', (more) => tlsStream.push(more));
    });
    const connecting = connectTls({ socket: tlsStream, servername: 'ppps.paybox.com', ca: started.ca });
    setImmediate(() => socket.uncork());
    const connection = RawConnection.over(await connecting);
    connection.send(getRequest('/load.html', { Host: 'ppps.paybox.com' }));
    expect((await connection.reply()).status).toBe(200);
  });

  test('can be opened over TLS', async () => {
    const started = await startHttpsSimulator();
    const outside = await connectLocalhost(started);
    outside.send(connectRequest('ppps.paybox.com:443'));
    expect((await outside.reply()).status).toBe(200);
    const inside = RawConnection.over(await connectTls({ socket: outside.release(), servername: 'ppps.paybox.com', ca: started.ca }));
    inside.send(...QUESTION);
    expect(decodeReply((await inside.reply()).body).get('NUMQUESTION')).toBe('1');
  });

  test('behind a question is opened after its reply', async () => {
    const started = await startHttpsSimulator({ rules: [{ fault: { delay: 20 } }] });
    const outside = await RawConnection.open(started.url);
    outside.send(...QUESTION, connectRequest('ppps.paybox.com:443'));
    expect(decodeReply((await outside.reply()).body).get('NUMQUESTION')).toBe('1');
    expect((await outside.reply()).status).toBe(200);
    const inside = RawConnection.over(await connectTls({ socket: outside.release(), servername: 'ppps.paybox.com', ca: started.ca }));
    inside.send(getRequest('/load.html', { Host: 'ppps.paybox.com' }));
    expect((await inside.reply()).status).toBe(200);
  });

  test('to another host behind a question is refused after its reply', async () => {
    const connection = await RawConnection.open((await startHttpsSimulator({ rules: [{ fault: { delay: 20 } }] })).url);
    connection.send(...QUESTION, connectRequest('api.example.com:443'));
    expect(decodeReply((await connection.reply()).body).get('NUMQUESTION')).toBe('1');
    expect((await connection.reply()).status).toBe(403);
  });

  test.each([
    ['api.example.com:443', 'api.example.com:443 was refused'],
    ['www.paybox.com:443', 'www.paybox.com:443 was refused'],
    ['ppps.paybox.com.example.com:443', 'was refused'],
    ['localhost:443', 'localhost:443 was refused'],
    ['ppps.paybox.com:22', 'ppps.paybox.com:22 was refused: the gateway answers on port 443.'],
    ['[::1]:443', '[::1]:443 was refused'],
    ['nothing', 'nothing was refused'],
  ])('to %s is refused with 403 and the reason, which is also reported', async (target, reason) => {
    const started = await startHttpsSimulator();
    const connection = await RawConnection.open(started.url);
    connection.send(connectRequest(target));
    const reply = await connection.reply();
    expect(reply.status).toBe(403);
    expect(textOf(reply)).toContain(reason);
    expect(started.refused).toEqual([textOf(reply).trimEnd()]);
  });

  test('that is refused explains how to bypass the proxy', async () => {
    const connection = await RawConnection.open((await startHttpsSimulator()).url);
    connection.send(connectRequest('api.example.com:443'));
    expect(textOf(await connection.reply())).toContain(
      'To reach api.example.com without it, add it to NO_PROXY: NO_PROXY=localhost,127.0.0.1,::1,api.example.com\n',
    );
  });

  test('is not opened without the option proxy', async () => {
    const started = await startHttpsSimulator({}, { proxy: false });
    const connection = await RawConnection.open(started.url);
    connection.send(connectRequest('preprod-ppps.paybox.com:443'));
    expect(await statusOf(connection)).toBe('closed');
  });
});

describe('a request with an absolute URL', () => {
  test.each(['http', 'https'])('(%s) is answered for hosts of the gateway only', async (scheme) => {
    const started = await startHttpsSimulator();
    const connection = await RawConnection.open(started.url);
    const [head, body] = QUESTION;
    connection.send(head.replace('/PPPS.php', `${scheme}://PREPROD-ppps.paybox.com/PPPS.php`), body);
    expect(decodeReply((await connection.reply()).body).get('NUMQUESTION')).toBe('1');
    connection.send(head.replace('/PPPS.php', `${scheme}://api.example.com/PPPS.php`), body);
    const refused = await connection.reply();
    expect(refused.status).toBe(403);
    expect(textOf(refused)).toContain('api.example.com was refused');
    expect(await started.simulator.journal()).toHaveLength(1);
  });

  test('is answered by the host in the URL, whatever Host says, and a tunnel by its host', async () => {
    const started = await startHttpsSimulator({ rules: [{ host: 'main', answer: '00097' }] });
    let questions = 0;
    const codeOf = async (connection: RawConnection, host: string, target = '/PPPS.php') => {
      const variables = {
        ...HEAD,
        ...CARD,
        TYPE: '00003',
        NUMQUESTION: String(++questions),
        MONTANT: '1000',
        DEVISE: '978',
        REFERENCE: 'a',
      };
      const body = encodeForm(Object.entries(variables));
      connection.send(postHead({ Host: host, 'Content-Length': body.length }, target), body);
      return decodeReply((await connection.reply()).body).get('CODEREPONSE');
    };
    expect(await codeOf(await openTunnel(started, 'ppps.paybox.com'), 'ppps.paybox.com')).toBe('00097');
    expect(await codeOf(await openTunnel(started, 'ppps1.paybox.com'), 'ppps1.paybox.com')).toBe('00000');
    const open = () => RawConnection.open(started.url);
    expect(await codeOf(await open(), 'localhost', 'http://ppps1.paybox.com/PPPS.php')).toBe('00000');
    expect(await codeOf(await open(), 'ppps1.paybox.com', 'http://ppps.paybox.com/PPPS.php')).toBe('00097');
  });
});
