<?php
// A safe merchant in PHP with default extensions only. ../README.md describes its commands.
declare(strict_types=1);
ini_set('zend.exception_ignore_args', '1'); // a stack trace must not contain the card

// After these codes nothing was processed, so the backup host may be used. After 00099 the question may have been processed.
const FAILOVER = ['00001', '00003', '00097', '00098'];
const UNAVAILABLE = [...FAILOVER, '00099'];
const SUCCESS = '00000';
const NOT_FOUND = '00018';
const EXISTS = '00016';
// STATUS of payments that took no money. Such an order may be paid again.
const NOTHING_TAKEN = ['Refusé', 'Annulé'];
// Seconds to wait before each inquiry about a question without a reply.
const ASK_AFTER = [0, 0.5, 1];

/** The connection was refused, so the question was not sent. */
class NeverOpened extends Exception {}
/** There is no reply, or not a valid one. The question may have been processed. */
class Lost extends Exception {}

function question(string $type, array $fields): array
{
    $question = ['VERSION' => getenv('PAYBOX_VERSION'), 'TYPE' => $type, 'SITE' => getenv('PAYBOX_SITE'), 'RANG' => getenv('PAYBOX_RANG')];
    if ((string) getenv('PAYBOX_IDENTIFIANT') !== '') $question['IDENTIFIANT'] = getenv('PAYBOX_IDENTIFIANT');
    // Random, because independent processes must not use the same number on one day.
    $question['NUMQUESTION'] = sprintf('%010d', random_int(1, 2147483647));
    $question['DATEQ'] = (new DateTime('now', new DateTimeZone('Europe/Paris')))->format('dmY');
    $question += $fields;
    if ((string) getenv('PAYBOX_CLE') !== '') return $question + ['CLE' => getenv('PAYBOX_CLE')];
    $question['HASH'] = 'SHA512';
    // Sign before percent-encoding, with the bytes of the key and not with its hex digits.
    $message = implode('&', array_map(fn ($name, $value) => "$name=$value", array_keys($question), $question));
    return $question + ['HMAC' => strtoupper(hash_hmac('sha512', $message, hex2bin(getenv('PAYBOX_HMAC_KEY'))))];
}

