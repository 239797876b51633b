import { gatewayHost } from '../contracts/index.js';

/** Every host name of the gateway contains the first word; the host that customers' browsers use has the second in its place. */
const [GATEWAY_WORD, CUSTOMER_WORD] = ['ppps', 'tpeweb'] as const;

/**
 * Returns the address of what the customer's browser opens, on the host that belongs to the URL of a gateway: the `tpeweb` host beside a host
 * of the real gateway, else in the folder of the URL. See docs/protocol.md#section-7.
 *
 * @param path from the root of the host, such as REMOTE_MPI_PATH
 * @example
 * customerUrlOf('https://ppps1.paybox.com/PPPS.php', REMOTE_MPI_PATH); // 'https://tpeweb1.paybox.com/cgi/RemoteMPI.cgi'
 * customerUrlOf('http://localhost:8888/s/test/PPPS.php', REMOTE_MPI_PATH); // 'http://localhost:8888/s/test/cgi/RemoteMPI.cgi'
 */
export function customerUrlOf(gatewayUrl: string, path: string): string {
  const url = new URL(gatewayUrl);
  if (!gatewayHost(url.hostname)) return new URL(path.slice(1), url).href;
  url.hostname = url.hostname.replace(GATEWAY_WORD, CUSTOMER_WORD);
  url.pathname = path;
  return url.href;
}
