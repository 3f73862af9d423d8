// The draft of the form to bring a matter: put back when the page opens, written with every key, deleted on request.
import { follow, putBack as attach } from './files';
import { read, remove, sweep, write } from './store';

type Input = HTMLTextAreaElement | HTMLSelectElement | HTMLInputElement;

// What a person typed, and how many people of each role there are.
const kept = 'textarea, select, input:not([type=hidden]):not([type=search]):not([type=file]), input[type=hidden][name^="n."]';

function inputs(form: HTMLFormElement): Input[] {
  return [...form.querySelectorAll<Input>(kept)].filter((input) => input.name);
}

const isRadio = (input: Input) => input.type === 'radio';
const checked = (input: Input) => !isRadio(input) || (input as HTMLInputElement).checked;

// values leaves out what says nothing, so that an untouched form is no draft.
function values(form: HTMLFormElement): [string, string][] {
  return inputs(form).filter((input) => checked(input) && input.value).map((input) => [input.name, input.value]);
}

function putBack(form: HTMLFormElement, saved: Map<string, string>) {
  for (const input of inputs(form)) {
    const value = saved.get(input.name);
    if (value === undefined || input.type === 'hidden') continue;
    if (isRadio(input)) (input as HTMLInputElement).checked = input.value === value;
    else input.value = value;
  }
}

// room opens the page with as many people as the draft has. It reports whether it does.
function room(form: HTMLFormElement, saved: Map<string, string>): boolean {
  const wanted = new URLSearchParams();
  for (const count of form.querySelectorAll<HTMLInputElement>('input[name^="n."]')) {
    const people = saved.get(count.name) ?? '';
    if (Number(people) > Number(count.value)) wanted.set(count.name, people);
  }
  if (!wanted.size || location.search) return false; // not twice: the procedure may allow fewer now
  location.replace(`${location.pathname}?${wanted.toString()}${location.hash}`);
  return true;
}

function deleteButton(button: HTMLButtonElement, name: string) {
  let asked = false;
  button.addEventListener('click', () => {
    if (!asked) {
      asked = true;
      button.textContent = button.dataset.sure ?? '';
      return;
    }
    void remove(name).then(() => location.assign(name)); // an empty form with a new key
  });
}

// keep looks after the draft of a form. data-keep is its name: the address of the form. data-typed says that the server
// sent what was typed back with the page, which is newer than any draft.
export function keep(form: HTMLFormElement) {
  const name = form.dataset.keep ?? '';
  const key = form.elements.namedItem('key') as HTMLInputElement;
  const box = document.querySelector<HTMLElement>('[data-kept]');
  const button = box?.querySelector<HTMLButtonElement>('[data-forget]');
  if (button) deleteButton(button, name);
  const save = () => {
    const typed = values(form);
    if (!typed.some(([input]) => !input.startsWith('n.')) && !form.querySelector('[data-items] li')) return;
    if (write(name, { at: Date.now(), key: key.value, values: typed }) && box) box.hidden = false;
  };
  sweep();
  follow(form, name);
  const draft = read(name);
  if (draft && form.dataset.typed === undefined) {
    const saved = new Map(draft.values);
    if (room(form, saved)) return;
    putBack(form, saved);
    void attach(form, name);
    key.value = draft.key;
    for (const say of document.querySelectorAll<HTMLElement>('[data-put-back]')) say.hidden = false;
    if (box) box.hidden = false;
  }
  if (form.dataset.typed !== undefined) save();
  form.addEventListener('input', save);
  form.addEventListener('submit', save);
}
