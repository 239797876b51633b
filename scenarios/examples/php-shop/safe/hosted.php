<?php
// Payments on the page of the gateway (Paybox System), and what follows by Direct: capture, refund. index.php has the rest of the shop.
declare(strict_types=1);

/** What the gateway sends back, by its letters. The signature is last: it covers what is before it. */
const RETURNED = 'amount:M;reference:R;call:T;transaction:S;authorization:A;subscription:B;token:U;code:E;sign:K';
const CANCELLED = '00001';
const PENDING = '99999';
/** Of the page: the order was paid before, by a visit of which no result came. */
const ALREADY_PAID = '00015';
/** Of Direct: the state of the payment does not allow the operation. */
const NOT_POSSIBLE = '00015';
/** What precedes the result of a renewal. */
const RENEWAL = 'ETAT_PBX=PBX_RECONDUCTION_ABT';
/** States of orders that the gateway holds or took money for. Nothing that comes later undoes them. */
const HAS_MONEY = ['paid', 'authorized', 'refunded', 'paying', 'unknown'];

/** Numbers come back without leading zeros. Direct has ten digits. */
function padded(string $number): string
{
    return str_pad($number, 10, '0', STR_PAD_LEFT);
}

/** The file of what the shop knows of a customer: the token of a card. */
function customerId(array $settings, string $name): string
{
    return orderId($settings, "customer $name");
}

/** The customer pays on the page of the gateway. An order that is paid only shows its state. */
function hosted(array $form): never
{
    $settings = settings();
    $text = fn (string $name, string $default = '') => is_string($form[$name] ?? null) ? $form[$name] : $default;
    $amount = (int) $text('amount');
    if (!preg_match('/^[\w-]{1,100}$/D', $text('reference')) || $amount < 100 || $amount > 999_999_999) {
        http_response_code(400);
        page('Pay your order', '<p>Check the amount.</p>');
    }
    $id = orderId($settings, $text('reference'));
    $order = change($id, function (?array &$order) use ($settings, $text, $amount) {
        $order ??= ['reference' => $text('reference'), 'state' => 'new', 'attempts' => 0, 'questions' => 0, 'deliveries' => 0, 'captured' => 0, 'refunded' => 0,
            'results' => ['server' => 0, 'browser' => 0, 'rejected' => 0], 'later' => ['paid' => 0, 'refused' => 0], 'numbers' => [], 'settings' => $settings];
        if (in_array($order['state'], [...HAS_MONEY, 'pending'], true)) return null;
        $payments = max(1, min(4, (int) $text('instalments', '1')));
        $later = intdiv($amount, $payments);
        $isSubscription = $text('subscription') === 'monthly';
        $order = ['amount' => $amount, 'first' => $amount - ($payments - 1) * $later, 'instalments' => array_fill(0, $payments - 1, $later),
            'terms' => $isSubscription ? sprintf('PBX_2MONT%010dPBX_NBPAIE00PBX_FREQ01PBX_QUAND00PBX_DELAIS000', $amount) : '',
            'isLater' => $text('capture') === 'later', 'delay' => (int) $text('delay'), 'customer' => $text('customer'),
            'state' => 'visiting', 'since' => time(), 'code' => null, 'attempts' => $order['attempts'] + 1] + $order;
        return $order;
    });
    if ($order === null) redirect("/order?id=$id");
    paymentPage($settings, hostedFields($settings, $order, $id));
}

/** The variables of the hosted page, without the signature. */
function hostedFields(array $settings, array $order, string $id): array
{
    // Nothing secret in these addresses, and nothing to rely on: `id` only says which file to open.
    $returned = "{$settings['SHOP_URL']}/returned?id=$id";
    $fields = [
        'PBX_SITE' => $settings['PAYBOX_SITE'],
        'PBX_RANG' => $settings['PAYBOX_RANG'],
        'PBX_IDENTIFIANT' => $settings['PAYBOX_IDENTIFIANT'],
        'PBX_TOTAL' => (string) $order['first'], // in cents, at least three digits
        'PBX_DEVISE' => '978',
        'PBX_CMD' => $order['reference'] . $order['terms'],
        // The customer of the order, as 3-D Secure 2 wants it.
        'PBX_PORTEUR' => 'zoe@example.com',
        'PBX_SHOPPINGCART' => '<?xml version="1.0" encoding="utf-8"?><shoppingcart><total><totalQuantity>1</totalQuantity></total></shoppingcart>',
        'PBX_BILLING' => '<?xml version="1.0" encoding="utf-8"?><Billing><Address><FirstName>Zoe</FirstName><LastName>Martin</LastName>'
            . '<Address1>1 rue de la Paix</Address1><ZipCode>75002</ZipCode><City>Paris</City><CountryCode>250</CountryCode></Address></Billing>',
        'PBX_RETOUR' => RETURNED,
        'PBX_EFFECTUE' => $returned,
        'PBX_REFUSE' => $returned,
        'PBX_ANNULE' => $returned,
        'PBX_ATTENTE' => $returned,
        'PBX_REPONDRE_A' => "{$settings['SHOP_URL']}/ipn?id=$id",
    ];
    if ($order['isLater']) $fields['PBX_AUTOSEULE'] = 'O';
    if ($order['delay'] > 0) $fields['PBX_DIFF'] = sprintf('%02d', $order['delay']);
    foreach ($order['instalments'] as $index => $amount) {
        $number = $index + 1;
        $fields += ["PBX_2MONT$number" => (string) $amount, "PBX_DATE$number" => date('d/m/Y', strtotime('+' . 30 * $number . ' days'))];
    }
    if ($order['customer'] === '') return $fields;
    $known = read(customerId($settings, $order['customer']));
    return $fields + ($known === null ? ['PBX_REFABONNE' => $order['customer']] : ['PBX_TOKEN' => $known['token'], 'PBX_DATEVAL' => $known['expiry']]);
}

