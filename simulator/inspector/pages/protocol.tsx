import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { raw } from 'hono/html';
import { marked } from 'marked';
import { PROTOCOL_SHEET } from '../../../contracts/protocol-sheet.js';
import type { Page } from '../page.js';

// Resolved by the name of this package, which works from the sources and from the build.
const SHEET_FILE = createRequire(import.meta.url).resolve(`paybox-direct-simulator/${PROTOCOL_SHEET}`);

let sheet: Promise<string> | undefined;

/** Returns the sheet as HTML. Its title becomes the title of the page. Tables scroll in a narrow window, by keyboard too. */
async function renderSheet(): Promise<string> {
  const html = await marked.parse(readFileSync(SHEET_FILE, 'utf8').replace(/^# .*\n/, ''));
  return html
    .replaceAll('<th></th>', '<td></td>')
    .replaceAll('<table>', '<div class="scrolling" role="group" aria-label="Table" tabindex="0"><table>')
    .replaceAll('</table>', '</table></div>');
}

/** The protocol sheet, docs/protocol.md: the facts that the simulator is based on, with their evidence. English in every language. */
export const protocolPage: Page = {
  path: 'ui/protocol',
  section: 'protocol',
  render: async ({ t, language }) => {
    sheet ??= renderSheet();
    return {
      title: t.sections.protocol,
      body: (
        <article class="sheet" lang={language === 'en' ? undefined : 'en'}>
          {raw(await sheet)}
        </article>
      ),
    };
  },
};
