// Long lists of offices get a box that narrows them down.
import {arriving} from './arrive';

const long = 15; // options: fewer are seen at once

function boxFor(select: HTMLSelectElement, label: string): HTMLInputElement {
  const box = document.createElement('input');
  box.type = 'search';
  box.className = 'narrow-down';
  box.placeholder = label;
  box.setAttribute('aria-label', label);
  box.setAttribute('aria-controls', select.id);
  box.autocomplete = 'off';
  return box;
}

function narrowDown(select: HTMLSelectElement, options: HTMLOptionElement[], words: string) {
  for (const option of options) {
    const area = option.parentElement instanceof HTMLOptGroupElement ? option.parentElement.label : '';
    const fits = !words || option.value === '' || (area + ' ' + option.text).toLowerCase().includes(words);
    option.disabled = option.hidden = !fits;
  }
  for (const group of select.querySelectorAll('optgroup')) {
    group.hidden = [...group.querySelectorAll('option')].every((option) => option.hidden);
  }
  const left = options.filter((option) => option.value && !option.hidden);
  const [only] = left;
  if (words && left.length === 1 && only) select.value = only.value;
}

arriving((root) => root.querySelectorAll<HTMLSelectElement>('select[data-filter]').forEach((select) => {
  const options = [...select.querySelectorAll('option')];
  if (options.length < long) return;
  const box = boxFor(select, select.dataset.filter ?? '');
  box.addEventListener('input', (event) => {
    event.stopPropagation();
    narrowDown(select, options, box.value.trim().toLowerCase());
  });
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') event.preventDefault(); // it narrows the list, it does not send the form
  });
  select.before(box);
}));

// The Enter key behind the words that offices are looked for by looks for them, and does not send the form.
arriving((root) => root.querySelectorAll<HTMLInputElement>('input[data-look]').forEach((box) => box.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.isComposing || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  box.parentElement?.querySelector<HTMLButtonElement>('button[name=look]')?.click();
})));
