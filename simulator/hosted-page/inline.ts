import type { InlineText } from '../pages/inline.js';

const STYLE = `
aside { max-width: 28rem; margin: 1rem auto 0; padding: 0.6rem clamp(1rem, 5vw, 1.75rem); background: var(--box); border: 1px solid var(--line); border-radius: 10px; }
@media (min-width: 60rem) {
  body { display: flex; justify-content: center; align-items: flex-start; gap: 1.5rem; }
  main { flex: 1 1 28rem; margin: 0; }
  aside { flex: 0 1 24rem; margin: 0; }
}
h2 { margin: 1rem 0 0.3rem; font-size: 1rem; }
a { color: var(--link); overflow-wrap: anywhere; }
a.back { display: block; padding: 0.6rem 1rem; font-weight: 600; text-align: center; color: var(--on-mark); background: var(--mark); border-radius: 7px; }
ul { margin: 0.3rem 0; padding-left: 1.2rem; }
fieldset { display: flex; flex-wrap: wrap; gap: 0.2rem 1.4rem; margin: 1rem 0; padding: 0.3rem 0.9rem 0.6rem; border: 1px solid var(--line); border-radius: 7px; }
legend { padding: 0 0.3rem; font-weight: 600; }
.choice { display: flex; align-items: center; gap: 0.5rem; min-height: 2rem; font-weight: 400; }
input[type="radio"] { flex: none; width: 1.2rem; height: 1.2rem; margin: 0; accent-color: var(--mark); }
.fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 0 1rem; }
.field { min-width: 0; margin-top: 0.9rem; }
.field .hint, .wrong { margin: 0.3rem 0 0; }
.wrong { color: var(--bad); font-size: 0.93rem; font-weight: 600; }
summary { padding: 0.3rem 0; font-weight: 600; cursor: pointer; }
.cards { padding: 0; list-style: none; }
.cards li { display: flex; flex-wrap: wrap; align-items: center; gap: 0.2rem 0.8rem; padding: 0.5rem 0; border-top: 1px solid var(--line); }
.cards div { flex: 1 1 10rem; min-width: 0; overflow-wrap: anywhere; }
.cards b { font-variant-numeric: tabular-nums; }
.cards span { display: block; color: var(--soft); font-size: 0.87rem; }
`;

// A click on a button fills the form with its card and moves the focus to the first button of the form, which pays.
const FILL = `for (const button of document.querySelectorAll('button[data-number]')) {
  button.hidden = false;
  button.onclick = () => {
    const form = document.forms[0];
    form.elements.PORTEUR.value = button.dataset.number;
    form.elements.DATEVAL.value = button.dataset.expiry;
    form.elements.CVV.value = button.dataset.cvv;
    form.querySelector('button').focus();
  };
}
`;

/** The style of the hosted page, which follows that of every page, and the script that fills its form. */
export const HOSTED_INLINE = {
  style: { text: STYLE, hash: 'YV6EjGxF6nMsJ28j0jzdLiRiOL9ihgR1BQvsONAzCRU=' },
  fill: { text: FILL, hash: 'A+4O+s/JWJCg/qUSkXQRGmgMA64y58WyuNO++TTMWP0=' },
} as const satisfies Record<string, InlineText>;