function post(string $url, array $question): string
{
    $timeout = (float) (getenv('PAYBOX_TIMEOUT') ?: 10);
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

/**
 * Whether a reply answers a question. Digits are compared as numbers, because some replies add or remove leading zeros.
 * The refusal of a frame that could not be read has a NUMQUESTION of zeros, and perhaps spaces for SITE and RANG.
 */
function answers(array $question, array $reply): bool
{
    $unreadable = $reply['CODEREPONSE'] === '00014' && preg_match('/^0+$/D', $reply['NUMQUESTION'] ?? '') === 1;
    foreach (['SITE', 'RANG', 'NUMQUESTION'] as $name) {
        $received = $reply[$name] ?? '';
        $same = $received === $question[$name] || (preg_match('/^\d+$/D', $received) === 1 && (int) $received === (int) $question[$name]);
        $blank = $unreadable && ($name === 'NUMQUESTION' || preg_match('/^ +$/D', $received) === 1);
        if (!$same && !$blank) return false;
    }
    return true;
}

function exchange(string $url, array $question): array
{
    $reply = [];
    // The reply is in ISO-8859-1 and not url-encoded: do not use parse_str or urldecode.
    foreach (explode('&', iconv('ISO-8859-1', 'UTF-8', post($url, $question))) as $pair) {
        [$name, $value] = explode('=', $pair, 2) + [1 => ''];
        $reply[$name] = $value;
    }
    if (preg_match('/^[0-9A-Za-z]{5}$/D', $reply['CODEREPONSE'] ?? '') !== 1) throw new Lost('no CODEREPONSE');
    if (!answers($question, $reply)) throw new Lost('a reply to another question');
    return $reply;
}

function ask(string $type, array $fields): array
{
    $refused = null;
    foreach ([getenv('PAYBOX_URL'), getenv('PAYBOX_BACKUP_URL')] as $url) {
        try {
            $reply = exchange($url, question($type, $fields));
        } catch (NeverOpened) {
            continue;
        }
        if (!in_array($reply['CODEREPONSE'], FAILOVER, true)) return $reply;
        $refused = $reply;
    }
    return $refused ?? throw new NeverOpened();
}

/** Looks up a payment by amount and reference. 00011 returns no STATUS, so 00017 follows. */
function find(array $order): array
{
    $named = ask('00011', $order);
    if ($named['CODEREPONSE'] !== SUCCESS) return $named;
    $found = ask('00017', ['NUMTRANS' => $named['NUMTRANS']]);
    return $found['CODEREPONSE'] === NOT_FOUND ? throw new Lost('found, then not found') : $found;
}

function line(string $word, array $reply): string
{
    $code = $reply['CODEREPONSE']; // works for unknown codes too, because there is no table of codes
    if ($code !== SUCCESS) return (in_array($code, UNAVAILABLE, true) ? 'unavailable' : 'refused') . " $code";
    $numbers = ($reply['NUMTRANS'] ?? '') . ' ' . ($reply['NUMAPPEL'] ?? '');
    return preg_match('/^\d{1,10} \d{1,10}$/D', $numbers) === 1 ? "$word $numbers" : 'unknown';
}

/**
 * Sends a question once. If its reply is lost, inquires about it and never sends it again.
 * If the payment had the resulting STATUS ($leaves) before ($was), that STATUS does not prove that the question was processed.
 */
function carryOut(string $type, array $fields, string $word, string $leaves, callable $look, string $was = ''): string
{
    try {
        return line($word, ask($type, $fields));
    } catch (Lost) {
        foreach (ASK_AFTER as $delay) {
            usleep((int) ($delay * 1_000_000));
            try {
                $seen = $look();
            } catch (Lost | NeverOpened) {
                continue;
            }
            $status = $seen['STATUS'] ?? '';
            if ($seen['CODEREPONSE'] === SUCCESS && $status === $leaves && $status !== $was) return line($word, $seen);
        }
        return 'unknown';
    }
}

/** @param array $paying the card, or the subscriber with the token of one */
function take(string $type, string $word, string $leaves, string $reference, string $amount, array $paying): string
{
    $order = ['MONTANT' => $amount, 'DEVISE' => '978', 'REFERENCE' => $reference];
    $before = find($order); // an earlier call may have paid; then this one must not
    $status = $before['STATUS'] ?? '';
    if ($before['CODEREPONSE'] === SUCCESS && !in_array($status, NOTHING_TAKEN, true)) {
        return $status === $leaves ? line($word, $before) : 'unknown';
    }
    if (!in_array($before['CODEREPONSE'], [SUCCESS, NOT_FOUND], true)) return line($word, $before);
    return carryOut($type, $order + $paying, $word, $leaves, fn () => find($order));
}

function card(string $number): array
{
    return ['PORTEUR' => $number, 'DATEVAL' => '1249', 'CVV' => '123'];
}

/** Registers a card. Without a reply nothing shows whether it was registered, so the next call finds the subscriber (00016) and sends the card again. */
function subscribe(string $subscriber, string $number): string
{
    $fields = ['MONTANT' => '0', 'DEVISE' => '978', 'REFABONNE' => $subscriber] + card($number);
    $reply = ask('00056', $fields);
    if ($reply['CODEREPONSE'] === EXISTS) $reply = ask('00057', $fields);
    return $reply['CODEREPONSE'] === SUCCESS ? "subscribed {$reply['PORTEUR']}" : line('', $reply);
}

function renew(string $subscriber, string $token, string $reference, string $amount): string
{
    return take('00053', 'renewed', 'Capturé', $reference, $amount, ['REFABONNE' => $subscriber, 'PORTEUR' => $token, 'DATEVAL' => '1249']);
}

function follow(string $type, string $word, string $leaves, string $numtrans, string $numappel, string $amount): string
{
    $numbers = ['NUMTRANS' => $numtrans, 'NUMAPPEL' => $numappel];
    $look = fn () => ask('00017', $numbers);
    try {
        $was = $look()['STATUS'] ?? $leaves;
    } catch (Lost | NeverOpened) {
        $was = $leaves;
    }
    return carryOut($type, ['MONTANT' => $amount, 'DEVISE' => '978'] + $numbers, $word, $leaves, $look, $was);
}

function status(string $numtrans): string
{
    try {
        $reply = ask('00017', ['NUMTRANS' => $numtrans]);
    } catch (NeverOpened) {
        return 'unknown';
    }
    if ($reply['CODEREPONSE'] === NOT_FOUND) return 'not-found';
    // Any other failure says nothing about the transaction.
    return $reply['CODEREPONSE'] === SUCCESS && ($reply['STATUS'] ?? '') !== '' ? "found {$reply['STATUS']}" : 'unknown';
}

$arguments = array_slice($argv, 2);
try {
    echo match ($argv[1] ?? '') {
        'pay' => take('00003', 'paid', 'Capturé', $arguments[0], $arguments[1], card($arguments[2])),
        'authorize' => take('00001', 'authorized', 'Autorisé', $arguments[0], $arguments[1], card($arguments[2])),
        'subscribe' => subscribe(...$arguments),
        'renew' => renew(...$arguments),
        'capture' => follow('00002', 'captured', 'Capturé', ...$arguments),
        'cancel' => follow('00005', 'cancelled', 'Annulé', ...$arguments),
        'refund' => follow('00014', 'refunded', 'Remboursé', ...$arguments),
        'status' => status(...$arguments),
    }, "\n";
} catch (NeverOpened) {
    echo "unavailable connection\n";
} catch (Lost) {
    echo "unknown\n";
}
