/** The stylesheet of the pages, for light and dark color schemes and for narrow and wide windows. */
export const STYLESHEET = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --box: #ffffff; --line: #dde1e7; --text: #1a2029; --soft: #566072; --link: #1f4fbf; --mark: #2857c4; --on-mark: #ffffff;
  --good: #0b5d38; --good-box: #e2f4ea; --bad: #9c1c1c; --bad-box: #fdeaea; --warn: #7a4a00; --warn-box: #fdf1da;
  --info: #1d4a8a; --info-box: #e5eefb; --plain: #444d5c; --plain-box: #eceff3; --fresh: #fff7d6;
  --wire: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12151b; --box: #1a1f27; --line: #323a47; --text: #e7eaf0; --soft: #a5afbf; --link: #8fb4ff; --mark: #2f62d9; --on-mark: #ffffff;
    --good: #86e0b0; --good-box: #12331f; --bad: #ffaaa5; --bad-box: #421a1a; --warn: #f5cb78; --warn-box: #3b2b0b;
    --info: #a9c8ff; --info-box: #16294a; --plain: #c3cad6; --plain-box: #2a313c; --fresh: #34301a;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
a { color: var(--link); text-underline-offset: 0.15em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
main:focus { outline: none; }
h1 { font-size: 1.45rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 1.8rem 0 0.6rem; }
h3 { font-size: 1rem; margin: 0 0 0.25rem; overflow-wrap: anywhere; }
p { margin: 0.4rem 0; overflow-wrap: anywhere; }
ul, ol { margin: 0; padding: 0; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 0.5rem; z-index: 2; background: var(--box); padding: 0.5rem 1rem; border-radius: 6px; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

header { background: var(--box); border-bottom: 1px solid var(--line); }
.bar, .sections ul, main { max-width: 84rem; margin: 0 auto; padding-left: clamp(0.75rem, 2.5vw, 2rem); padding-right: clamp(0.75rem, 2.5vw, 2rem); }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 1.25rem; padding-top: 0.4rem; padding-bottom: 0; }
.product { font-weight: 650; color: var(--text); text-decoration: none; margin-right: auto; }
.product .mark { display: inline-block; width: 1.15em; height: 0.8em; border-radius: 3px; margin-right: 0.5em; background: linear-gradient(var(--mark) 25%, var(--box) 25% 42%, var(--mark) 42%); }
.session { color: var(--soft); font-weight: 400; }
.clock { color: var(--soft); font-variant-numeric: tabular-nums; display: inline-flex; gap: 0.5em; align-items: center; }
.languages { display: flex; gap: 0.25rem; }
.languages a { padding: 0.15rem 0.5rem; border-radius: 6px; text-decoration: none; font-size: 0.85rem; }
.languages a[aria-current] { background: var(--plain-box); color: var(--text); font-weight: 650; }
.sections ul { list-style: none; display: flex; flex-wrap: wrap; }
.sections a { display: block; padding: 0.35rem 0; margin-right: 1.5rem; color: var(--soft); text-decoration: none; border-bottom: 3px solid transparent; }
.sections a:hover { color: var(--text); }
.sections a[aria-current] { color: var(--text); font-weight: 650; border-color: var(--mark); }

main { padding-top: 0.8rem; padding-bottom: 4rem; }
.head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.3rem 1rem; margin-bottom: 0.5rem; }
#live { margin: 0; font-size: 0.85rem; color: var(--good); }
#live::before { content: ''; display: inline-block; width: 0.55em; height: 0.55em; border-radius: 50%; background: currentColor; margin-right: 0.45em; }
#live.lost { color: var(--warn); }
.lead, .hint { color: var(--soft); max-width: 48rem; }
.hint { font-size: 0.87rem; }
.missing { color: var(--soft); font-style: italic; }
.empty { background: var(--box); border: 1px dashed var(--line); border-radius: 10px; padding: 1.5rem; }
.card-box { background: var(--box); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.2rem; }
.card-box > h2:first-child { margin-top: 0; }

.wire { font-family: var(--wire); font-size: 0.92em; overflow-wrap: anywhere; white-space: pre-wrap; unicode-bidi: isolate; }
.type { color: var(--soft); font-size: 0.8rem; font-weight: 400; }
.invisible { background: var(--warn-box); color: var(--warn); border-radius: 3px; font-size: 0.75em; padding: 0 0.25em; }
.badge { display: inline-block; border-radius: 6px; padding: 0.05rem 0.5rem; font-size: 0.85rem; font-weight: 600; background: var(--plain-box); color: var(--plain); max-width: 100%; overflow-wrap: anywhere; position: relative; }
.badge.good { background: var(--good-box); color: var(--good); }
.badge.bad, .badge.error { background: var(--bad-box); color: var(--bad); }
.badge.warning { background: var(--warn-box); color: var(--warn); }
.badge.info { background: var(--info-box); color: var(--info); }
.answer .meaning { font-size: 0.87rem; color: var(--soft); }
.advice { font-weight: 600; }