/** Whether a signature is the gateway's. It is over the bytes as they arrived: $_GET has lost them. */
function isSigned(string $bytes, string $signature, string $publicKey): bool
{
    $key = str_starts_with($publicKey, '-----') ? $publicKey : (string) file_get_contents($publicKey);
    $decoded = base64_decode(rawurldecode($signature), true);
    return $decoded !== false && openssl_verify($bytes, $decoded, $key, OPENSSL_ALGO_SHA1) === 1;
}

/**
 * Reads a result. In the call to the server only the fields of PBX_RETOUR are signed; in the addresses of the browser everything after `?` is.
 *
 * @return ?array the values; null if the gateway did not sign it
 */
function signedResult(string $query, string $way, string $publicKey): ?array
{
    if (preg_match('/^(.*)&sign=([^&]*)$/Ds', $query, $parts) !== 1) return null;
    $at = strpos("&$parts[1]", '&amount=');
    if ($at === false) return null;
    [$own, $fields] = [substr($parts[1], 0, $at), substr($parts[1], $at)];
    $isRenewal = str_ends_with("&$own", '&' . RENEWAL . '&');
    // Nobody says whether the mark of a renewal is signed too. Both are right.
    $signed = $way === 'browser' ? [$parts[1]] : ($isRenewal ? [RENEWAL . "&$fields", $fields] : [$fields]);
    if (array_filter($signed, fn ($bytes) => isSigned($bytes, $parts[2], $publicKey)) === []) return null;
    $result = ['isRenewal' => $isRenewal && $way === 'server'];
    foreach (explode('&', $fields) as $pair) {
        [$name, $value] = explode('=', $pair, 2) + [1 => ''];
        if (isset($result[$name])) return null; // ambiguous
        $result[$name] = urldecode($value);
    }
    return $result + ['reference' => '', 'transaction' => '0', 'call' => '0', 'code' => ''];
}

/** An instalment or a renewal: it belongs to an order that is paid, and changes nothing of it. */
function takeLater(array &$order, array $result): void
{
    if (in_array(padded($result['transaction']), $order['numbers'], true)) return;
    $order['numbers'][] = padded($result['transaction']);
    $order['later'][$result['code'] === SUCCESS ? 'paid' : 'refused']++;
}

/** Keeps the token of the card for the customer. It is of no use without the account. */
function remember(array $order, string $token): void
{
    // token, expiry as YYMM
    if ($order['customer'] === '' || preg_match('/^(\S+) +(\d\d)(\d\d)/', $token, $parts) !== 1) return;
    change(customerId($order['settings'], $order['customer']), function (?array &$customer) use ($parts) {
        $customer = ['state' => 'customer', 'since' => time(), 'token' => $parts[1], 'expiry' => $parts[3] . $parts[2]];
    });
}

