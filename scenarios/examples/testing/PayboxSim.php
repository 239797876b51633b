<?php
/**
 * A Paybox Direct gateway for each PHPUnit test. PHP 8.1 or newer with default extensions, PHPUnit 9 or newer.
 *
 * Require this file in tests/bootstrap.php, then, in a test case:
 *
 *     use PayboxSim\UsesPaybox;   // and $this->paybox in each test
 *
 * The simulator is the one at PAYBOX_SIM_URL. Without that variable it is started for the tests and stopped after them; that needs
 * Node.js and the npm package paybox-direct-simulator in the project. docs/testing-in-php.md has an example.
 */
declare(strict_types=1);

namespace PayboxSim;

use PHPUnit\Framework\Assert;

/** The simulator cannot be started or reached, or it does not understand what the test asked of it. */
final class PayboxError extends \RuntimeException {}

/** Gives each test of a test case its own gateway, `$this->paybox`. */
trait UsesPaybox
{
    /** The gateway of this test, with its own payments, clock, rules and journal. */
    protected Gateway $paybox;

    /** @before */
    #[\PHPUnit\Framework\Attributes\Before]
    protected function openPaybox(): void
    {
        // PHPUnit 9 has getName() in place of name().
        $this->paybox = Gateway::open(method_exists($this, 'name') ? $this->name() : $this->getName());
    }

    /** @after */
    #[\PHPUnit\Framework\Attributes\After]
    protected function closePaybox(): void
    {
        if (isset($this->paybox)) $this->paybox->close();
    }
}

/** A gateway that the code under test can call, and what a test does with it. */
final class Gateway
{
    /** The gateway's URL, for the configuration of the code under test. */
    public readonly string $url;
    /** The URL of the backup host. */
    public readonly string $backupUrl;
    /** An account that the gateway knows: site, rang, identifiant, cle, hmacKey. It accepts the key (CLE) and HMACs. */
    public readonly object $account;
    /** A card whose payments are accepted: number, expiry (MMYY), cvv. */
    public readonly object $card;
    public readonly Clock $clock;

    private function __construct(private readonly ControlApi $control, private readonly string $name)
    {
        $this->url = "{$control->simulatorUrl}/s/$name/PPPS.php";
        $this->backupUrl = "{$control->simulatorUrl}/s/$name/backup/PPPS.php";
        $this->account = (object) [
            'site' => '1999888',
            'rang' => '32',
            'identifiant' => '107904482',
            'cle' => '1999888I',
            'hmacKey' => str_repeat('0123456789ABCDEF', 8),
        ];
        $this->card = (object) ['number' => '1111222233334444', 'expiry' => '1249', 'cvv' => '123'];
        $this->clock = new Clock(fn (string $method, string $path, ?array $body = null) => $this->control($method, $path, $body));
    }

    /** Returns a new, empty gateway. The inspector shows it under the name of the test. */
    public static function open(string $testName = 'test'): self
    {
        $slug = substr(preg_replace('/[^A-Za-z0-9._-]+/', '-', $testName), 0, 40);
        // Letters only: digits could look like a card number, which no session name has.
        return new self(new ControlApi(Simulator::url()), "$slug-" . strtr(bin2hex(random_bytes(6)), '0123456789', 'ghijklmnop'));
    }

    /** Deletes the gateway with all its data. */
    public function close(): void
    {
        $this->control->request('DELETE', "/_sim/sessions/{$this->name}", missingOk: true);
    }

    /**
     * Answers requests with this code: `$paybox->answer('00105', match: ['TYPE' => 'pay'], times: 1)`.
     *
     * @param mixed ...$condition by name, those of a rule: match, payment, host, from, times, probability, seed. Without any, all
     *                            requests are answered
     */
    public function answer(string $code, mixed ...$condition): array
    {
        return $this->control('POST', '/rules', [...$condition, 'answer' => $code]);
    }

    /**
     * Makes the connection fail: `$paybox->fault(['reply' => 'never'], match: ['TYPE' => 'pay'])`.
     *
     * @param mixed ...$condition as of answer()
     */
    public function fault(array $fault, mixed ...$condition): array
    {
        return $this->control('POST', '/rules', [...$condition, 'fault' => $fault]);
    }

