<?php
// What both shops share: settings, files of orders, signed questions, pages. README.md describes their addresses.
declare(strict_types=1);
ini_set('zend.exception_ignore_args', '1'); // a stack trace must not contain the card
ini_set('display_errors', '0');
umask(0077);

// The public key of the simulator's test key pair. The real gateway has another: set PAYBOX_PUBLIC_KEY.
const TEST_PUBLIC_KEY = '-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCuH7UgPsa2AZ3CU/enDiJ7ig/Y
iMRnZjeMBsJtrK32R4eUywa6wDkSAzmsAYKXEUPQzhxjug1iwozn9hpeHGHShhzG
bblCXNmZ5hNmftw05jYjPuPbITBglDDtJQsWb9/5f4BZqybkGULkBoiMUYhrQUdR
37ZpEk1i2gKIdIuLSwIDAQAB
-----END PUBLIC KEY-----
';

const TEST_ACCOUNT = [
    'PAYBOX_SITE' => '1999888',
    'PAYBOX_RANG' => '32',
    'PAYBOX_IDENTIFIANT' => '107904482',
    'PAYBOX_CLE' => '1999888I',
    'PAYBOX_VERSION' => '00104',
];

/**
 * The settings of this request: the environment, or, when tests run the shop for several gateways at a time (SHOP_PER_REQUEST=1), the header
 * X-Paybox-Environment before it. A shop that customers reach must not take its settings from requests.
 */
function settings(): array
{
    $given = getenv('SHOP_PER_REQUEST') ? json_decode($_SERVER['HTTP_X_PAYBOX_ENVIRONMENT'] ?? '[]', true) : [];
    $settings = array_filter((array) $given, 'is_string') + getenv();
    $url = ($settings['PAYBOX_URL'] ?? '') ?: (($settings['PAYBOX_SIM_URL'] ?? '') ?: 'http://127.0.0.1:8888') . '/PPPS.php';
    $mpi = str_replace(['ppps', '/PPPS.php'], ['tpeweb', '/cgi/RemoteMPI.cgi'], $url);
    // An environment that names an account names all of it: an empty CLE means that the account signs.
    $account = isset($settings['PAYBOX_SITE']) ? array_fill_keys(array_keys(TEST_ACCOUNT), '') : TEST_ACCOUNT;
    $names = ['PAYBOX_BACKUP_URL' => $url, 'PAYBOX_MPI_URL' => $mpi, 'PAYBOX_HMAC_KEY' => '', 'PAYBOX_TIMEOUT' => '10'];
    $names += ['PAYBOX_PUBLIC_KEY' => TEST_PUBLIC_KEY, 'SHOP_URL' => "http://{$_SERVER['HTTP_HOST']}"] + $account;
    $values = ['PAYBOX_URL' => $url];
    foreach ($names as $name => $default) $values[$name] = ($settings[$name] ?? '') === '' ? $default : $settings[$name];
    return $values;
}

/** Hex digits as letters: digits may look like a card number by chance, and are masked then. */
function lettersOf(string $hex): string
{
    return strtr($hex, '0123456789', 'ghijklmnop');
}

/** The file of an order. Each gateway has orders of its own, so tests may use one reference at the same time. */
function orderId(array $settings, string $reference): string
{
    return lettersOf(substr(hash('sha256', "{$settings['PAYBOX_URL']} $reference"), 0, 20));
}

function orderFile(string $id): string
{
    $folder = getenv('SHOP_DATA') ?: sys_get_temp_dir() . '/paybox-php-shop';
    if (!is_dir($folder)) @mkdir($folder, 0700, true);
    return "$folder/" . preg_replace('/\W/', '', $id) . '.json';
}

/** What the customer sees of a state. */
const SHOWN = ['paid' => 'paid', 'refused' => 'refused', 'unknown' => 'unknown'];

function stateOf(array $order): string
{
    return SHOWN[$order['state'] ?? ''] ?? 'waiting';
}

/** The order as JSON, for tests. Without the card. */
function orderJson(?array $order): never
{
    header('Content-Type: application/json');
    if ($order === null) {
        http_response_code(404);
        exit('{"state":"none"}');
    }
    $names = ['reference', 'amount', 'state', 'code', 'numtrans', 'numappel', 'id3d', 'attempts', 'questions', 'results'];
    $shown = array_merge(array_fill_keys($names, null), array_intersect_key($order, array_flip($names)));
    exit(json_encode(['state' => stateOf($order)] + $shown));
}

/** A question for PPPS.php, with the account and its key or signature. */
function signedQuestion(array $settings, string $type, array $fields): array
{
    $question = ['VERSION' => $settings['PAYBOX_VERSION'], 'TYPE' => $type];
    foreach (['SITE', 'RANG', 'IDENTIFIANT'] as $name) {
        if ($settings["PAYBOX_$name"] !== '') $question[$name] = $settings["PAYBOX_$name"];
    }
    // Random, because independent processes must not use the same number on one day.
    $question['NUMQUESTION'] = sprintf('%010d', random_int(1, 2147483647));
    $question['DATEQ'] = (new DateTime('now', new DateTimeZone('Europe/Paris')))->format('dmY');
    $question += $fields;
    if ($settings['PAYBOX_CLE'] !== '') return $question + ['CLE' => $settings['PAYBOX_CLE']];
    $question['HASH'] = 'SHA512';
    // Sign before percent-encoding, with the bytes of the key and not with its hex digits.
    $message = implode('&', array_map(fn ($name, $value) => "$name=$value", array_keys($question), $question));
    return $question + ['HMAC' => strtoupper(hash_hmac('sha512', $message, hex2bin($settings['PAYBOX_HMAC_KEY'])))];
}

