import { live } from './live.js';
import { STYLESHEET } from './stylesheet.js';

/** A file that the pages ask for. */
export interface Asset {
  readonly type: string;
  readonly text: string;
}

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="2" y="6" width="28" height="20" rx="4" fill="#2857c4"/><rect x="2" y="11" width="28" height="4" fill="#fff"/><path d="M7 21h8" stroke="#fff" stroke-width="2.5" stroke-linecap="round"/></svg>`;

/** Every file that the pages ask for, by its name. */
export const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ['inspector.css', { type: 'text/css; charset=utf-8', text: STYLESHEET }],
  // The script is written and checked like everything else; what is served is its own text.
  ['inspector.js', { type: 'text/javascript; charset=utf-8', text: `'use strict';\n(${live})();\n` }],
  ['icon.svg', { type: 'image/svg+xml', text: ICON }],
]);
