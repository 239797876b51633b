<?php
require_once __DIR__ . '/PayboxSim.php';

final class WaitTest extends PHPUnit\Framework\TestCase
{
    use PayboxSim\UsesPaybox;

    public function testWait(): void
    {
        file_put_contents('url.txt', "{$this->paybox->url}\n");
        sleep(600);
    }
}