function html(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES, 'UTF-8');
}

function euros(int $cents): string
{
    return number_format($cents / 100, 2) . ' €';
}

function hidden(array $fields): string
{
    $inputs = array_map(fn ($name, $value) => '<input type="hidden" name="' . html((string) $name) . '" value="' . html((string) $value) . '">', array_keys($fields), $fields);
    return implode("\n", $inputs);
}

function page(string $title, string $content, string $script = ''): never
{
    $nonce = base64_encode(random_bytes(12));
    header('Content-Type: text/html; charset=utf-8');
    header('Cache-Control: no-store');
    header("Content-Security-Policy: default-src 'none'; style-src 'nonce-$nonce'; script-src 'nonce-$nonce'; img-src data:; base-uri 'none'; frame-ancestors 'none'");
    if ($script !== '') $script = "<script nonce=\"$nonce\">$script</script>";
    exit(<<<HTML
        <!doctype html>
        <html lang="en">
        <head>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>$title</title>
        <link rel="icon" href="data:,">
        <style nonce="$nonce">
        :root { color-scheme: light dark; }
        body { max-width: 26rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
        label, button { display: block; margin: 0.75rem 0; }
        input, select, button { box-sizing: border-box; width: 100%; min-height: 2.75rem; padding: 0.25rem 0.5rem; font: inherit; }
        </style>
        </head>
        <body>
        <main>
        <h1>$title</h1>
        $content
        </main>
        $script
        </body>
        </html>

        HTML);
}

function redirect(string $to): never
{
    header('Cache-Control: no-store');
    header("Location: $to", true, 303);
    exit;
}

/** The page where people begin. */
function cardPage(array $given): never
{
    $cards = [
        '4000000000001091' => 'your bank asks you',
        '4000000000001000' => 'your bank does not ask you',
        '1111223200000000' => 'not authenticated',
        '4012001038443335' => 'not enrolled',
        '1111223900000003' => 'refused until your bank has asked you (001A1)',
    ];
    $value = fn (string $name, string $default) => html((string) ($given[$name] ?? $default));
    $list = '';
    foreach ($cards as $number => $meaning) $list .= "<li><code>$number</code> $meaning</li>\n";
    $reference = $value('reference', 'ORDER-' . bin2hex(random_bytes(3)));
    page('Pay your order', <<<HTML
        <form method="post" action="/checkout">
        <label>Order <input name="reference" required value="$reference"></label>
        <label>Amount in cents <input name="amount" inputmode="numeric" required pattern="[0-9]{1,9}" value="{$value('amount', '4990')}"></label>
        <label>Card number <input name="card" inputmode="numeric" autocomplete="cc-number" required value="{$value('card', '4000000000001091')}"></label>
        <label>Expiry, MMYY <input name="expiry" autocomplete="cc-exp" required pattern="[0-9]{4}" value="{$value('expiry', '1249')}"></label>
        <label>CVV <input name="cvv" inputmode="numeric" autocomplete="cc-csc" required pattern="[0-9]{3,4}" value="{$value('cvv', '123')}"></label>
        <label>3-D Secure <select name="authentication">
        <option value="first">before the payment</option>
        <option value="on-demand">if the bank demands it</option>
        </select></label>
        <button>Pay</button>
        </form>
        <h2>Test cards</h2>
        <ul>
        $list</ul>
        HTML);
}

/** The page that leads the browser to RemoteMPI. */
function authenticationPage(string $url, array $fields): never
{
    $action = html($url);
    $inputs = hidden($fields);
    page('Your bank', <<<HTML
        <p>You are taken to your bank.</p>
        <form id="authentication" method="post" action="$action" accept-charset="utf-8" autocomplete="off">
        $inputs
        <button>Continue</button>
        </form>
        HTML, 'document.getElementById("authentication").submit();');
}

/** The page of an order. */
function orderPage(?array $order, string $id): never
{
    if ($order === null) {
        http_response_code(404);
        page('Your order', '<p>There is no such order.</p>');
    }
    $state = stateOf($order);
    if ($state === 'waiting') header('Refresh: 1');
    $code = html((string) ($order['code'] ?? ''));
    $again = html('/?' . http_build_query(['reference' => $order['reference'], 'amount' => $order['amount']]));
    $text = [
        'paid' => 'Thank you!',
        'refused' => "Nothing was taken. $code</p><p><a href=\"$again\">Try again</a>",
        'waiting' => 'The result of your bank is not here yet. This page reloads itself.',
        'unknown' => 'The payment service did not answer. Nothing is sent again.</p><form method="post" action="/check?id=' . html($id) . '"><button>Check again</button></form><p>',
    ][$state];
    page('Your order', "<p><strong data-state=\"$state\">$state: " . euros($order['amount']) . "</strong></p><p>$text</p>");
}
