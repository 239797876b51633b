<?php
// A careless merchant: what a first attempt looks like. Do not copy it; ../README.md says the commands. Its mistakes:
// - it sends a payment again after a time-out, without asking what became of the first: charged twice
// - it asks the backup host after any code but 00000, a refusal by the bank too
// - it refunds with 00004, a credit to a card, which is not tied to the payment (and to the card of its tests at that)
// - it reads the reply as UTF-8 and url-decodes it (parse_str)
// - it does not check that SITE, RANG and NUMQUESTION come back
// - it takes an inquiry that fails for a transaction that is not there
// - it calls a gateway that is unavailable a refusal
// - it does not ask before it pays: called again, it charges again
// - its DATEQ is the day of the server's time zone, not of Paris

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
        'timeout' => (float) (getenv('PAYBOX_TIMEOUT') ?: 1),
    ]]));
    parse_str((string) $reply, $answer);
    return $answer;
}

function ask($fields)
{
    $answer = request(getenv('PAYBOX_URL'), $fields);
    if (!$answer) {
        $answer = request(getenv('PAYBOX_URL'), $fields); // no answer: try again
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
