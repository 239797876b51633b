/**
 * What a page does by itself: it shows itself anew when an exchange comes, shows what a form stands for while it is filled in, and copies.
 * It is served as its own text, so it may use nothing that stands outside of it.
 */
export function live(): void {
  const { events, on = '', off = '', came = '' } = document.body.dataset;
  /** What the parts of a page were made of: a part that a person has opened or closed since is still the same. */
  const madeOf = new WeakMap<Element, string>();

  const remember = (root: ParentNode): void => {
    for (const part of root.querySelectorAll('[data-live] [id]')) madeOf.set(part, part.outerHTML);
  };

  function keyed(old: Element, fresh: Element): number {
    const known = new Map(Array.from(old.children, (child) => [child.id, child]));
    let added = 0;
    const children = Array.from(fresh.children, (child) => {
      const same = known.get(child.id);
      if (same && madeOf.get(same) === child.outerHTML) return same;
      madeOf.set(child, child.outerHTML);
      if (!same) added++;
      if (!same) child.classList.add('new');
      return child;
    });
    old.replaceChildren(...children);
    return added;
  }

  function renew(old: Element, fresh: Element): number {
    const [rows, freshRows] = [old.querySelector('#rows'), fresh.querySelector('#rows')];
    const added = rows && freshRows ? keyed(rows, freshRows) : 0;
    if (old.innerHTML === fresh.innerHTML) return added;
    if (!rows || !freshRows) {
      const opened = Array.from(old.querySelectorAll('details'), ({ open }) => open);
      old.innerHTML = fresh.innerHTML;
      const details = old.querySelectorAll('details');
      for (const [at, open] of opened.entries()) if (details[at]) details[at].open = open;
    }
    return added;
  }

  function show(html: string, wanted: string): number {
    const page = new DOMParser().parseFromString(html, 'text/html');
    const active = document.activeElement;
    const { id } = active ?? { id: '' };
    let added = 0;
    for (const old of document.querySelectorAll(wanted)) {
      const fresh = page.getElementById(old.id);
      if (fresh) added += renew(old, fresh);
    }
    enableCopying();
    const again = active?.isConnected ? active : document.getElementById(id || ' ');
    if (again instanceof HTMLElement && again !== document.activeElement) again.focus({ preventScroll: true });
    return added;
  }

  function enableCopying(): void {
    if (!navigator.clipboard) return;
    for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) button.hidden = false;
  }

  document.addEventListener('click', async ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLButtonElement>('button[data-copy]') : null;
    const text = document.getElementById(button?.dataset.copy ?? '')?.textContent;
    if (!button || text == null) return;
    await navigator.clipboard.writeText(text);
    const { innerHTML } = button;
    button.textContent = button.dataset.done ?? '';
    setTimeout(() => {
      button.innerHTML = innerHTML;
    }, 1500);
  });

  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-preview]')) {
    let asked = 0;
    form.addEventListener('input', () => {
      const mine = ++asked;
      setTimeout(async () => {
        if (mine !== asked) return;
        const fields = new URLSearchParams(Array.from(new FormData(form), ([name, value]) => [name, String(value)]));
        const answer = await fetch(`${form.action}?${fields}`);
        const html = await answer.text();
        if (mine === asked) show(html, `#${form.dataset.preview}`);
      }, 150);
    });
  }

  const status = document.getElementById('live');
  const say = (text: string, isLost: boolean): void => {
    if (!status) return;
    status.hidden = false;
    status.textContent = text;
    status.classList.toggle('lost', isLost);
  };

  function listen(url: string): void {
    const source = new EventSource(url);
    let isRenewing = false;
    let isBehind = false;
    const renewPage = async (): Promise<void> => {
      isBehind = isRenewing;
      if (isRenewing) return;
      isRenewing = true;
      try {
        const answer = await fetch(location.href);
        const added = answer.ok ? show(await answer.text(), '[data-live]:not(#preview)') : 0;
        if (added > 0) say(came.replace('{n}', String(added)), false);
      } finally {
        // A shop under load shall not have the page made anew for every payment.
        setTimeout(() => {
          isRenewing = false;
          if (isBehind) void renewPage();
        }, 200);
      }
    };
    source.addEventListener('open', () => say(on, false));
    source.addEventListener('error', () => say(off, true));
    source.addEventListener('exchange', () => void renewPage().catch(() => say(off, true)));
    addEventListener('pagehide', () => source.close());
    // Brought back from the browser's memory, the page would show what was.
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) location.reload();
    });
  }

  remember(document);
  enableCopying();
  if (events !== undefined) listen(events);
}
