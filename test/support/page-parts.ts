import { createHash } from 'node:crypto';
import type { HtmlPage } from '../../simulator/pages/layout.js';

const POLICY_KEY = 'Content-Security-Policy';

/** The SHA-256 of a text in base64. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

/** The sources that the policy of a page allows for a directive; undefined without the directive. */
export function allowed({ headers }: HtmlPage, directive: string): string | undefined {
  const directives = (headers[POLICY_KEY] ?? '').split('; ').map((text) => text.split(' '));
  return directives
    .find(([name]) => name === directive)
    ?.slice(1)
    .join(' ');
}

/** The texts between the tags of every element with this name. */
export const textsOf = ({ body }: HtmlPage, element: string): string[] =>
  Array.from(body.matchAll(new RegExp(`<${element}>(.*?)</${element}>`, 'gs')), ([, text = '']) => text);

/** The sources that allow exactly the inline texts of every element with this name. */
export const sourcesOf = (page: HtmlPage, element: 'style' | 'script'): string =>
  textsOf(page, element)
    .map((text) => `'sha256-${sha256(text)}'`)
    .join(' ');

/** The text of a page without its tags, styles and scripts, as it is escaped. */
export const visibleText = ({ body }: HtmlPage): string => body.replace(/<style>.*?<\/style>|<script>.*?<\/script>|<[^>]*>/gs, '');