form.search { max-width: 70rem; display: flex; flex-wrap: wrap; gap: 0.6rem; align-items: end; margin-bottom: 0.5rem; }
form.search .wide { flex: 1 1 16rem; }
form.search label:not(.wide) { flex: 0 1 15rem; }
form.search input::placeholder { color: var(--soft); opacity: 1; }
label { display: block; font-size: 0.87rem; color: var(--soft); min-width: 0; }
input, select { display: block; width: 100%; margin-top: 0.15rem; font: inherit; font-size: 0.95rem; color: var(--text); background: var(--box); border: 1px solid #7d8797; border-radius: 7px; padding: 0.42rem 0.6rem; min-width: 0; }
input[type='search'], .fieldsets input { font-family: var(--wire); }
button, .button { display: inline-block; font: inherit; font-weight: 600; font-size: 0.92rem; color: var(--on-mark); background: var(--mark); border: 1px solid var(--mark); border-radius: 7px; padding: 0.42rem 0.95rem; cursor: pointer; text-decoration: none; }
button:hover, .button:hover { filter: brightness(1.08); }
button.quiet, .button.quiet { background: transparent; color: var(--link); border-color: var(--line); }
.list + .action { margin-top: 0.8rem; }
.actions { display: flex; flex-wrap: wrap; gap: 0.6rem; margin: 0.8rem 0; }
.fieldsets { display: grid; gap: 1rem; max-width: 60rem; }
.fieldsets > label { max-width: 20rem; }
.fieldsets > button { justify-self: start; }
fieldset { background: var(--box); border: 1px solid var(--line); border-radius: 10px; padding: 0.8rem 1.1rem 1.1rem; margin: 0; display: grid; gap: 0.7rem 1rem; grid-template-columns: repeat(auto-fill, minmax(min(13rem, 100%), 1fr)); min-width: 0; }
fieldset { align-items: end; }
fieldset .wide { grid-column: span 2; }
fieldset .hint { grid-column: 1 / -1; margin: 0; }
legend { color: var(--text); font-size: 15px; font-weight: 650; padding: 0 0.3rem; }

table { width: 100%; border-collapse: collapse; background: var(--box); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; border-spacing: 0; }
caption { text-align: left; font-weight: 650; padding: 0.5rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.5rem 0.7rem; border-top: 1px solid var(--line); }
thead th, thead td { border-top: 0; font-size: 0.8rem; color: var(--soft); font-weight: 600; }
tbody th { font-weight: 500; }
.list tbody tr { position: relative; }
.list tbody tr:hover { background: var(--plain-box); }
.list a { position: relative; }
.list a.row { position: static; font-weight: 600; text-decoration: none; }
.list a.row::after { content: ''; position: absolute; inset: 0; }
.list a.row:focus-visible { outline: none; }
.list a.row:focus-visible::after { outline: 3px solid var(--link); outline-offset: -3px; border-radius: 4px; }
.list td a { z-index: 1; }
td.amount, th.amount { text-align: right; font-variant-numeric: tabular-nums; }
.time { white-space: nowrap; font-variant-numeric: tabular-nums; color: var(--soft); }
.badges { display: flex; flex-wrap: wrap; gap: 0.25rem; }
td.badges { display: table-cell; }
td.badges .badge { margin: 0 0.2rem 0.2rem 0; }
td.amount { white-space: nowrap; }
@media (min-width: 76.01rem) {
  .dense { font-size: 0.86rem; line-height: 1.25; }
  .dense th, .dense td { padding: 0.1rem 0.6rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  .dense thead th { padding-top: 0.25rem; padding-bottom: 0.25rem; }
  .dense th.operation { max-width: 19vw; }
  .dense td.time { width: 1%; }
  .dense .reference { max-width: 10vw; }
  .dense td.amount { max-width: 9rem; }
  .dense td.card { max-width: 11rem; }
  .dense td.code { max-width: 18vw; }
  .dense td.badges { max-width: 15vw; }
  .dense .badge { display: inline; position: static; padding: 0 0.4rem; font-size: 0.78rem; }
  .dense td.badges .badge { margin: 0 0.2rem 0 0; }
  .dense .wire { white-space: pre; }
  /* Only whole words: the rest is on another line, which is hidden. */
  .dense .line { max-height: 1.3em; overflow: hidden; white-space: normal; overflow-wrap: normal; }
}
@media (min-width: 86rem) { .dense td.badges { max-width: 20vw; } }
.counts { display: flex; flex-wrap: wrap; gap: 0.2rem 0.9rem; align-items: baseline; margin-bottom: 0.5rem; font-size: 0.87rem; color: var(--soft); }
.count { text-decoration: none; border-radius: 6px; padding: 0.1rem 0.4rem; color: var(--text); border: 1px solid var(--line); background: var(--box); }
.count:hover { border-color: var(--mark); }
.count.zero { color: var(--soft); }
.count[aria-current] { border-color: var(--mark); background: var(--plain-box); }
.count.refused:not(.zero) strong, .count.mistakes:not(.zero) strong, .count.error:not(.zero) strong { color: var(--bad); }
.count.warning:not(.zero) strong { color: var(--warn); }
.received { font-size: 0.87rem; }
.received.lost { color: var(--bad); }
.problem { color: var(--bad); font-size: 0.87rem; margin: 0.15rem 0 0; }
[aria-invalid] { border-color: var(--bad); }
.when { display: contents; }
tr.new, li.new { animation: fresh 4s ease-out; }
@keyframes fresh { from { background: var(--fresh); } }
@media (prefers-reduced-motion: reduce) { tr.new, li.new { animation: none; } }
.fields { margin: 0.4rem 0 1.2rem; }
.fields th { width: 12rem; font-weight: 600; }
.fields td { width: 34%; }
.fields .meaning { color: var(--soft); font-size: 0.9rem; }
.fields .meaning strong { color: var(--text); }
.plain, .cards, .findings { list-style: none; }
.cards { display: grid; gap: 0.8rem; }
.findings { display: grid; gap: 0.5rem; margin: 0.6rem 0; }
.findings li { border-left: 4px solid var(--info); padding: 0.1rem 0 0.1rem 0.9rem; }
.findings li.warning { border-color: var(--warn); }
.findings li.error { border-color: var(--bad); }

.pager { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; padding: 0.9rem 0; }
.columns { display: grid; grid-template-columns: minmax(16rem, 22rem) minmax(0, 1fr); gap: 1.5rem; align-items: start; }
.columns h2 { margin-top: 0; }
.sums { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; margin: 0.5rem 0; }
.sums dt { font-size: 0.78rem; color: var(--soft); }
.sums dd { margin: 0; font-weight: 650; font-variant-numeric: tabular-nums; }
.sums .zero dd { font-weight: 400; color: var(--soft); }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.3rem 1rem; margin: 0.8rem 0; max-width: 48rem; }
.facts dt { color: var(--soft); font-size: 0.87rem; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.columns .facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
.columns .facts dd { margin-bottom: 0.5rem; }
.timeline { list-style: none; border-left: 2px solid var(--line); margin-left: 0.5rem; }
.step { position: relative; padding: 0 0 1.6rem 1.4rem; }
.step::before { content: ''; position: absolute; left: -0.5rem; top: 0.35rem; width: 0.85rem; height: 0.85rem; border-radius: 50%; background: var(--good); border: 2px solid var(--page); }
.step.refused::before { background: var(--bad); border-radius: 2px; }
.when { color: var(--soft); font-size: 0.85rem; margin: 0; font-variant-numeric: tabular-nums; }
.after { background: var(--box); border: 1px solid var(--line); border-radius: 8px; padding: 0.5rem 0.8rem; margin-top: 0.6rem; }
.after .label { color: var(--soft); font-size: 0.85rem; }
summary { cursor: pointer; color: var(--link); padding: 0.2rem 0; }
.copyable { position: relative; margin: 0.3rem 0 0.8rem; }
.copyable button { position: absolute; right: 0.4rem; top: 0.4rem; background: var(--box); padding: 0.15rem 0.7rem; font-size: 0.82rem; }
section.code { background: var(--box); border: 1px solid var(--line); border-radius: 8px; overflow: auto; max-height: 28rem; }
pre { margin: 0; padding: 0.8rem 1rem; padding-right: 5.5rem; font: 0.87rem/1.55 var(--wire); white-space: pre-wrap; overflow-wrap: anywhere; }
.sheet { max-width: 60rem; }
.sheet ul, .sheet ol { margin: 0.4rem 0; padding-left: 1.4rem; }
.scrolling { overflow-x: auto; margin: 0.6rem 0; }
.sheet th, .sheet td { border: 1px solid var(--line); padding: 0.3rem 0.6rem; text-align: left; vertical-align: top; }
.sheet code { font-family: var(--wire); overflow-wrap: anywhere; }

@media (max-width: 52rem) {
  .columns { grid-template-columns: minmax(0, 1fr); }
  fieldset .wide { grid-column: auto; }
}
@media (max-width: 76rem) {
  .list thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .list, .list tbody, .fields, .fields tbody { display: block; }
  .list tr { display: flex; flex-wrap: wrap; gap: 0.15rem 0.8rem; align-items: baseline; padding: 0.6rem 0.8rem; border-top: 1px solid var(--line); }
  .list tbody tr:first-child { border-top: 0; }
  .list td, .list th { display: block; border: 0; padding: 0; min-width: 0; overflow-wrap: anywhere; }

  .list .operation, .list .code, .list th { flex: 1 1 100%; }
  .list td.amount, .list td.card { text-align: left; }
  .list .time { white-space: normal; }
  .list td:empty, .list td:has(> .line:empty) { display: none; }
  .list td[data-label]::before { content: attr(data-label) ' '; color: var(--soft); font-size: 0.78rem; }
  .fields thead { display: none; }
  .fields tr { display: block; padding: 0.5rem 0.8rem; border-top: 1px solid var(--line); }
  .fields caption { display: block; padding: 0.5rem 0.8rem; }
  .fields th, .fields td { display: block; width: auto; border: 0; padding: 0; }
}
`;
