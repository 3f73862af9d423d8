// The rows of the list, and which of them is the one in use.
import {put, tab} from '../../shared/storage';

const part = document.querySelector<HTMLElement>('[data-part="list"]');

// rows are those of the list as it stands.
export const rows = (): HTMLElement[] => [...(part?.querySelectorAll<HTMLElement>('li[data-key]') ?? [])];

// row is the one of a matter, if the list has it.
export const row = (number: string) => rows().find((r) => r.dataset.key === number);

const place = 'luoshi desk row'; // where the one in use stood, should it have left the list

export const title = (r: HTMLElement | undefined) => r?.querySelector<HTMLAnchorElement>('a.row-title');

// current is the place of the row that has the focus, else of the one whose matter is shown, else of the one that was
// used last; -1 when nothing was.
export function current(): {at: number; gone: boolean} {
  const all = rows();
  let at = all.findIndex((r) => r.contains(document.activeElement));
  if (at < 0) at = all.findIndex((r) => r.querySelector('[aria-current]'));
  if (at >= 0) return {at, gone: false};
  const last = Number(tab?.getItem(place) ?? '-1');
  return {at: Math.min(last, all.length - 1), gone: true};
}

// use remembers the place of a row, and enter puts the focus there.
export const use = (at: number) => put(tab, place, String(at));

export function enter(at: number) {
  const to = title(rows()[at]);
  if (!to) return;
  use(at);
  to.focus();
  to.closest('li')?.scrollIntoView({block: 'nearest'});
}

// move goes by so many rows. Where the row in use has left, the one in its place is the next.
export function move(by: number) {
  const {at, gone} = current();
  const to = at < 0 ? 0 : gone && by > 0 ? at : at + by;
  enter(Math.max(0, Math.min(to, rows().length - 1)));
}
