import { X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { connect as connectTls, createServer, type PeerCertificate } from 'node:tls';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { GATEWAY_HOSTS } from '../../contracts/index.js';
import { ServerCertificate } from '../../simulator/transport/tls/server-certificate.js';
import { makeAuthority, makeServerCertificate } from '../../simulator/transport/tls/x509.js';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-06-10T10:00:00Z');

afterEach(() => void vi.useRealTimers());

test('a server’s certificate is valid for this machine and every host of the gateway, for ninety days', async () => {
  const authority = await makeAuthority(NOW);
  const certificate = new X509Certificate((await makeServerCertificate(authority, NOW)).certificate);
  const hosts = GATEWAY_HOSTS.map(({ host }) => `DNS:${host}`).join(', ');
  expect(certificate.subjectAltName).toBe(`DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, ${hosts}`);
  expect(Date.parse(certificate.validFrom)).toBe(NOW - DAY);
  expect(Date.parse(certificate.validTo)).toBe(NOW + 90 * DAY);
  expect(certificate.ca).toBe(false);
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(certificate.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
  expect(certificate.checkIssued(new X509Certificate(authority.certificate))).toBe(true);
});

test('a server’s certificate does not expire after its authority', async () => {
  const authority = await makeAuthority(NOW);
  const { validTo } = new X509Certificate(authority.certificate);
  const late = Date.parse(validTo) - 40 * DAY;
  expect(new X509Certificate((await makeServerCertificate(authority, late)).certificate).validTo).toBe(validTo);
});

describe('a server', () => {
  /** Returns the certificate that a new connection receives. */
  async function receivedCertificate(certificate: ServerCertificate): Promise<PeerCertificate> {
    const server = createServer({ SNICallback: (_, done) => done(null, certificate.context) });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return new Promise((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      const socket = connectTls({ port, servername: 'localhost', rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate());
        socket.destroy();
      });
      socket.once('error', reject);
    });
  }

  test('uses a new certificate from thirty days before the previous one expires', async () => {
    let now = NOW;
    const certificate = await ServerCertificate.open(await makeAuthority(NOW), () => now);
    onTestFinished(() => certificate.close());
    const first = await receivedCertificate(certificate);

    now = NOW + 60 * DAY - 1;
    await certificate.renewIfDue();
    expect(await receivedCertificate(certificate)).toEqual(first);

    now = NOW + 60 * DAY;
    await certificate.renewIfDue();
    const second = await receivedCertificate(certificate);
    expect(second.serialNumber).not.toBe(first.serialNumber);
    expect(Date.parse(second.valid_to)).toBe(now + 90 * DAY);

    now += 60 * DAY - 1;
    await certificate.renewIfDue();
    expect(await receivedCertificate(certificate)).toEqual(second);
  });

  test('checks every hour whether to renew its certificate, until it is closed', async () => {
    const authority = await makeAuthority(NOW);
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    let now = NOW;
    const certificate = await ServerCertificate.open(authority, () => now);
    const first = certificate.context;
    vi.advanceTimersByTime(HOUR);
    expect(certificate.context).toBe(first);

    now = NOW + 70 * DAY;
    vi.advanceTimersByTime(HOUR);
    await vi.waitFor(() => expect(certificate.context).not.toBe(first), { timeout: 30_000 });
    expect(vi.getTimerCount()).toBe(1);
    certificate.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
