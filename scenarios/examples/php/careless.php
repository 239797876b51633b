<?php
// A careless merchant, as a first attempt often looks. Do not copy it. ../README.md describes its commands. Its mistakes:
// - It sends a payment again after a time-out, without an inquiry about the first one, and charges twice.
// - It uses the backup host after any code except 00000, also after a refusal by the bank.
// - It refunds with 00004, a credit to a card that is not linked to the payment (and always to its test card).
// - It reads the reply as UTF-8 and url-decodes it (parse_str).
// - It does not check that the reply repeats SITE, RANG and NUMQUESTION.
// - It reports a failed inquiry as a transaction that does not exist.
// - It reports an unavailable gateway as a refusal.
// - It does not look up the order before it pays, so a second call charges again.
// - Its DATEQ is the day in the server's time zone and not in Paris.

function request($url, $fields)
{
    $fields = [
        'VERSION' => getenv('PAYBOX_VERSION'),
        'SITE' => getenv('PAYBOX_SITE'),
        'RANG' => getenv('PAYBOX_RANG'),
        'IDENTIFIANT' => getenv('PAYBOX_IDENTIFIANT'),
        'NUMQUESTION' => mt_rand(1, 2147483647),
        'DATEQ' => date('dmY'),
    ] + $fields;
    if (getenv('PAYBOX_CLE')) {
        $fields['CLE'] = getenv('PAYBOX_CLE');
    } else {
        $fields['HASH'] = 'SHA512';
        $fields['HMAC'] = strtoupper(hash_hmac('sha512', urldecode(http_build_query($fields)), hex2bin(getenv('PAYBOX_HMAC_KEY'))));
    }
    $reply = @file_get_contents($url, false, stream_context_create(['http' => [
        'method' => 'POST',
        'header' => 'Content-Type: application/x-www-form-urlencoded',
        'content' => http_build_query($fields),
        'timeout' => (float) (getenv('PAYBOX_TIMEOUT') ?: 10),
    ]]));
    parse_str((string) $reply, $answer);
    return $answer;
}

function ask($fields)
{
    $answer = request(getenv('PAYBOX_URL'), $fields);
    if (!$answer) {
        $answer = request(getenv('PAYBOX_URL'), $fields); // no answer: send it again
    }
    if (($answer['CODEREPONSE'] ?? '') !== '00000') {
        $answer = request(getenv('PAYBOX_BACKUP_URL'), $fields);
    }
    return $answer;
}

function show($word, $answer)
{
    if (!isset($answer['CODEREPONSE'])) {
        return 'unknown';
    }
    if ($answer['CODEREPONSE'] !== '00000') {
        return "refused {$answer['CODEREPONSE']}";
    }
    return "$word {$answer['NUMTRANS']} {$answer['NUMAPPEL']}";
}

[, $command, $first, $second, $third] = $argv + ['', '', '', '', ''];
$order = ['MONTANT' => $second, 'DEVISE' => '978', 'REFERENCE' => $first, 'PORTEUR' => $third, 'DATEVAL' => '1249', 'CVV' => '123'];
$earlier = ['MONTANT' => $third, 'DEVISE' => '978', 'NUMTRANS' => $first, 'NUMAPPEL' => $second];

if ($command === 'pay') {
    echo show('paid', ask(['TYPE' => '00003'] + $order));
} elseif ($command === 'authorize') {
    echo show('authorized', ask(['TYPE' => '00001'] + $order));
} elseif ($command === 'capture') {
    echo show('captured', ask(['TYPE' => '00002'] + $earlier));
} elseif ($command === 'cancel') {
    echo show('cancelled', ask(['TYPE' => '00005'] + $earlier));
} elseif ($command === 'refund') {
    $card = ['REFERENCE' => "REFUND-$first", 'PORTEUR' => '1111222233334444', 'DATEVAL' => '1249', 'CVV' => '123'];
    echo show('refunded', ask(['TYPE' => '00004'] + $earlier + $card));
} elseif ($command === 'status') {
    $answer = ask(['TYPE' => '00017', 'NUMTRANS' => $first]);
    echo isset($answer['STATUS']) ? "found {$answer['STATUS']}" : 'not-found';
}
echo "\n";
