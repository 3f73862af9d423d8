// Drafts: what is being typed survives a reload, within this tab only, so that nothing stays behind on a phone or
// computer that several people use. Hidden inputs are the page's own and are never kept.
import {arriving} from './arrive';
import {put, tab} from './storage';

type Input = HTMLTextAreaElement | HTMLSelectElement | HTMLInputElement;

const kept = 'textarea, select, input:not([type=hidden]):not([type=password]):not([type=file])';
const prefix = 'luoshi draft ';
const draftKey = (form: HTMLFormElement) => prefix + form.dataset.draft;
const checkbox = (input: Input): input is HTMLInputElement => input.type === 'checkbox';
const radio = (input: Input): input is HTMLInputElement => input.type === 'radio';

function values(form: HTMLFormElement): [string, string][] {
  return [...form.querySelectorAll<Input>(kept)]
    .filter((input) => input.name && (!radio(input) || input.checked))
    .map((input) => [input.name, checkbox(input) ? String(input.checked) : input.value]);
}

// data-fresh says that nothing in the form was typed: what the page chose by itself gives way too.
function restore(form: HTMLFormElement, saved: [string, string][]) {
  for (const [name, value] of saved) {
    for (const input of form.querySelectorAll<Input>(kept)) {
      if (input.name !== name) continue;
      if (radio(input)) input.checked = input.value === value;
      else if (checkbox(input)) input.checked = value === 'true';
      else if (!input.value || form.dataset.fresh !== undefined) input.value = value;
    }
  }
}

arriving((root) => root.querySelectorAll<HTMLFormElement>('form[data-draft]').forEach((form) => {
  const saved = tab?.getItem(draftKey(form));
  if (saved && !form.querySelector('.problems')) {
    restore(form, JSON.parse(saved) as [string, string][]);
    const folded = form.closest('details'); // what was being written is not hidden away
    const written = [...form.querySelectorAll<Input>('textarea, input[type=text]')].some((input) => input.value);
    if (folded && written) folded.open = true;
  }
  form.addEventListener('input', () => put(tab, draftKey(form), JSON.stringify(values(form))));
}));

// What was recorded is no draft any more; signing out forgets all that this tab has kept.
function forget() {
  for (const key of Object.keys(tab ?? {})) {
    if (key.startsWith(prefix)) tab?.removeItem(key);
  }
}
if (document.querySelector('[data-draft-done], .notice[role=status]')) forget();
for (const form of document.querySelectorAll('form[action="/logout"], form[action="/m/leave"]')) {
  form.addEventListener('submit', () => tab?.clear());
}
