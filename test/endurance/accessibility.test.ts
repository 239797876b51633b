import { expectAccessiblePages } from '../browser/accessibility.js';
import { fill, fillAuthentications, openListeningTestSimulator } from '../browser/inspector-page.js';
import { describeInChromium, useChromium } from '../support/chromium.js';
import { campaign } from './campaign.js';

const APPEARANCES = (['en', 'fr'] as const).flatMap((language) =>
  (['light', 'dark'] as const).flatMap((colorScheme) => ([1280, 360] as const).map((width) => ({ language, colorScheme, width }))),
);

describeInChromium('the inspector', () => {
  const open = useChromium();

  campaign(
    { name: 'every page is accessible in every appearance', unit: 'appearances', short: 1, long: APPEARANCES.length },
    async (count) => {
      const made = await openListeningTestSimulator();
      try {
        await fill(made);
        await fillAuthentications(made);
        for (const appearance of APPEARANCES.slice(0, count)) await expectAccessiblePages(await open(), made.url, appearance);
        return 'no violation';
      } finally {
        await made.simulator.close();
      }
    },
  );
});
