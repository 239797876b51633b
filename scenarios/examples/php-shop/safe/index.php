<?php
// A web shop with 3-D Secure, done right, with default extensions only. ../README.md describes its addresses.
declare(strict_types=1);
require __DIR__ . '/../common.php';

/** StatusPBX when the payment may be sent. */
const MAY_PAY = 'Autorisation à faire';
const SUCCESS = '00000';
const NOT_FOUND = '00018';
// After these codes nothing was processed, so the backup host may be used. After 00099 the question may have been processed.
const FAILOVER = ['00001', '00003', '00097', '00098'];
const PROCESSING_ERROR = '00099';
// The bank, or the account, demands an authentication.
const AUTHENTICATE = ['001A1', '00112'];
// STATUS of payments that took no money. Such an order may be paid again.
const NOTHING_TAKEN = ['Refusé', 'Annulé'];
// Seconds to wait before each inquiry about a question without a reply.
const ASK_AFTER = [0, 0.5, 1];
// Seconds after which an authentication without a result is given up, and after which a payment without a reply is not being processed any more.
const RESULT_LIMIT = 600;
const PAYMENT_LIMIT = 60;

/** The connection was refused, so the question was not sent. */
class NeverOpened extends Exception {}
/** There is no reply, or not a valid one. The question may have been processed. */
class Lost extends Exception {}

// --- Orders: one file each, changed under a lock, because two results arrive at nearly the same time in two processes.

/**
 * Changes an order while no other process reads or changes it. Returns what $change returns.
 *
 * @param callable(?array): mixed $change gets the order by reference, null if it does not exist
 */
function change(string $id, callable $change): mixed
{
    $file = fopen(orderFile($id), 'c+');
    flock($file, LOCK_EX);
    $text = (string) stream_get_contents($file);
    $order = $text === '' ? null : json_decode($text, true);
    $returned = $change($order);
    $changed = $order === null ? '' : json_encode($order);
    if ($changed !== $text) {
        rewind($file);
        ftruncate($file, 0);
        fwrite($file, $changed);
    }
    fclose($file); // ends the lock
    return $returned;
}

/** Reads an order. What was waited for too long is given up. */
function read(string $id): ?array
{
    if (!is_file(orderFile($id))) return null;
    return change($id, function (?array &$order) {
        if ($order === null) return null;
        $age = time() - $order['since'];
        if ($order['state'] === 'authenticating' && $age > RESULT_LIMIT) $order = ['state' => 'refused', 'sessions' => []] + $order;
        // The process that paid ended too early: it may have been processed.
        if ($order['state'] === 'paying' && $age > PAYMENT_LIMIT) $order['state'] = 'unknown';
        return $order;
    });
}

// --- Questions to PPPS.php, as in ../../php/safe.php

function post(array $settings, string $url, array $question): string
{
    $timeout = (float) $settings['PAYBOX_TIMEOUT'];
    $deadline = microtime(true) + $timeout;
    $opened = false;
    $context = stream_context_create(['http' => [
        'method' => 'POST',
        'header' => 'Content-Type: application/x-www-form-urlencoded',
        'content' => http_build_query($question),
        'timeout' => $timeout,
        'follow_location' => 0, // a redirect would send the card to another server
        'ignore_errors' => true,
    ]], ['notification' => function (int $event) use (&$opened) {
        if ($event === STREAM_NOTIFY_CONNECT) $opened = true;
    }]);
    // @ hides the warning, which would show path and line to the customer.
    $stream = @fopen($url, 'r', false, $context);
    if ($stream === false) throw $opened ? new Lost('time-out or cut') : new NeverOpened();
    // A list, or an object where a class replaces PHP's own streams, as under `paybox-sim exec`.
    $headers = implode("\n", [...stream_get_meta_data($stream)['wrapper_data']]);
    $body = '';
    while (!feof($stream)) {
        // The time-out applies to each read, so a slow reply could take much longer in total.
        if (microtime(true) > $deadline || stream_get_meta_data($stream)['timed_out']) throw new Lost('time-out');
        $body .= (string) fread($stream, 4096);
    }
    // PHP reports no error if the connection closes too early; only the length shows it.
    $cut = preg_match('/^Content-Length: *(\d+)/mi', $headers, $length) === 1 && (int) $length[1] !== strlen($body);
    if ($cut || preg_match('~^HTTP/\S+ 200\b~', $headers) !== 1) throw new Lost('broken reply');
    return $body;
}

