<?php
// Payments on the page of the gateway in the careless shop. Do not copy it. Its mistakes:
// - It trusts the return of the browser: whoever opens /returned with code=00000 has paid.
// - It does not verify K, neither of the call nor of the return.
// - It compares neither the amount nor the reference with the order.
// - It delivers when a result arrives, and two arrive: the order is sent twice.
// - The last result counts: a refusal that comes late undoes a payment, and a refused renewal undoes the first order.
// - It takes a payment that is pending (99999) for a paid one.
// - It starts a payment for an order that is paid, and delivers when it is captured although it was delivered before.
// - It captures and refunds whatever the state of the order is, and sends it again if no reply comes.
// - It ends a subscription in its own data only. The gateway goes on taking money.
// - It forgets the token of the card that it asked for, so the customer enters the card again.
// - It sends only the variables of version 1: neither PBX_SHOPPINGCART nor PBX_BILLING.
// - It captures with the amount of the order, also when only a part ships.
declare(strict_types=1);

function hosted(array $form): never
{
    $settings = settings();
    $form += ['reference' => '', 'amount' => '0', 'capture' => '', 'instalments' => '1', 'subscription' => '', 'customer' => '', 'delay' => ''];
    $id = orderId($settings, $form['reference']);
    $order = load($id) ?? ['attempts' => 0, 'questions' => 0, 'deliveries' => 0, 'captured' => 0, 'refunded' => 0,
        'results' => ['server' => 0, 'browser' => 0, 'rejected' => 0], 'later' => ['paid' => 0, 'refused' => 0]];
    $amount = (int) $form['amount'];
    $order['attempts']++;
    save($id, ['reference' => $form['reference'], 'amount' => $amount, 'state' => 'visiting', 'isLater' => $form['capture'] === 'later', 'settings' => $settings] + $order);
    $later = intdiv($amount, (int) $form['instalments']);
    $terms = $form['subscription'] === '' ? '' : sprintf('PBX_2MONT%010dPBX_NBPAIE00PBX_FREQ01PBX_QUAND00PBX_DELAIS000', $amount);
    $fields = [
        'PBX_SITE' => $settings['PAYBOX_SITE'],
        'PBX_RANG' => $settings['PAYBOX_RANG'],
        'PBX_IDENTIFIANT' => $settings['PAYBOX_IDENTIFIANT'],
        'PBX_TOTAL' => (string) ($amount - $later * ((int) $form['instalments'] - 1)),
        'PBX_DEVISE' => '978',
        'PBX_CMD' => $form['reference'] . $terms,
        'PBX_PORTEUR' => 'zoe@example.com',
        'PBX_RETOUR' => 'amount:M;reference:R;call:T;transaction:S;code:E;sign:K',
        'PBX_EFFECTUE' => "{$settings['SHOP_URL']}/returned?id=$id",
        'PBX_REFUSE' => "{$settings['SHOP_URL']}/returned?id=$id",
        'PBX_ANNULE' => "{$settings['SHOP_URL']}/returned?id=$id",
        'PBX_ATTENTE' => "{$settings['SHOP_URL']}/returned?id=$id",
        'PBX_REPONDRE_A' => "{$settings['SHOP_URL']}/ipn?id=$id",
    ];
    if ($form['capture'] === 'later') $fields['PBX_AUTOSEULE'] = 'O';
    if ($form['customer'] !== '') $fields['PBX_REFABONNE'] = $form['customer'];
    for ($n = 1; $n < (int) $form['instalments']; $n++) {
        $fields += ["PBX_2MONT$n" => (string) $later, "PBX_DATE$n" => date('d/m/Y', strtotime('+' . 30 * $n . ' days'))];
    }
    paymentPage($settings, $fields);
}

function takeHosted(string $way): void
{
    $id = $_GET['id'] ?? '';
    $order = load($id);
    if ($order === null) return;
    $order['results'][$way]++;
    $isPaid = in_array($_GET['code'] ?? '', ['00000', '99999'], true);
    if (isset($_GET['ETAT_PBX'])) $order['later'][$isPaid ? 'paid' : 'refused']++;
    if ($isPaid) {
        $order['deliveries']++;
        $order['captured'] = (int) ($_GET['amount'] ?? 0);
        $order['numtrans'] = $_GET['transaction'] ?? null;
        $order['numappel'] = $_GET['call'] ?? null;
    }
    $state = $isPaid ? (($order['isLater'] ?? false) ? 'authorized' : 'paid') : 'refused';
    save($id, ['state' => $state, 'code' => $_GET['code'] ?? null] + $order);
}

function operate(string $type, string $state): never
{
    $id = $_GET['id'] ?? orderId(settings(), $_POST['reference'] ?? '');
    $order = load($id);
    $amount = $_POST['amount'] ?? (string) $order['amount'];
    if ($type === '00002') $amount = (string) $order['amount'];
    $fields = ['MONTANT' => $amount, 'DEVISE' => '978', 'REFERENCE' => $order['reference'], 'NUMTRANS' => $order['numtrans'], 'NUMAPPEL' => $order['numappel']];
    $answer = request($order['settings'], $fields, $type);
    if (!$answer) $answer = request($order['settings'], $fields, $type); // no answer: send it again
    if ($type === '00002') $order['deliveries']++;
    if ($type === '00014') $order['refunded'] += (int) $amount;
    save($id, ['state' => $state, 'code' => $answer['CODEREPONSE'] ?? null] + $order);
    redirect("/order?id=$id");
}

function unsubscribe(): never
{
    $id = $_GET['id'] ?? orderId(settings(), $_POST['reference'] ?? '');
    save($id, ['ended' => true] + load($id));
    redirect("/order?id=$id");
}
