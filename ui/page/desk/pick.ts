// Rows that are chosen to be assigned together.
import {current, rows} from './rows';

const bulk = document.querySelector<HTMLDetailsElement>('[data-bulk]');
const boxes = () => rows().flatMap((r) => [...r.querySelectorAll<HTMLInputElement>('.pick input')]);

// pick chooses the row in use, or takes the choice back.
export function pick() {
  const box = rows()[current().at]?.querySelector<HTMLInputElement>('.pick input');
  if (!box) return;
  box.checked = !box.checked;
  count();
}

function count() {
  const n = boxes().filter((box) => box.checked).length;
  for (const box of boxes()) box.closest('li')?.classList.toggle('is-picked', box.checked);
  if (!bulk) return;
  const said = bulk.querySelector('[data-chosen]');
  if (said) said.textContent = n ? (bulk.dataset.some ?? '').replace('%n', String(n)) : '';
  bulk.classList.toggle('is-on', n > 0);
}

// assign goes to where it is said who takes what was chosen.
export function assign() {
  if (!bulk) return;
  bulk.open = true;
  bulk.querySelector<HTMLElement>('select')?.focus();
}

document.addEventListener('change', (event) => {
  if (event.target instanceof Element && event.target.closest('.pick')) count();
});
document.addEventListener('refreshed', count);
addEventListener('pageshow', count); // boxes are as they were left
