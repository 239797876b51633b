<?php
// A careful merchant: PHP, no extension beside the usual ones. The commands are those of ../README.md.
declare(strict_types=1);
ini_set('zend.exception_ignore_args', '1'); // or a stack trace would show the card

// After these codes nothing was processed: the backup host may be asked. 00099 asks to try later, on the same host.
const FAILOVER = ['00001', '00003', '00097', '00098'];
const UNAVAILABLE = [...FAILOVER, '00099'];
const SUCCESS = '00000';
const NOT_FOUND = '00018';
// What took no money: an order that shows it may be paid again.
const NOTHING_TAKEN = ['Refusé', 'Annulé'];
// Seconds to wait before each time the gateway is asked what became of a lost question.
const ASK_AFTER = [0, 0.5, 1];

/** The connection was refused: the question was not sent. */
class NeverOpened extends Exception {}
/** No reply, or none to be trusted: the question may have been processed. */
class Lost extends Exception {}

function question(string $type, array $fields): array
{
    $question = ['VERSION' => getenv('PAYBOX_VERSION'), 'TYPE' => $type, 'SITE' => getenv('PAYBOX_SITE'), 'RANG' => getenv('PAYBOX_RANG')];
    if ((string) getenv('PAYBOX_IDENTIFIANT') !== '') $question['IDENTIFIANT'] = getenv('PAYBOX_IDENTIFIANT');
    // Random: processes that know nothing of each other must not use a number twice on one day.
    $question['NUMQUESTION'] = sprintf('%010d', random_int(1, 2147483647));
    $question['DATEQ'] = (new DateTime('now', new DateTimeZone('Europe/Paris')))->format('dmY');
    $question += $fields;
    if ((string) getenv('PAYBOX_CLE') !== '') return $question + ['CLE' => getenv('PAYBOX_CLE')];
    $question['HASH'] = 'SHA512';
    // Signed before percent-encoding, with the key's bytes and not its hex digits.
    $message = implode('&', array_map(fn ($name, $value) => "$name=$value", array_keys($question), $question));
    return $question + ['HMAC' => strtoupper(hash_hmac('sha512', $message, hex2bin(getenv('PAYBOX_HMAC_KEY'))))];
}

function post(string $url, array $question): string
{
    $timeout = (float) (getenv('PAYBOX_TIMEOUT') ?: 1);
    $deadline = microtime(true) + $timeout;
    $opened = false;
    $context = stream_context_create(['http' => [
        'method' => 'POST',
        'header' => 'Content-Type: application/x-www-form-urlencoded',
        'content' => http_build_query($question),
        'timeout' => $timeout,
        'follow_location' => 0, // a redirect would send the card to whomever it names
        'ignore_errors' => true,
    ]], ['notification' => function (int $event) use (&$opened) {
        if ($event === STREAM_NOTIFY_CONNECT) $opened = true;
    }]);
    // The warning would show the path and the line to the customer.
    $stream = @fopen($url, 'r', false, $context);
    if ($stream === false) throw $opened ? new Lost('time-out or cut') : new NeverOpened();
    $headers = implode("\n", stream_get_meta_data($stream)['wrapper_data']);
    $body = '';
    while (!feof($stream)) {
        // The time-out is for each read: a reply that trickles in would take as long as it likes.
        if (microtime(true) > $deadline || stream_get_meta_data($stream)['timed_out']) throw new Lost('time-out');
        $body .= (string) fread($stream, 4096);
    }
    // A reply that is cut in the middle is no error to PHP: only its length tells.
    $cut = preg_match('/^Content-Length: *(\d+)/mi', $headers, $length) === 1 && (int) $length[1] !== strlen($body);
    if ($cut || preg_match('~^HTTP/\S+ 200\b~', $headers) !== 1) throw new Lost('broken reply');
    return $body;
}

function exchange(string $url, array $question): array
{
    $reply = [];
    // ISO-8859-1, and the values are not url-encoded: no parse_str, no urldecode.
    foreach (explode('&', iconv('ISO-8859-1', 'UTF-8', post($url, $question))) as $pair) {
        [$name, $value] = explode('=', $pair, 2) + [1 => ''];
        $reply[$name] = $value;
    }
    if (preg_match('/^\d{5}$/D', $reply['CODEREPONSE'] ?? '') !== 1) throw new Lost('no CODEREPONSE');
    foreach (['SITE', 'RANG', 'NUMQUESTION'] as $name) {
        if (($reply[$name] ?? null) !== $question[$name]) throw new Lost('a reply to another question');
    }
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

/** What the gateway has for an amount and a reference. That it exists does not say what it is: 00017 does. */
function find(array $order): array
{
    $named = ask('00011', $order);
    if ($named['CODEREPONSE'] !== SUCCESS) return $named;
    $found = ask('00017', ['NUMTRANS' => $named['NUMTRANS']]);
    return $found['CODEREPONSE'] === NOT_FOUND ? throw new Lost('found, then not found') : $found;
}

function line(string $word, array $reply): string
{
    $code = $reply['CODEREPONSE']; // known or not: no table of codes to fall out of
    if ($code !== SUCCESS) return (in_array($code, UNAVAILABLE, true) ? 'unavailable' : 'refused') . " $code";
    $numbers = ($reply['NUMTRANS'] ?? '') . ' ' . ($reply['NUMAPPEL'] ?? '');
    return preg_match('/^\d{1,10} \d{1,10}$/D', $numbers) === 1 ? "$word $numbers" : 'unknown';
}

/**
 * Sends a question once. Where its reply is lost, asks what became of it, and never sends it again.
 * A payment that already was what the question leaves it as tells nothing of the question.
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

function take(string $type, string $word, string $leaves, string $reference, string $amount, string $card): string
{
    $order = ['MONTANT' => $amount, 'DEVISE' => '978', 'REFERENCE' => $reference];
    $before = find($order); // an earlier call may have paid: then this one does not
    $status = $before['STATUS'] ?? '';
    if ($before['CODEREPONSE'] === SUCCESS && !in_array($status, NOTHING_TAKEN, true)) {
        return $status === $leaves ? line($word, $before) : 'unknown';
    }
    if (!in_array($before['CODEREPONSE'], [SUCCESS, NOT_FOUND], true)) return line($word, $before);
    return carryOut($type, $order + ['PORTEUR' => $card, 'DATEVAL' => '1249', 'CVV' => '123'], $word, $leaves, fn () => find($order));
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
    // Any other failure says nothing of the transaction.
    return $reply['CODEREPONSE'] === SUCCESS && ($reply['STATUS'] ?? '') !== '' ? "found {$reply['STATUS']}" : 'unknown';
}

$arguments = array_slice($argv, 2);
try {
    echo match ($argv[1] ?? '') {
        'pay' => take('00003', 'paid', 'Capturé', ...$arguments),
        'authorize' => take('00001', 'authorized', 'Autorisé', ...$arguments),
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
