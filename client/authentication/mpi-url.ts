import { gatewayHost, REMOTE_MPI_PATH } from '../../contracts/index.js';

/** Every host name of the gateway contains the first word; the host of RemoteMPI has the second in its place. */
const [GATEWAY_WORD, MPI_WORD] = ['ppps', 'tpeweb'] as const;

/**
 * Returns the address of RemoteMPI that belongs to the URL of a gateway: the `tpeweb` host beside a host of the real gateway, else
 * `cgi/RemoteMPI.cgi` in the folder of the URL. See docs/protocol.md#section-7.
 *
 * @example
 * mpiUrlOf('https://ppps1.paybox.com/PPPS.php'); // 'https://tpeweb1.paybox.com/cgi/RemoteMPI.cgi'
 * mpiUrlOf('http://localhost:8888/s/test/PPPS.php'); // 'http://localhost:8888/s/test/cgi/RemoteMPI.cgi'
 */
export function mpiUrlOf(gatewayUrl: string): string {
  const url = new URL(gatewayUrl);
  if (!gatewayHost(url.hostname)) return new URL(REMOTE_MPI_PATH.slice(1), url).href;
  url.hostname = url.hostname.replace(GATEWAY_WORD, MPI_WORD);
  url.pathname = REMOTE_MPI_PATH;
  return url.href;
}
