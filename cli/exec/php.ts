import { GATEWAY_HOSTS } from '../../contracts/index.js';
import type { proxyAddress } from '../trust/proxy-address.js';

type ProxyAddress = ReturnType<typeof proxyAddress>;

/** What PHP is told: the authorities it trusts, and what to run first. */
export interface PhpSettings {
  /** File with the authorities. */
  readonly bundle: string;
  /** File with the code of {@link phpPrepend}, where the gateway's hosts are to be led to a proxy. */
  readonly prepend: string | undefined;
}

/** Name of the file with the code of {@link phpPrepend}: by it, one is known not to be the user's. */
export const PREPEND = 'paybox-sim-prepend.php';

// PHP takes slashes on Windows too, and backslashes in its quotes for something else.
const path = (file: string): string => `"${file.replaceAll('\\', '/')}"`;

/** An ini file for PHP's scan directory. */
export function phpIni({ bundle, prepend }: PhpSettings): string {
  const trust = `curl.cainfo=${path(bundle)}\nopenssl.cafile=${path(bundle)}\n`;
  return prepend === undefined ? trust : `${trust}auto_prepend_file=${path(prepend)}\n`;
}

/**
 * Code that leads the https:// streams of PHP, which know no proxy variable, to a proxy: the gateway's hosts, and those that are not
 * excepted, which it refuses. A context that names a proxy keeps it. What the user has as auto_prepend_file runs after it.
 *
 * What PHP itself would put into a function's `$http_response_header` cannot be put there from here: it is a global variable then,
 * and in `stream_get_meta_data()['wrapper_data']`.
 */
export function phpPrepend(proxy: ProxyAddress): string {
  const hosts = GATEWAY_HOSTS.map(({ host }) => `'${host}'`).join(', ');
  const address = `${proxy.host.includes(':') ? `[${proxy.host}]` : proxy.host}:${proxy.port}`;
  return `<?php
// Made by paybox-sim.
final class PayboxSimStream implements ArrayAccess, IteratorAggregate, Countable
{
    public $context;
    private $stream;
    private $headers = [];

    public static function register(): void
    {
        stream_wrapper_unregister('https');
        stream_wrapper_register('https', self::class, STREAM_IS_URL);
    }

    private static function bypassesProxy(string $host): bool
    {
        if (in_array($host, [${hosts}], true)) {
            return false;
        }
        if (preg_match('/^(?:(?:.+\\.)?localhost|127\\.\\d+\\.\\d+\\.\\d+|::1|0\\.0\\.0\\.0)$/', $host)) {
            return true;
        }
        $entries = preg_split('/[\\s,]+/', strtolower(getenv('no_proxy') ?: getenv('NO_PROXY') ?: ''), -1, PREG_SPLIT_NO_EMPTY);
        foreach ($entries as $entry) {
            $name = preg_replace(['/^(\\[.*\\]|[^:]*):443$/', '/^\\[(.*)\\]$/', '/^\\*?\\./'], ['$1', '$1', ''], $entry);
            $isBelow = $name !== '' && ($host === $name || substr($host, -strlen($name) - 1) === '.' . $name);
            if ($entry === '*' || $isBelow || self::isInNetwork($host, $name)) {
                return true;
            }
        }
        return false;
    }

    private static function isInNetwork(string $host, string $network): bool
    {
        [$base, $bits] = explode('/', $network, 2) + [1 => ''];
        $address = ip2long($host);
        $first = ip2long($base);
        return $address !== false && $first !== false && preg_match('/^\\d\\d?$/', $bits) === 1 && $bits <= 32
            && ($bits == 0 || ($address ^ $first) >> (32 - (int) $bits) === 0);
    }

    public function stream_open($url, $mode, $options, &$opened): bool
    {
        $context = is_resource($this->context) ? $this->context : stream_context_get_default();
        $isLed = in_array(parse_url($url, PHP_URL_PORT), [null, 443], true)
            && !isset(stream_context_get_options($context)['http']['proxy'])
            && !self::bypassesProxy(strtolower(trim((string) parse_url($url, PHP_URL_HOST), '[]')));
        if ($isLed) {
            stream_context_set_option($context, 'http', 'proxy', 'tcp://${address}');
        }
        stream_wrapper_restore('https');
        try {
            $this->stream = fopen($url, $mode, false, $context);
        } finally {
            self::register();
            if ($isLed) {
                stream_context_set_option($context, 'http', 'proxy', null);
            }
        }
        $GLOBALS['http_response_header'] = $this->headers = $http_response_header ?? [];
        return $this->stream !== false;
    }

    public function stream_read($count) { return fread($this->stream, $count); }
    public function stream_write($data) { return fwrite($this->stream, $data); }
    public function stream_eof() { return feof($this->stream); }
    public function stream_stat() { return fstat($this->stream); }
    public function stream_tell() { return ftell($this->stream); }
    public function stream_flush() { return fflush($this->stream); }
    public function stream_cast($as) { return $this->stream; }
    public function stream_close(): void { fclose($this->stream); }

    public function stream_set_option($option, $first, $second): bool
    {
        switch ($option) {
            case STREAM_OPTION_BLOCKING: return stream_set_blocking($this->stream, (bool) $first);
            case STREAM_OPTION_READ_TIMEOUT: return stream_set_timeout($this->stream, $first, $second);
            default: return false;
        }
    }

    public function offsetExists($at): bool { return isset($this->headers[$at]); }
    #[\\ReturnTypeWillChange]
    public function offsetGet($at) { return $this->headers[$at]; }
    public function offsetSet($at, $value): void {}
    public function offsetUnset($at): void {}
    public function getIterator(): Traversable { return new ArrayIterator($this->headers); }
    public function count(): int { return count($this->headers); }
}

if (in_array('https', stream_get_wrappers(), true)) {
    PayboxSimStream::register();
}

// The user's own file gave way to this one.
(static function (): void {
    $before = null;
    foreach (array_filter(array_map('trim', [(string) php_ini_loaded_file(), ...explode(',', (string) php_ini_scanned_files())])) as $ini) {
        $file = parse_ini_file($ini, false, INI_SCANNER_NORMAL)['auto_prepend_file'] ?? null;
        $before = in_array($file, [null, ''], true) || basename($file) === '${PREPEND}' ? $before : $file;
    }
    $GLOBALS['payboxSimBefore'] = $before;
})();
if ($payboxSimBefore !== null) {
    require $payboxSimBefore;
}
unset($payboxSimBefore);
`;
}
