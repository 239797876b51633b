/**
 * The script of the pages. It updates the page when an exchange arrives, updates the preview of a form while the user types, and copies
 * texts to the clipboard. Its source text is sent to the browser, so it must not use anything defined outside of it.
 */
export function pageScript(): void {
  const { events, on = '', off = '', added: addedText = '' } = document.body.dataset;
  /** The HTML of an element as the server sent it. It still tells whether the element is up to date after the user opened a part of it. */
  const servedHtml = new WeakMap<Element, string>();

  const remember = (root: ParentNode): void => {
    for (const part of root.querySelectorAll('[data-live] [id]')) servedHtml.set(part, part.outerHTML);
  };

  /** Replaces the rows of a list, keeping the elements of unchanged rows. Returns how many rows are new. */
  function updateRows(old: Element, fresh: Element): number {
    const known = new Map(Array.from(old.children, (child) => [child.id, child]));
    let added = 0;
    const children = Array.from(fresh.children, (child) => {
      const same = known.get(child.id);
      if (same && servedHtml.get(same) === child.outerHTML) return same;
      servedHtml.set(child, child.outerHTML);
      if (!same) added++;
      if (!same) child.classList.add('new');
      return child;
    });
    old.replaceChildren(...children);
    return added;
  }

  /** Updates one part of the page and keeps its details elements open. Returns how many rows are new. */
  function updatePart(old: Element, fresh: Element): number {
    const [rows, freshRows] = [old.querySelector('#rows'), fresh.querySelector('#rows')];
    const added = rows && freshRows ? updateRows(rows, freshRows) : 0;
    if (old.innerHTML === fresh.innerHTML) return added;
    if (!rows || !freshRows) {
      const opened = Array.from(old.querySelectorAll('details'), ({ open }) => open);
      old.innerHTML = fresh.innerHTML;
      const details = old.querySelectorAll('details');
      for (const [at, open] of opened.entries()) if (details[at]) details[at].open = open;
    }
    return added;
  }

  /** Updates the parts of the page that match a selector from new HTML, and keeps the focus. Returns how many rows are new. */
  function updatePage(html: string, selector: string): number {
    const page = new DOMParser().parseFromString(html, 'text/html');
    const active = document.activeElement;
    const { id } = active ?? { id: '' };
    let added = 0;
    for (const old of document.querySelectorAll(selector)) {
      const fresh = page.getElementById(old.id);
      if (fresh) added += updatePart(old, fresh);
    }
    enableCopying();
    const target = active?.isConnected ? active : document.getElementById(id || ' ');
    if (target instanceof HTMLElement && target !== document.activeElement) target.focus({ preventScroll: true });
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
    let inputs = 0;
    form.addEventListener('input', () => {
      const input = ++inputs;
      setTimeout(async () => {
        if (input !== inputs) return;
        const fields = new URLSearchParams(Array.from(new FormData(form), ([name, value]) => [name, String(value)]));
        const response = await fetch(`${form.action}?${fields}`);
        const html = await response.text();
        if (input === inputs) updatePage(html, `#${form.dataset.preview}`);
      }, 150);
    });
  }

  for (const select of document.querySelectorAll<HTMLSelectElement>('select[data-chooses]')) {
    const { form, name } = select;
    if (!form) continue;
    const show = (): void => {
      for (const part of form.querySelectorAll<HTMLElement>('[data-by]'))
        if (part.dataset.by === name) part.hidden = !part.dataset.for?.split(' ').includes(select.value);
      // What is hidden is not sent.
      for (const input of form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('[data-by] input, [data-by] select'))
        input.disabled = input.closest('[hidden]') !== null;
    };
    select.addEventListener('change', show);
    show();
  }

  const status = document.getElementById('live');
  const setStatus = (text: string, isLost: boolean): void => {
    if (!status) return;
    status.hidden = false;
    status.textContent = text;
    status.classList.toggle('lost', isLost);
  };

  function listen(url: string): void {
    const source = new EventSource(url);
    let isUpdating = false;
    let isOutdated = false;
    const refresh = async (): Promise<void> => {
      isOutdated = isUpdating;
      if (isUpdating) return;
      isUpdating = true;
      try {
        const response = await fetch(location.href);
        const added = response.ok ? updatePage(await response.text(), '[data-live]:not(#preview)') : 0;
        if (added > 0) setStatus(addedText.replace('{n}', String(added)), false);
      } finally {
        // Limits the updates to five per second while a shop sends many payments.
        setTimeout(() => {
          isUpdating = false;
          if (isOutdated) void refresh();
        }, 200);
      }
    };
    source.addEventListener('open', () => setStatus(on, false));
    source.addEventListener('error', () => setStatus(off, true));
    source.addEventListener('exchange', () => void refresh().catch(() => setStatus(off, true)));
    addEventListener('pagehide', () => source.close());
    // A page from the back/forward cache is outdated.
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) location.reload();
    });
  }

  remember(document);
  enableCopying();
  if (events !== undefined) listen(events);
}
