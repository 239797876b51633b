import { pageScript } from './page-script.js';
import { STYLESHEET } from './stylesheet.js';

/** A static file of the inspector. */
export interface Asset {
  /** The Content-Type. */
  readonly type: string;
  readonly text: string;
}

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="2" y="6" width="28" height="20" rx="4" fill="#2857c4"/><rect x="2" y="11" width="28" height="4" fill="#fff"/><path d="M7 21h8" stroke="#fff" stroke-width="2.5" stroke-linecap="round"/></svg>`;

/** The static files of the inspector, by name. */
export const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ['inspector.css', { type: 'text/css; charset=utf-8', text: STYLESHEET }],
  // The script is a function of this project, so it is type-checked and linted. Its source text is served.
  ['inspector.js', { type: 'text/javascript; charset=utf-8', text: `'use strict';\n(${pageScript})();\n` }],
  ['icon.svg', { type: 'image/svg+xml', text: ICON }],
]);