/** Whether a reply answers a question. Digits are compared as numbers, because some replies add or remove leading zeros. */
function answers(array $question, array $reply): bool
{
    // The refusal of a frame that could not be read has a NUMQUESTION of zeros, and perhaps spaces for SITE and RANG.
    $unreadable = $reply['CODEREPONSE'] === '00014' && preg_match('/^0+$/D', $reply['NUMQUESTION'] ?? '') === 1;
    foreach (['SITE', 'RANG', 'NUMQUESTION'] as $name) {
        $received = $reply[$name] ?? '';
        $same = $received === $question[$name] || (preg_match('/^\d+$/D', $received) === 1 && (int) $received === (int) $question[$name]);
        $blank = $unreadable && ($name === 'NUMQUESTION' || preg_match('/^ +$/D', $received) === 1);
        if (!$same && !$blank) return false;
    }
    return true;
}

function exchange(array $settings, string $url, array $question): array
{
    $reply = [];
    // The reply is in ISO-8859-1 and not url-encoded: do not use parse_str or urldecode.
    foreach (explode('&', iconv('ISO-8859-1', 'UTF-8', post($settings, $url, $question))) as $pair) {
        [$name, $value] = explode('=', $pair, 2) + [1 => ''];
        $reply[$name] = $value;
    }
    // Not only digits: 001A1.
    if (preg_match('/^[0-9A-Za-z]{5}$/D', $reply['CODEREPONSE'] ?? '') !== 1) throw new Lost('no CODEREPONSE');
    if (!answers($question, $reply)) throw new Lost('a reply to another question');
    return $reply;
}

function ask(array $settings, string $type, array $fields): array
{
    $refused = null;
    foreach ([$settings['PAYBOX_URL'], $settings['PAYBOX_BACKUP_URL']] as $url) {
        try {
            $reply = exchange($settings, $url, signedQuestion($settings, $type, $fields));
        } catch (NeverOpened) {
            continue;
        }
        if (!in_array($reply['CODEREPONSE'], FAILOVER, true)) return $reply;
        $refused = $reply;
    }
    return $refused ?? throw new NeverOpened();
}

/** Looks up the payment of an order by amount and reference. 00011 returns no STATUS, so 00017 follows. */
function find(array $settings, array $order): array
{
    $named = ask($settings, '00011', $order);
    if ($named['CODEREPONSE'] !== SUCCESS) return $named;
    $found = ask($settings, '00017', ['NUMTRANS' => $named['NUMTRANS']]);
    return $found['CODEREPONSE'] === NOT_FOUND ? throw new Lost('found, then not found') : $found;
}

/** How an order ends that the gateway knows by a STATUS. Null: the STATUS does not say whether money was taken for it. */
function foundState(array $found): ?array
{
    $status = $found['STATUS'] ?? '';
    $numbers = ['numtrans' => $found['NUMTRANS'] ?? null, 'numappel' => $found['NUMAPPEL'] ?? null];
    if ($found['CODEREPONSE'] !== SUCCESS) return null;
    if ($status === 'Capturé') return ['state' => 'paid', 'code' => SUCCESS] + $numbers;
    return in_array($status, NOTHING_TAKEN, true) ? ['state' => 'refused'] : null;
}