    /**
     * Processes the next matching request and cuts the connection instead of a reply: `$paybox->dropReply(match: ['TYPE' => 'pay'])`.
     *
     * @param mixed ...$condition as of answer()
     */
    public function dropReply(int $times = 1, mixed ...$condition): array
    {
        return $this->fault(['reply' => 'drop'], ...$condition, times: $times);
    }

    /** Returns the exchanges so far, oldest first: arrays with `operation`, `CODEREPONSE`, `request` and `reply` (arrays), `findings`. */
    public function journal(): array
    {
        $entries = $this->all('journal', 'entries', 'seq');
        return array_map(fn (array $entry) => ['request' => array_column($entry['request'], 1, 0)] + $entry, $entries);
    }

    /** Returns the payments so far, oldest first: arrays with `REFERENCE`, `STATUS`, `captured`, `refunded` (minor units), and more. */
    public function payments(): array
    {
        return $this->all('payments', 'payments', 'id');
    }

    /** Passes if exactly one payment with these properties was captured. Amounts are in minor units: 1000 is 10.00 EUR. */
    public function assertChargedOnce(?string $reference = null, ?int $amount = null, ?int $refunded = null): void
    {
        $this->assertCharged(1, $reference, $amount, $refunded);
    }

    /** Passes if no payment (of this reference) was captured. */
    public function assertNotCharged(?string $reference = null): void
    {
        $this->assertCharged(0, $reference);
    }

    /** Passes if exactly this number of payments with these properties was captured. Amounts are in minor units. */
    public function assertCharged(int $times = 1, ?string $reference = null, ?int $amount = null, ?int $refunded = null): void
    {
        $charge = ['times' => $times, 'reference' => $reference, 'amount' => $amount, 'refunded' => $refunded];
        $this->check(['charged' => array_filter($charge, fn ($value) => $value !== null)]);
    }

    /**
     * Passes if exactly these requests were received, in this order.
     *
     * @param array $requests operations, by name or TYPE, or arrays:
     *                        `['send' => 'pay', 'with' => ['MONTANT' => ['pattern' => '1000$']], 'answered' => '00000']`
     */
    public function assertReceived(array $requests): void
    {
        $this->check(['received' => array_values($requests)]);
    }

    /** Passes if no request has a finding of this severity (info, warning, error) or a higher one. */
    public function assertNoFindings(string $atLeast = 'warning'): void
    {
        $this->check(['noFindings' => $atLeast]);
    }

    private function check(array $expected): void
    {
        $result = $this->control('POST', '/check', $expected);
        if (!$result['pass']) Assert::fail($result['message']);
        Assert::assertTrue(true); // counts as an assertion
    }

    private function control(string $method, string $path, ?array $body = null): mixed
    {
        return $this->control->request($method, "/s/{$this->name}/_sim$path", $body);
    }

    private function all(string $route, string $key, string $before): array
    {
        [$found, $query] = [[], ''];
        do {
            $page = $this->control('GET', "/$route?limit=" . ControlApi::PAGE . $query)[$key];
            $found = [...$found, ...$page];
            $query = '&before=' . (end($page)[$before] ?? '');
        } while (count($page) === ControlApi::PAGE);
        return array_reverse($found);
    }
}

/** The clock of a gateway. Times are ISO 8601, in Paris if they have no offset. */
final class Clock
{
    /** @internal */
    public function __construct(private readonly \Closure $control) {}

    /** Returns the time of the gateway. */
    public function now(): string
    {
        return ($this->control)('GET', '/clock')['now'];
    }

    /** Sets the time: `$paybox->clock->set('2026-03-28T23:50')`. A frozen clock stands still until it is set again. */
    public function set(string $time, bool $frozen = false): void
    {
        ($this->control)('PUT', '/clock', ['now' => $time, 'frozen' => $frozen]);
    }

    /** Advances the time by an ISO 8601 duration: `P1D`, `PT90M`. The remittances of the nights in between take place. */
    public function advance(string $duration): void
    {
        ($this->control)('POST', '/clock/advance', ['by' => $duration]);
    }

