import { send } from '../lodge/send';
import { read, write } from '../lodge/store';

const form = document.querySelector<HTMLFormElement>('form[data-answers]');
if (form) {
  send(form);
  // A new key, because the old one belongs to another matter by now, is the draft's too.
  const name = form.dataset.answers ?? '';
  // Who comes back to this page later comes to the form: a browser would ask first whether to send everything again.
  history.replaceState(null, '', name);
  const key = form.elements.namedItem('key') as HTMLInputElement;
  const draft = read(name);
  if (draft && draft.key !== key.value) write(name, { ...draft, key: key.value });
}