/** Pays once. If the reply is lost, inquires and never sends the payment again. Returns what changes in the order. */
function pay(array $settings, array $amountAndReference, array $card, string $id3d): array
{
    $fields = $amountAndReference + ['PORTEUR' => $card['number'], 'DATEVAL' => $card['expiry'], 'CVV' => $card['cvv'], 'ACTIVITE' => '024'];
    try {
        $reply = ask($settings, '00003', $fields + ($id3d === '' ? [] : ['ID3D' => $id3d]));
        $code = $reply['CODEREPONSE'];
        if ($code === PROCESSING_ERROR) throw new Lost('it may have been processed');
        if ($code !== SUCCESS) return ['state' => 'refused', 'code' => $code];
        return ['state' => 'paid', 'code' => $code, 'numtrans' => $reply['NUMTRANS'] ?? null, 'numappel' => $reply['NUMAPPEL'] ?? null];
    } catch (NeverOpened) {
        return ['state' => 'refused', 'code' => null];
    } catch (Lost) {
        foreach (ASK_AFTER as $delay) {
            usleep((int) ($delay * 1_000_000));
            try {
                $found = foundState(find($settings, $amountAndReference));
            } catch (Lost | NeverOpened) {
                continue;
            }
            if ($found !== null && $found['state'] === 'paid') return $found;
        }
        return ['state' => 'unknown'];
    }
}

// --- The flow

/**
 * Starts an authentication. Its result names only the IdSession, so the session keeps what was authenticated: amount and card.
 * A real shop encrypts the card. It is deleted when the payment is sent, and with the last result.
 */
function newSession(?array &$order, string $id, array $card): string
{
    $session = "$id-" . lettersOf(bin2hex(random_bytes(16))); // never used again, not even for a second attempt
    $order['sessions'][$session] = ['amount' => $order['amount'], 'card' => $card, 'result' => null];
    $order = ['state' => 'authenticating', 'since' => time(), 'newest' => $session, 'attempts' => $order['attempts'] + 1] + $order;
    return $session;
}

/** Leads the browser to RemoteMPI, with every variable of 3-D Secure 2. */
function lead(array $settings, array $order, string $session, array $card): never
{
    authenticationPage($settings['PAYBOX_MPI_URL'], [
        'IdMerchant' => $settings['PAYBOX_IDENTIFIANT'],
        'IdSession' => $session,
        'Amount' => $order['amount'],
        'Currency' => '978',
        'CCNumber' => $card['number'],
        'CCExpDate' => $card['expiry'],
        'CVVCode' => $card['cvv'],
        // Nothing secret in these addresses, and nothing to rely on: their query is not signed.
        'URLHttpDirect' => "{$settings['SHOP_URL']}/direct",
        'URLRetour' => "{$settings['SHOP_URL']}/back",
        // The customer of the order.
        'EmailPorteur' => 'zoe@example.com',
        'FirstName' => 'Zoé',
        'LastName' => 'Martin',
        'Address1' => '1 rue de la Paix',
        'ZipCode' => '75002',
        'City' => 'Paris',
        'CountryCode' => '250', // ISO 3166 numeric
        'TotalQuantity' => '1',
    ]);
}

function gatewayFields(array $order, int $amount): array
{
    return ['MONTANT' => (string) $amount, 'DEVISE' => '978', 'REFERENCE' => $order['reference']];
}

