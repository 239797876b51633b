/** The style of every page, for light and dark color schemes and for windows from 320 pixels on. */
const STYLE = `
:root {
  color-scheme: light dark;
  --page: #eef1f5; --box: #fff; --line: #d4dae3; --text: #1a2029; --soft: #566072; --mark: #2857c4; --on-mark: #fff; --link: #1f4fbf;
  --bad: #9c1c1c; --bad-box: #fdeaea; --warn: #7a4a00; --warn-box: #fdf1da;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12151b; --box: #1a1f27; --line: #323a47; --text: #e7eaf0; --soft: #a5afbf; --mark: #2f62d9; --link: #8fb4ff;
    --bad: #ffaaa5; --bad-box: #421a1a; --warn: #f5cb78; --warn-box: #3b2b0b;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; padding: clamp(0.5rem, 4vw, 2.5rem); background: var(--page); color: var(--text); font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
main { max-width: 28rem; margin: 0 auto; padding: 1.25rem clamp(1rem, 5vw, 1.75rem) 1.5rem; background: var(--box); border: 1px solid var(--line); border-top: 5px solid var(--mark); border-radius: 10px; }
h1 { margin: 0 0 0.75rem; font-size: 1.3rem; line-height: 1.25; }
p, h1, dd { overflow-wrap: anywhere; }
p { margin: 0.6rem 0; }
.note { margin: 0 0 0.9rem; padding: 0.3rem 0.7rem; border-radius: 6px; background: var(--warn-box); color: var(--warn); font-size: 0.87rem; }
.alert { padding: 0.5rem 0.8rem; border-radius: 6px; background: var(--bad-box); color: var(--bad); font-weight: 600; }
.hint { color: var(--soft); font-size: 0.87rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0.3rem 1.2rem; margin: 1rem 0; padding: 0.8rem 0; border: solid var(--line); border-width: 1px 0; }
dt { color: var(--soft); }
dd { margin: 0; font-variant-numeric: tabular-nums; }
label { display: block; font-weight: 600; }
input { display: block; width: 100%; margin-top: 0.3rem; padding: 0.5rem 0.7rem; font: inherit; font-size: 1.2rem; letter-spacing: 0.15em; color: var(--text); background: var(--box); border: 1px solid #7d8797; border-radius: 7px; }
input[aria-invalid] { border-color: var(--bad); }
button { min-height: 2.75rem; padding: 0.4rem 1rem; font: inherit; font-weight: 600; color: var(--on-mark); background: var(--mark); border: 1px solid var(--mark); border-radius: 7px; cursor: pointer; }
button.quiet { color: var(--link); background: transparent; border-color: var(--line); }
.actions { display: flex; flex-wrap: wrap; gap: 0.6rem; margin-top: 1rem; }
.actions button { flex: 1 1 8rem; }
.actions button:first-child { flex-basis: 100%; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
`;

/** A text of a page that the browser runs or applies, and its hash for the Content-Security-Policy. */
export interface InlineText {
  readonly text: string;
  /** SHA-256 in base64. */
  readonly hash: string;
}

// A page that begins with `<html>` cannot have the attribute in its markup.
const SET_LANGUAGE = 'document.documentElement.lang=document.body.lang;';

// A field named `submit` would hide the method of the form.
const SUBMIT = 'HTMLFormElement.prototype.submit.call(document.forms[0]);';

/** The style and the scripts of the pages. The hashes are constants because WebCrypto has no synchronous ones. */
export const INLINE = {
  style: { text: STYLE, hash: 'rjGIwGmOFvkhlstgZwM0GtjstwexFgPR7omAelTPa5g=' },
  language: { text: SET_LANGUAGE, hash: 'J+XBBc1WkbgQBwQ/mrgLDVaQbDa77YC7G2gAPWfBSl8=' },
  submit: { text: SET_LANGUAGE + SUBMIT, hash: 'B7B3Q4ZQ67fwP+we+1fCOMErCvilqa7VJ2OvvqVMkto=' },
} as const satisfies Record<string, InlineText>;
