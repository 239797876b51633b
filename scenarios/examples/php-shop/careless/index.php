<?php
// A careless web shop with 3-D Secure, as a first attempt often looks. Do not copy it. ../README.md describes its addresses. Its mistakes:
// - It does not verify Check: anybody can send it a result.
// - It pays when a result arrives, and two arrive: the customer is charged twice.
// - It takes the order and the amount from the query of its own addresses, which is not signed.
// - It does not compare IdSession, so a result of another authentication pays this order.
// - It pays with any ID3D, whatever StatusPBX says, also after a refusal or a time-out.
// - It sends a payment again after a time-out, without an inquiry about the first one.
// - It takes 001A1 for a refusal, and not for a request to authenticate.
// - It keeps the card with its security code after the payment.
// - Its IdSession is the reference of the order, so a second attempt is refused.
// - It sends only the variables of 3-D Secure 1.
// - Its orders have no lock: one result may overwrite what the other wrote.
declare(strict_types=1);
require __DIR__ . '/../common.php';

function load(string $id): ?array
{
    return json_decode((string) @file_get_contents(orderFile($id)), true);
}

function save(string $id, array $order): void
{
    file_put_contents(orderFile($id), json_encode($order));
}

function pay(string $id, string $amount, ?string $id3d): void
{
    $order = load($id);
    ['settings' => $settings, 'card' => $card] = $order;
    $order['questions']++;
    $order['id3d'] = $id3d;
    save($id, $order);
    $fields = ['MONTANT' => $amount, 'DEVISE' => '978', 'REFERENCE' => $order['reference']];
    $fields += ['PORTEUR' => $card['card'], 'DATEVAL' => $card['expiry'], 'CVV' => $card['cvv']];
    $fields += $id3d === null ? [] : ['ID3D' => $id3d];
    $answer = request($settings, $fields);
    if (!$answer) {
        $order['questions']++;
        $answer = request($settings, $fields); // no answer: send it again
    }
    $code = $answer['CODEREPONSE'] ?? null;
    $order = ['amount' => (int) $amount, 'code' => $code, 'numtrans' => $answer['NUMTRANS'] ?? null, 'numappel' => $answer['NUMAPPEL'] ?? null] + $order;
    save($id, ['state' => $code === '00000' ? 'paid' : 'refused'] + $order);
}

function request(array $settings, array $fields): array
{
    $reply = @file_get_contents($settings['PAYBOX_URL'], false, stream_context_create(['http' => [
        'method' => 'POST',
        'header' => 'Content-Type: application/x-www-form-urlencoded',
        'content' => http_build_query(signedQuestion($settings, '00003', $fields)),
        'timeout' => (float) $settings['PAYBOX_TIMEOUT'],
    ]]));
    parse_str((string) $reply, $answer);
    return $answer;
}

function checkout(array $form): never
{
    $settings = settings();
    $form += ['reference' => '', 'amount' => '0', 'card' => '', 'expiry' => '1249', 'cvv' => '123'];
    $card = ['card' => $form['card'], 'expiry' => $form['expiry'], 'cvv' => $form['cvv']];
    $id = orderId($settings, $form['reference']);
    $order = load($id) ?? ['reference' => $form['reference'], 'attempts' => 0, 'questions' => 0, 'results' => ['server' => 0, 'browser' => 0, 'rejected' => 0]];
    save($id, ['amount' => (int) $form['amount'], 'state' => 'authenticating', 'card' => $card, 'attempts' => $order['attempts'] + 1, 'settings' => $settings] + $order);
    if (($form['authentication'] ?? '') === 'on-demand') {
        pay($id, $form['amount'], null);
        redirect("/order?id=$id");
    }
    $query = http_build_query(['id' => $id, 'amount' => $form['amount']]);
    authenticationPage($settings['PAYBOX_MPI_URL'], [
        'IdMerchant' => $settings['PAYBOX_IDENTIFIANT'],
        'IdSession' => $form['reference'],
        'Amount' => $form['amount'],
        'Currency' => '978',
        'CCNumber' => $form['card'],
        'CCExpDate' => $form['expiry'],
        'CVVCode' => $form['cvv'],
        'URLHttpDirect' => "{$settings['SHOP_URL']}/direct?$query",
        'URLRetour' => "{$settings['SHOP_URL']}/back?$query",
    ]);
}

function takeResult(string $way): void
{
    $id = $_GET['id'];
    $order = load($id);
    $order['results'][$way]++;
    save($id, $order);
    if (!empty($_REQUEST['ID3D'])) {
        pay($id, $_GET['amount'], $_REQUEST['ID3D']);
    } else {
        save($id, ['state' => 'refused'] + load($id));
    }
}

switch (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
    case '/':
        cardPage($_GET);
    case '/checkout':
        checkout($_REQUEST);
    case '/direct':
        takeResult('server');
        exit('ok');
    case '/back':
        takeResult('browser');
        redirect("/order?id={$_GET['id']}");
    case '/order':
        orderPage(load($_GET['id']), $_GET['id']);
    default:
        $reference = basename(rawurldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)));
        orderJson(load(orderId(settings(), $reference)));
}
