import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createSimulator, type Simulator } from '../../simulator/index.js';
import { describeInChromium, type OpenedPage, useChromium } from '../support/chromium.js';
import { runInProcess } from '../support/command-in-process.js';
import { useTemporaryHome } from '../support/https.js';
import { freePort, hasPhp, openPhpShop, type PhpShop } from '../support/php-shop.js';
import { tempFolder } from '../support/temp-folder.js';

const MPI_HOST = 'preprod-tpeweb.paybox.com';

/** Pays at a shop and confirms at the bank. The certificate is the simulator's. */
async function payAndConfirm({ page, requests }: OpenedPage, url: string): Promise<void> {
  await page.goto(`${url}/?reference=ORDER-1`);
  await page.getByRole('button', { name: 'Pay' }).click();
  await page.waitForURL(`https://${MPI_HOST}/cgi/ACS.cgi?*`);
  await page.locator('#code').fill('123456');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.locator('[data-state="paid"]').waitFor();
  expect(requests).toContain(`https://${MPI_HOST}/cgi/RemoteMPI.cgi`);
}

describe.skipIf(!hasPhp)('the web shop in PHP whose browser goes to the host of the gateway', () => {
  useTemporaryHome();

  describeInChromium('that is resolved to the simulator', () => {
    let simulator: Simulator;
    let shop: PhpShop;
    beforeAll(async () => {
      simulator = createSimulator();
      const url = await simulator.listen({ https: true });
      shop = await openPhpShop('safe', { PAYBOX_URL: `${url}/PPPS.php`, PAYBOX_MPI_URL: `https://${MPI_HOST}/cgi/RemoteMPI.cgi` });
    });
    afterAll(async () => {
      await shop?.close();
      await simulator?.close();
    });
    const open = useChromium(() => ({ [MPI_HOST]: new URL(simulator.httpsUrl ?? '').host.replace('localhost', '127.0.0.1') }));

    test('is paid over HTTPS', async () => {
      await payAndConfirm(await open({ locale: 'en', ignoreHTTPSErrors: true }), shop.url);
      expect(await shop.order('ORDER-1')).toMatchObject({ state: 'paid', results: { rejected: 0 } });
    });
  });

  describeInChromium('through the proxy of exec', () => {
    const open = useChromium();

    test('is paid, with the hosts of the gateway in its settings', async () => {
      const folder = await tempFolder();
      const [started, host] = [join(folder, 'started'), `127.0.0.1:${await freePort()}`];
      const script = `echo "$PAYBOX_SIM_URL $$" >"$1"
        export SHOP_DATA="$2" PAYBOX_URL=https://preprod-ppps.paybox.com/PPPS.php
        exec php -S "$3" -t scenarios/examples/php-shop/safe 2>"$2/log"`;
      const ended = runInProcess('exec', '--', 'sh', '-c', script, 'sh', started, folder, host);
      const written = async (): Promise<string[]> => (await readFile(started, 'utf8').catch(() => '')).trim().split(' ');
      await expect.poll(written).toHaveLength(2);
      const [server = '', pid] = await written();
      onTestFinished(async () => {
        process.kill(Number(pid));
        await ended;
      });
      await expect.poll(async () => (await fetch(`http://${host}/`).catch(() => undefined))?.status).toBe(200);
      await payAndConfirm(await open({ locale: 'en', ignoreHTTPSErrors: true, proxy: { server, bypass: '127.0.0.1' } }), `http://${host}`);
    });
  });
});
