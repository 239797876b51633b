import { afterAll, beforeAll, test } from 'vitest';
import { describeInChromium, useChromium } from '../support/chromium.js';
import { expectAccessiblePages } from './accessibility.js';
import { fill, fillAuthentications, type ListeningTestSimulator, openListeningTestSimulator } from './inspector-page.js';

describeInChromium('every page of the inspector', () => {
  const open = useChromium();
  let made: ListeningTestSimulator;
  beforeAll(async () => {
    made = await openListeningTestSimulator();
    await fill(made);
    await fillAuthentications(made);
  });
  afterAll(() => made.simulator.close());

  // Two of the eight combinations, which have every language, color scheme and width. The endurance campaign checks all of them.
  test.each([
    { language: 'en', colorScheme: 'dark', width: 1280 },
    { language: 'fr', colorScheme: 'light', width: 360 },
  ] as const)('is accessible in $language, $colorScheme, $width px wide, and requests only the simulator', async (appearance) => {
    await expectAccessiblePages(await open(), made.url, appearance);
  });
});