/** The customer pays. An order that is paid, being paid or unknown only shows its state. */
function checkout(array $form): never
{
    $settings = settings();
    $text = fn (string $name, string $default = '') => is_string($form[$name] ?? null) ? $form[$name] : $default;
    $card = ['number' => str_replace(' ', '', $text('card')), 'expiry' => $text('expiry', '1249'), 'cvv' => $text('cvv', '123')];
    $valid = preg_match('/^[\w-]{1,100}$/D', $text('reference')) && preg_match('/^[1-9]\d{0,8}$/D', $text('amount'))
        && preg_match('/^\d{12,19}$/D', $card['number']) && preg_match('/^\d{4}$/D', $card['expiry']) && preg_match('/^\d{3,4}$/D', $card['cvv']);
    if (!$valid) {
        http_response_code(400);
        page('Pay your order', '<p>Check the amount and the card.</p>');
    }
    $id = orderId($settings, $text('reference'));
    $paysFirst = $text('authentication') === 'on-demand';
    $begin = function (?array &$order) use ($settings, $text, $id, $card, $paysFirst) {
        $order ??= ['reference' => $text('reference'), 'state' => 'new', 'attempts' => 0, 'questions' => 0,
            'results' => ['server' => 0, 'browser' => 0, 'rejected' => 0], 'sessions' => [], 'settings' => $settings];
        if (in_array($order['state'], ['paying', 'paid', 'unknown'], true)) return null;
        // A real shop takes the amount from its basket, which may have changed since an earlier attempt.
        $order['amount'] = (int) $text('amount');
        if (!$paysFirst) return [$order, newSession($order, $id, $card)];
        $order = ['state' => 'paying', 'since' => time(), 'questions' => $order['questions'] + 1] + $order;
        return [$order, ''];
    };
    read($id); // an authentication that was waited for too long
    $begun = change($id, $begin);
    if ($begun === null) redirect("/order?id=$id");
    [$order, $session] = $begun;
    if ($session === '') {
        ignore_user_abort(true);
        $end = pay($settings, gatewayFields($order, $order['amount']), $card, '');
        $session = change($id, function (?array &$order) use ($end, $id, $card) {
            $order = $end + $order;
            return $end['state'] === 'refused' && in_array($end['code'], AUTHENTICATE, true) ? newSession($order, $id, $card) : '';
        });
        if ($session === '') redirect("/order?id=$id");
    }
    lead($settings, $order, $session, $card);
}

/**
 * Reads a result and verifies its signature: the raw query of the gateway's call, or the raw body of the browser's POST.
 * $_GET and $_POST are not enough: the signature is over the bytes and their order.
 *
 * @return ?array the variables; null if the result is not one of the gateway's
 */
function authenticResult(string $raw, string $publicKey): ?array
{
    // What comes before IdSession is not signed.
    if (preg_match('/(?:^|&)(IdSession=.*?)&Check=([^&]*)/s', $raw, $parts) !== 1) return null;
    // The browser encodes Check a second time. Base64 has no %, so decoding twice does no harm to the other one. Its + must stay a +.
    $check = base64_decode(rawurldecode(rawurldecode($parts[2])), true);
    $key = str_starts_with($publicKey, '-----') ? $publicKey : (string) file_get_contents($publicKey);
    // Over the decoded bytes, which are ISO-8859-1.
    if ($check === false || openssl_verify(urldecode($parts[1]), $check, $key, OPENSSL_ALGO_SHA1) !== 1) return null;
    $result = [];
    foreach (explode('&', $parts[1]) as $pair) {
        [$name, $value] = explode('=', $pair, 2) + [1 => ''];
        $value = urldecode($value);
        // Ambiguous: a repeated variable, and an encoded &, which is signed as if it separated two.
        if (isset($result[$name]) || str_contains($value, '&')) return null;
        $result[$name] = preg_match('//u', $value) === 1 ? $value : iconv('ISO-8859-1', 'UTF-8', $value);
    }
    return isset($result['StatusPBX'], $result['ID3D']) ? $result : null;
}

/** Takes a result to its session. Returns the order, its session and ID3D if this result is the one to pay with; null otherwise. */
function claim(?array &$order, array $result, string $way): ?array
{
    // The signature says that the gateway sent it, IdSession for which authentication.
    $session = $order['sessions'][$result['IdSession']] ?? null;
    if ($session === null) return null;
    $order['results'][$way]++;
    // The result comes twice, in either order. The first one counts.
    if ($session['result'] !== null) return null;
    $order['sessions'][$result['IdSession']] = ['result' => $result['StatusPBX'], 'card' => null] + $session;
    if (!in_array($order['state'], ['authenticating', 'refused'], true)) return null;
    // What the customer confirmed must be what is paid.
    $mayPay = $result['StatusPBX'] === MAY_PAY && $session['amount'] === $order['amount'];
    if (!$mayPay && $result['IdSession'] === $order['newest']) $order = ['state' => 'refused', 'code' => null] + $order;
    if (!$mayPay) return null;
    // From here on no other process pays this order.
    $order = ['state' => 'paying', 'since' => time(), 'id3d' => $result['ID3D'], 'questions' => $order['questions'] + 1] + $order;
    return [$order, $session];
}

