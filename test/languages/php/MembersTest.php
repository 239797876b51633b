<?php
require_once __DIR__ . '/PayboxSim.php';
require_once __DIR__ . '/../src/Shop.php';

use PayboxSim\PayboxError;
use PayboxSim\UsesPaybox;
use PHPUnit\Framework\TestCase;

final class MembersTest extends TestCase
{
    use UsesPaybox;

    private string $url = '';

    protected function setUp(): void
    {
        $this->url = $this->paybox->url;
    }

    public function testUrlsJournalAndPayments(): void
    {
        $this->assertSame('paid', (new Shop($this->url))->checkout('ORDER-1', 1000));
        $this->assertSame('paid', (new Shop($this->paybox->backupUrl))->checkout('ORDER-2', 2000));
        $entries = $this->paybox->journal();
        $this->assertSame([['pay', '1000'], ['pay', '2000']], array_map(fn ($entry) => [$entry['operation'], $entry['request']['MONTANT']], $entries));
        $this->assertSame($this->paybox->account->site, $entries[0]['request']['SITE']);
        $this->assertSame(
            [['ORDER-1', 'Capturé', 1000], ['ORDER-2', 'Capturé', 2000]],
            array_map(fn ($payment) => [$payment['REFERENCE'], $payment['STATUS'], $payment['captured']], $this->paybox->payments()),
        );
        $this->paybox->assertCharged(times: 2);
        $this->paybox->assertChargedOnce('ORDER-2', 2000, refunded: 0);
        $this->paybox->assertReceived([['send' => 'pay', 'with' => ['MONTANT' => ['pattern' => '^1.*0$'], 'REFERENCE' => 'ORDER-1']], '00003']);
        $this->paybox->assertNoFindings('error');
    }

    public function testAnswersAndFaults(): void
    {
        $shop = new Shop($this->url);
        $this->paybox->answer('00105', match: ['REFERENCE' => 'ORDER-1']);
        $this->paybox->fault(['processed' => 'no', 'reply' => 'drop'], match: ['REFERENCE' => 'ORDER-2'], times: 1);
        $this->assertSame('refused', $shop->checkout('ORDER-1', 1000));
        $this->assertSame('paid', $shop->checkout('ORDER-2', 1000));
        $this->paybox->assertNotCharged('ORDER-1');
        $this->paybox->assertChargedOnce('ORDER-2', 1000);
    }

    /** @dataProvider provideDays */
    public function testClock(string $duration, string $day): void
    {
        $this->paybox->clock->set('2026-06-10T12:00', frozen: true);
        $this->assertStringStartsWith('2026-06-10T12:00', $this->paybox->clock->now());
        $this->paybox->clock->advance($duration);
        $this->assertStringStartsWith("{$day}T12:00", $this->paybox->clock->now());
        $this->paybox->clock->remit();
        $this->assertStringContainsString('T03:30', $this->paybox->clock->now());
    }

    public static function provideDays(): array
    {
        return ['a day / été' => ['P1D', '2026-06-11'], 'a month' => ['P1M', '2026-07-10']];
    }

    public function testMoreThanAPage(): void
    {
        $context = stream_context_create(['http' => ['method' => 'POST', 'header' => 'Content-Type: application/json', 'content' => '{"payments": 1100}']]);
        file_get_contents(str_replace('PPPS.php', '_sim/seed', $this->url), false, $context);
        $numbers = array_column($this->paybox->journal(), 'seq');
        $this->assertGreaterThan(1000, count($numbers));
        $this->assertSame(range(1, count($numbers)), $numbers);
        $ids = array_column($this->paybox->payments(), 'id');
        $this->assertGreaterThan(1000, count($ids));
        $sorted = array_unique($ids);
        sort($sorted, SORT_STRING);
        $this->assertSame($sorted, $ids);
    }

    /** @dataProvider provideMistakes */
    public function testMistakes(string $message, Closure $mistake): void
    {
        $this->expectException(PayboxError::class);
        $this->expectExceptionMessage($message);
        $mistake($this->paybox);
    }

    public static function provideMistakes(): array
    {
        return [
            ['unknown name "tmies"; known here: id, match, payment', fn ($paybox) => $paybox->answer('00105', tmies: 1)],
            ['payy is not an operation', fn ($paybox) => $paybox->assertReceived(['payy'])],
        ];
    }
}
