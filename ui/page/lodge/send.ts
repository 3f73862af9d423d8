// Sending where the network comes and goes: before a form is really sent the server is asked for a sign of life. Without one
// the page stays as it is and says so, instead of giving way to an error of the browser.

const patience = 15_000; // milliseconds

async function reachable(address: string): Promise<boolean> {
  try {
    await fetch(address, { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(patience) });
    return true;
  } catch {
    return false;
  }
}

function show(form: HTMLFormElement, which: 'sending' | 'offline' | 'online' | '') {
  for (const name of ['sending', 'offline', 'online']) {
    const say = form.querySelector<HTMLElement>(`[data-${name}]`);
    if (say) say.hidden = name !== which;
  }
}

export function send(form: HTMLFormElement) {
  let state: 'ready' | 'asking' | 'sure' | 'sent' = 'ready';
  form.addEventListener('submit', (event) => {
    if (state === 'sure') {
      state = 'sent';
      return;
    }
    event.preventDefault();
    if (state !== 'ready') return; // a double click
    state = 'asking';
    show(form, 'sending');
    const button = event.submitter;
    void reachable(form.action).then((there) => {
      state = there ? 'sure' : 'ready';
      show(form, there ? 'sending' : 'offline');
      if (there) form.requestSubmit(button);
      else form.querySelector('[data-offline]')?.scrollIntoView({ block: 'nearest' });
    });
  });
  addEventListener('pageshow', () => { // also when somebody comes back to the page
    state = 'ready';
    show(form, '');
  });
  addEventListener('online', () => {
    if (form.querySelector<HTMLElement>('[data-offline]')?.hidden === false) show(form, 'online');
  });
}