/** Takes a result that was received on one of two ways, and pays if it is the first. Returns the id of the order, null if there is none. */
function takeResult(string $raw, string $way, callable $received): ?string
{
    // Only the session says which order it is, and so which key is right. Nothing else is taken from it before the signature is verified.
    $id = preg_match('/(?:^|&)IdSession=(\w{20})-/', $raw, $named) === 1 ? $named[1] : '';
    $known = read($id);
    if ($known === null) return null;
    $result = authenticResult($raw, $known['settings']['PAYBOX_PUBLIC_KEY']);
    $claimed = change($id, function (?array &$order) use ($result, $way) {
        if ($result !== null && isset($order['sessions'][$result['IdSession']])) return claim($order, $result, $way);
        $order['results']['rejected']++;
        return null;
    });
    $received($result !== null);
    if ($claimed === null) return $id;
    [$order, $session] = $claimed;
    $end = pay($order['settings'], gatewayFields($order, $session['amount']), $session['card'], $result['ID3D']);
    change($id, function (?array &$order) use ($end) {
        $order = $end + $order;
        if ($end['state'] === 'paid') $order['sessions'] = array_map(fn ($one) => ['card' => null] + $one, $order['sessions']);
    });
    return $id;
}

/** URLHttpDirect. The gateway does not wait for the payment: it gets its answer first. */
function direct(): never
{
    ignore_user_abort(true);
    $answered = false;
    $answer = function (bool $accepted) use (&$answered) {
        $text = $accepted ? 'ok' : 'ignored';
        header('Content-Type: text/plain');
        header('Content-Length: ' . strlen($text));
        echo $text;
        flush();
        $answered = true;
    };
    takeResult($_SERVER['QUERY_STRING'] ?? '', 'server', $answer);
    if (!$answered) $answer(false);
    exit;
}

/** URLRetour. The customer sees the end: this waits for the payment if the other result started it. */
function back(): never
{
    ignore_user_abort(true);
    $id = takeResult((string) file_get_contents('php://input'), 'browser', fn () => null);
    if ($id === null) orderPage(null, '');
    for ($until = microtime(true) + 10; microtime(true) < $until && (read($id)['state'] ?? '') === 'paying';) usleep(50_000);
    redirect("/order?id=$id");
}

/** The customer asks again about a payment without a reply. */
function check(string $id): never
{
    $order = read($id);
    if ($order !== null && $order['state'] === 'unknown') {
        try {
            $seen = find($order['settings'], gatewayFields($order, $order['amount']));
            $found = foundState($seen);
            // It may still be processed: only after a while is what is not found not there.
            if ($seen['CODEREPONSE'] === NOT_FOUND && time() - $order['since'] > PAYMENT_LIMIT) $found = ['state' => 'refused'];
        } catch (Lost | NeverOpened) {
            $found = null;
        }
        change($id, function (?array &$order) use ($found) {
            if ($order['state'] === 'unknown') $order = ($found ?? []) + $order;
        });
    }
    redirect("/order?id=$id");
}

$path = rawurldecode((string) parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
$id = is_string($_GET['id'] ?? null) ? $_GET['id'] : '';
match (true) {
    // A card number has no place in an address: a GET shows the form.
    $path === '/' || $path === '/checkout' => $_SERVER['REQUEST_METHOD'] === 'POST' ? checkout($_POST) : cardPage(array_filter($_GET, 'is_string')),
    $path === '/direct' => direct(),
    $path === '/back' => back(),
    $path === '/order' => orderPage(read($id), $id),
    $path === '/check' && $_SERVER['REQUEST_METHOD'] === 'POST' => check($id),
    str_starts_with($path, '/orders/') => orderJson(read(orderId(settings(), substr($path, 8)))),
    default => orderPage(null, ''),
};