    /** Advances the time to just after tonight's remittance. */
    public function remit(): void
    {
        ($this->control)('POST', '/clock/remit');
    }
}

/**
 * The control API of a simulator.
 *
 * @internal
 */
final class ControlApi
{
    /** Number of entries that the control API returns at most. */
    public const PAGE = 1000;

    public function __construct(public readonly string $simulatorUrl) {}

    /** Sends a request. Returns the JSON of the response; null if it has none. */
    public function request(string $method, string $path, ?array $body = null, bool $missingOk = false): mixed
    {
        $context = stream_context_create(['http' => [
            'method' => $method,
            'header' => 'Content-Type: application/json',
            'content' => $body === null ? '' : json_encode($body, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE),
            'ignore_errors' => true,
            'timeout' => 30,
        ]]);
        $stream = @fopen($this->simulatorUrl . $path, 'r', false, $context);
        if ($stream === false) {
            $reason = error_get_last()['message'] ?? '';
            throw new PayboxError("No simulator answers at {$this->simulatorUrl} ($reason). Check PAYBOX_SIM_URL, or unset it to start one.");
        }
        $answer = stream_get_contents($stream);
        $status = (int) substr(stream_get_meta_data($stream)['wrapper_data'][0], 9, 3);
        if ($status < 400) return json_decode($answer, true);
        if ($status === 404 && $missingOk) return null;
        throw new PayboxError(self::failureText($answer));
    }

    private static function failureText(string $answer): string
    {
        $failure = json_decode($answer, true);
        if (!isset($failure['error'])) return 'This is not the simulator: ' . substr($answer, 0, 200) . '. Check PAYBOX_SIM_URL.';
        $problems = array_map(fn (array $problem) => "\n  {$problem['where']}: {$problem['what']}", $failure['problems'] ?? []);
        return $failure['error'] . implode('', $problems);
    }
}

/**
 * The simulator of this process: the one at PAYBOX_SIM_URL, or one that is started on the first call and stopped at the end.
 *
 * @internal
 */
final class Simulator
{
    // The simulator exits when its standard input ends, so also when the test runner is killed.
    private const EXIT_WITH_PARENT = "--import=data:text/javascript,process.stdin.resume().on('end',()=>process.exit())";

    private static ?string $url = null;

    /** Returns the simulator's URL. */
    public static function url(): string
    {
        $given = (string) getenv('PAYBOX_SIM_URL');
        return self::$url ??= $given === '' ? self::start() : rtrim($given, '/');
    }

    private static function start(): string
    {
        $command = ['node', self::EXIT_WITH_PARENT, self::findMain(), 'serve', '--port', '0', '--json', '--quiet'];
        $process = @proc_open($command, [['pipe', 'r'], ['pipe', 'w']], $pipes);
        $line = $process === false ? false : fgets($pipes[1]);
        if ($line === false) {
            $isMissing = $process === false || proc_close($process) === 127; // the status of a program that is not found
            throw new PayboxError($isMissing
                ? 'Node.js is not installed. Install it, or set PAYBOX_SIM_URL to the URL of a running simulator.'
                : 'The simulator did not start. Its error is printed above.');
        }
        $parent = getmypid();
        register_shutdown_function(function () use ($process, $pipes, $parent) {
            if (getmypid() !== $parent) return; // a forked process
            fclose($pipes[0]);
            proc_close($process);
        });
        return json_decode($line, true)['url'];
    }

    /** Finds the simulator in the package that has this file, or in the node_modules of the current folder or one above it. */
    private static function findMain(): string
    {
        $packages = [dirname(__DIR__, 3)];
        for ($folder = getcwd(), $child = ''; $folder !== $child; [$child, $folder] = [$folder, dirname($folder)]) {
            $packages[] = "$folder/node_modules/paybox-direct-simulator";
        }
        foreach ($packages as $package) {
            if (is_dir("$package/scenarios/examples/testing") && is_file("$package/dist/cli/main.js")) return "$package/dist/cli/main.js";
        }
        throw new PayboxError('paybox-direct-simulator is not installed: no node_modules in this folder or above has it. '
            . 'Run `npm install --save-dev paybox-direct-simulator`, or set PAYBOX_SIM_URL to the URL of a running simulator.');
    }
}
