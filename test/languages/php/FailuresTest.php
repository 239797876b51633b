<?php
require_once __DIR__ . '/PayboxSim.php';
require_once __DIR__ . '/../src/Shop.php';

use PayboxSim\UsesPaybox;
use PHPUnit\Framework\TestCase;

final class FailuresTest extends TestCase
{
    use UsesPaybox;

    public function testCharged(): void
    {
        (new Shop($this->paybox->url))->checkout('ORDER-1', 1000);
        $this->paybox->assertChargedOnce('ORDER-1', 10);
    }

    public function testNothing(): void
    {
        $this->paybox->assertChargedOnce();
    }

    public function testReceived(): void
    {
        (new Shop($this->paybox->url))->checkout('ORDER-1', 1000);
        $this->paybox->assertReceived([['send' => 'pay', 'with' => ['MONTANT' => ['pattern' => '999$']]]]);
    }

    public function testFindings(): void
    {
        (new Shop($this->paybox->url))->checkout('ORDER-1', 1000);
        (new Shop($this->paybox->url))->checkout('ORDER-1', 1000);
        $this->paybox->assertNoFindings('error');
    }
}
