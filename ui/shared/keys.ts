// Keys for those who work through many matters. Those of one letter can be turned off in the dialog that lists them,
// for who speaks to their computer or hits keys by chance (WCAG 2.1.4). Each does what a link or a button does too.
import {device, put} from './storage';

const off = 'luoshi keys off';
const dialog = document.querySelector<HTMLDialogElement>('#keys');
const actions = new Map<string, () => void>();

// on binds keys to what they do.
export function on(bound: Record<string, () => void>) {
  for (const [key, action] of Object.entries(bound)) actions.set(key, action);
}

const writing = (target: EventTarget | null) => target instanceof HTMLElement &&
  target.matches('textarea, select, input:not([type=checkbox]):not([type=radio]), [contenteditable]');

function pressed(event: KeyboardEvent) {
  if (event.defaultPrevented || event.isComposing || dialog?.open) return;
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return send(event);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const single = event.key.length === 1;
  if (single && (writing(event.target) || device?.getItem(off))) return;
  const action = actions.get(event.key) ?? (/^[1-9]$/.test(event.key) ? () => step(Number(event.key)) : undefined);
  if (!action) return;
  event.preventDefault();
  action();
}

// send sends the form of the step that is being filled in.
function send(event: KeyboardEvent) {
  const form = event.target instanceof Element ? event.target.closest<HTMLFormElement>('.deed > form') : null;
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector<HTMLButtonElement>('button.main'));
}

// step opens a step and goes to the first thing it asks for.
function step(n: number) {
  const deed = document.querySelectorAll<HTMLDetailsElement>('.deed')[n - 1];
  if (!deed) return;
  deed.open = true;
  deed.querySelector<HTMLElement>('form :is(input:not([type=hidden]), select, textarea, button.main)')?.focus();
}

function start(dialog: HTMLDialogElement) {
  const show = document.querySelector<HTMLButtonElement>('[data-keys]');
  const used = dialog.querySelector<HTMLInputElement>('#keys-on');
  if (show) {
    show.hidden = false;
    show.addEventListener('click', () => dialog.showModal());
  }
  if (used) {
    used.checked = !device?.getItem(off);
    used.addEventListener('change', () => used.checked ? device?.removeItem(off) : put(device, off, '1'));
  }
  on({'?': () => dialog.showModal()});
  addEventListener('keydown', pressed);
}

if (dialog) start(dialog);