/** Takes a result to its order, whichever way it came, in any order, and however often: the order is paid once. */
function takeHosted(array &$order, ?array $result, string $way): void
{
    $amount = $result['amount'] ?? '';
    $isSuccess = ($result['code'] ?? '') === SUCCESS;
    $isLater = $result !== null && ($result['isRenewal'] || ($order['instalments'] !== [] && in_array($order['state'], HAS_MONEY, true)));
    $amounts = $isLater ? [...$order['instalments'], $order['first']] : [$order['first']];
    // The signature says that the gateway sent it. The order says what for, and how much.
    $isMine = $result !== null && in_array($result['reference'], [$order['reference'], $order['reference'] . $order['terms']], true);
    if (!$isMine || ($isSuccess && !in_array((int) $amount, $amounts, true))) {
        $order['results']['rejected']++;
        return;
    }
    $order['results'][$way]++;
    if ($isLater) {
        takeLater($order, $result);
        return;
    }
    // A result of an earlier attempt may come after that of a later one.
    if (in_array($order['state'], HAS_MONEY, true)) return;
    $order = ['code' => $result['code'], 'since' => time()] + $order;
    if (!$isSuccess) {
        // Not a refusal: the order waits until the shop has asked the gateway about it.
        $others = [CANCELLED => 'cancelled', PENDING => 'pending', ALREADY_PAID => 'visiting'];
        $order['state'] = $others[$result['code']] ?? 'refused';
        return;
    }
    $numbers = ['numtrans' => padded($result['transaction']), 'numappel' => padded($result['call'])];
    $order = ['state' => $order['isLater'] ? 'authorized' : 'paid', 'numbers' => [...$order['numbers'], $numbers['numtrans']]] + $numbers + $order;
    if ($order['isLater']) return;
    $order = ['captured' => $order['first'], 'deliveries' => $order['deliveries'] + 1] + $order;
}

/** Takes the query of a request. Returns the id of its order, null if there is none; `$isValid` says whether the gateway signed it. */
function takeQuery(string $id, string $way, bool &$isValid = false): ?string
{
    $known = read($id);
    if ($known === null || !isset($known['deliveries'])) return null;
    $result = signedResult($_SERVER['QUERY_STRING'] ?? '', $way, $known['settings']['PAYBOX_PUBLIC_KEY']);
    $isValid = $result !== null;
    change($id, function (?array &$order) use ($result, $way) {
        takeHosted($order, $result, $way);
    });
    if ($isValid && $result['code'] === SUCCESS) remember($known, $result['token'] ?? '');
    return $id;
}

/** PBX_REPONDRE_A: the call of the gateway. The answer has no body. */
function ipn(string $id): never
{
    ignore_user_abort(true);
    $isValid = false;
    takeQuery($id, 'server', $isValid);
    if (!$isValid) http_response_code(403); // the gateway reports it to the merchant
    exit;
}

/** The browser comes back. What it brings counts only if the gateway signed it, and then not more than the call. */
function returned(string $id): never
{
    takeQuery($id, 'browser') === null ? orderPage(null, '') : redirect("/order?id=$id");
}

/** Begins an operation on an order in one of the states, while no other does. Returns the order and the amount; null: it is not possible. */
function beginOperation(string $id, string $state, callable $limit): ?array
{
    return change($id, function (?array &$order) use ($state, $limit) {
        if ($order === null || $order['state'] !== $state || !isset($order['deliveries'])) return null;
        $amount = is_string($_POST['amount'] ?? null) && $_POST['amount'] !== '' ? (int) $_POST['amount'] : $limit($order);
        if ($amount < 1 || $amount > $limit($order)) return null;
        $order = ['state' => 'paying', 'since' => time()] + $order;
        return [$order, $amount];
    });
}

/** Sends an operation on the payment of an order, once. Returns its reply; null: it may have been processed. */
function operate(array $order, string $type, int $amount): ?array
{
    ignore_user_abort(true);
    $fields = gatewayFields($order, $amount) + ['NUMTRANS' => $order['numtrans'], 'NUMAPPEL' => $order['numappel']];
    try {
        $reply = ask($order['settings'], $type, $fields);
        return $reply['CODEREPONSE'] === PROCESSING_ERROR ? null : $reply;
    } catch (NeverOpened) {
        return ['CODEREPONSE' => ''];
    } catch (Lost) {
        return null;
    }
}

/** STATUS of the payment of an order; empty: the gateway does not say. */
function statusOf(array $order): string
{
    try {
        return ask($order['settings'], '00017', ['NUMTRANS' => $order['numtrans']])['STATUS'] ?? '';
    } catch (Lost | NeverOpened) {
        return '';
    }
}

/** The order ships: takes the amount that was authorized, or a part of it. */
function capture(string $id): never
{
    $begun = beginOperation($id, 'authorized', fn (array $order) => $order['first']);
    if ($begun === null) redirect("/order?id=$id");
    [$order, $amount] = $begun;
    $reply = operate($order, '00002', $amount);
    // After a lost reply the payment says whether it was captured. It is not captured again.
    $status = $reply === null || $reply['CODEREPONSE'] === NOT_POSSIBLE ? statusOf($order) : '';
    change($id, function (?array &$order) use ($reply, $amount, $status) {
        $order = afterCapture($order, $amount, $reply, $status);
    });
    redirect("/order?id=$id");
}

/** An order after a capture, by its reply, or by the STATUS of the payment if the reply was lost. */
function afterCapture(array $order, int $amount, ?array $reply, string $status): array
{
    if ($status === 'Capturé' || ($reply['CODEREPONSE'] ?? '') === SUCCESS) {
        // A capture may have numbers of its own, which a refund then needs.
        $numbers = ['numtrans' => $reply['NUMTRANS'] ?? $order['numtrans'], 'numappel' => $reply['NUMAPPEL'] ?? $order['numappel']];
        return ['state' => 'paid', 'captured' => $amount, 'deliveries' => $order['deliveries'] + 1] + $numbers + $order;
    }
    // The authorization is over, although STATUS does not say so.
    if (($reply['CODEREPONSE'] ?? '') === NOT_POSSIBLE && $status !== '') return ['state' => 'refused', 'code' => NOT_POSSIBLE] + $order;
    $isKnown = $reply !== null || $status === 'Autorisé';
    return ['state' => $isKnown ? 'authorized' : 'unknown', 'code' => $reply['CODEREPONSE'] ?? null, 'lost' => ['capture', $amount]] + $order;
}

/** Gives back what was captured, or a part of it. */
function refund(string $id): never
{
    $begun = beginOperation($id, 'paid', fn (array $order) => $order['captured'] - $order['refunded']);
    if ($begun === null) redirect("/order?id=$id");
    [$order, $amount] = $begun;
    $reply = operate($order, '00014', $amount);
    $status = $reply === null ? statusOf($order) : '';
    change($id, function (?array &$order) use ($reply, $amount, $status) {
        $order = afterRefund($order, $amount, $reply, $status);
    });
    redirect("/order?id=$id");
}

/** An order after a refund, by its reply, or by the STATUS of the payment if the reply was lost. */
function afterRefund(array $order, int $amount, ?array $reply, string $status): array
{
    $isAll = $amount === $order['captured'] - $order['refunded'];
    if ($status === 'Remboursé' || ($reply['CODEREPONSE'] ?? '') === SUCCESS)
        return ['state' => $isAll ? 'refunded' : 'paid', 'refunded' => $order['refunded'] + $amount] + $order;
    // STATUS says nothing of a part. Then people must look.
    $isKnown = $reply !== null || ($isAll && $status === 'Capturé');
    return ['state' => $isKnown ? 'paid' : 'unknown', 'code' => $reply['CODEREPONSE'] ?? null, 'lost' => ['refund', $amount]] + $order;
}

/** Ends the subscription at the gateway, which goes on taking money otherwise. */
function unsubscribe(string $id): never
{
    $order = read($id);
    if ($order === null || ($order['terms'] ?? '') === '') redirect("/order?id=$id");
    $settings = $order['settings'];
    $question = ['VERSION' => '001', 'TYPE' => '001', 'SITE' => $settings['PAYBOX_SITE'], 'MACH' => str_pad($settings['PAYBOX_RANG'], 3, '0', STR_PAD_LEFT),
        'IDENTIFIANT' => $settings['PAYBOX_IDENTIFIANT'], 'REFERENCE' => $order['reference']];
    try {
        parse_str(post($settings, $settings['PAYBOX_UNSUBSCRIBE_URL'], $question), $answer);
    } catch (Lost | NeverOpened) {
        $answer = [];
    }
    $isEnded = ($answer['ACQ'] ?? '') === 'OK';
    change($id, function (?array &$order) use ($isEnded) {
        $order['ended'] = $isEnded || ($order['ended'] ?? false);
    });
    redirect("/order?id=$id");
}

/** Asks the gateway about an order whose customer did not come back, and of which no call came, or about an operation whose reply was lost. */
function checkHosted(string $id, array $order): void
{
    if ($order['state'] === 'unknown') {
        $status = statusOf($order);
        change($id, function (?array &$order) use ($status) {
            if ($order['state'] !== 'unknown') return;
            [$operation, $amount] = $order['lost'];
            $order = $operation === 'capture' ? afterCapture($order, $amount, null, $status) : afterRefund($order, $amount, null, $status);
        });
        return;
    }
    if ($order['state'] !== 'visiting') return;
    try {
        $found = find($order['settings'], gatewayFields($order, $order['first']));
    } catch (Lost | NeverOpened) {
        return;
    }
    if ($found['CODEREPONSE'] !== SUCCESS || ($found['STATUS'] ?? '') !== ($order['isLater'] ? 'Autorisé' : 'Capturé')) return;
    $result = ['isRenewal' => false, 'amount' => (string) $order['first'], 'reference' => $order['reference'],
        'transaction' => $found['NUMTRANS'] ?? '0', 'call' => $found['NUMAPPEL'] ?? '0', 'code' => SUCCESS];
    change($id, function (?array &$order) use ($result) {
        takeHosted($order, $result, 'server');
        $order['results']['server']--; // it did not come
    });
}
