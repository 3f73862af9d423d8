// A matter beside the list. The address names both, so that reloading and going back find them again; where there is
// no room, links lead to the page of the matter as they do without script.
import {arrived} from '../../shared/arrive';
import {put, tab} from '../../shared/storage';
import {row, rows, title, use} from './rows';

const wide = matchMedia('(min-width: 75rem)');
const desk = document.querySelector<HTMLElement>('.desk');
const pane = document.querySelector<HTMLElement>('[data-beside]');
const line = document.querySelector<HTMLElement>('[data-self]');
const member = 'm';

const list = () => new URL(line?.dataset.self ?? '/desk', location.origin);
const file = () => pane?.querySelector<HTMLElement>('[data-part="file"]');

// shown is the number of the matter that the address names.
const shown = () => new URL(location.href).searchParams.get(member) ?? '';

async function fetched(number: string): Promise<HTMLElement> {
  const carried = encodeURIComponent(list().search.slice(1));
  const res = await fetch(`/desk/m/${encodeURIComponent(number)}?list=${carried}`, {cache: 'no-store'});
  if (res.redirected) location.assign(res.url); // to sign in
  const page = new DOMParser().parseFromString(await res.text(), 'text/html');
  const found = page.querySelector<HTMLElement>('[data-part="file"]');
  if (!res.ok || !found) throw new Error('status ' + res.status);
  return document.importNode(found, true);
}

let asked = ''; // the number that was asked for last: answers that come late are not shown

// open shows a matter beside the list; with step, as a new step of the history.
async function open(number: string, step: boolean) {
  if (!pane || !desk) return;
  asked = number;
  try {
    const content = await fetched(number);
    if (asked !== number) return;
    const back = document.querySelector<HTMLTemplateElement>('#desk-back')?.content.cloneNode(true);
    pane.replaceChildren(...(back ? [back] : []), content);
  } catch {
    if (asked === number) location.assign('/desk/m/' + number); // that page says what is wrong
    return;
  }
  if (step) {
    const to = list();
    to.searchParams.set(member, number);
    history.pushState(null, '', to);
  }
  if (!desk.classList.contains('is-split')) desk.querySelector('.counts')?.removeAttribute('open'); // the list comes first
  desk.classList.add('is-split');
  pane.scrollTop = 0;
  mark();
  arrived(pane);
}

function close() {
  asked = '';
  desk?.classList.remove('is-split');
  pane?.replaceChildren();
  mark();
}

// mark shows which row is that of the matter.
function mark() {
  const number = file()?.dataset.number;
  for (const [at, r] of rows().entries()) {
    if (r.dataset.key === number) {
      title(r)?.setAttribute('aria-current', 'true');
      use(at);
    } else title(r)?.removeAttribute('aria-current');
  }
}

// changed looks whether the matter beside the list is still as it is shown. What is being written is not replaced.
function changed() {
  mark();
  const here = file();
  const number = here?.dataset.number ?? '';
  const now = row(number)?.dataset.version;
  if (!here || !pane || !now || now === here.dataset.version) return;
  const busy = here.contains(document.activeElement) || here.querySelector('.deed[open]');
  if (!busy) return void open(number, false);
  if (here.querySelector('.file-changed')) return;
  const said = document.createElement('p');
  said.className = 'file-changed';
  said.setAttribute('role', 'status');
  const show = document.createElement('button');
  show.type = 'button';
  show.textContent = pane.dataset.show ?? '';
  show.addEventListener('click', () => void open(number, false));
  said.append(pane.dataset.changed ?? '', ' ', show);
  here.prepend(said);
}

// clicked opens the matter of a row beside the list instead of leaving it.
async function clicked(event: MouseEvent) {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a.row-title') : null;
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  const number = link?.closest<HTMLElement>('li')?.dataset.key;
  if (!link || !number || !plain || !wide.matches) return;
  event.preventDefault();
  await open(number, number !== file()?.dataset.number);
  if (asked === number) pane?.querySelector<HTMLElement>('.file-title')?.focus({preventScroll: true});
}

// What is sent from beside the list comes back to it, at the place where it was.
const place = 'luoshi desk place';
function keepPlace(event: Event) {
  if (event.target instanceof Node && pane?.contains(event.target)) put(tab, place, String(scrollY));
}
function restorePlace() {
  const y = tab?.getItem(place);
  tab?.removeItem(place);
  if (y && desk?.classList.contains('is-split') && wide.matches) scrollTo({top: Number(y), behavior: 'instant'});
}

// back leaves the matter for its row in the list.
export function back() {
  const r = row(file()?.dataset.number ?? '');
  title(r)?.focus();
}

if (desk && pane) {
  document.querySelector('[data-part="list"]')?.addEventListener('click', (event) => void clicked(event as MouseEvent));
  document.addEventListener('refreshed', changed);
  document.addEventListener('submit', keepPlace);
  addEventListener('popstate', () => shown() ? void open(shown(), false) : close());
  mark();
  restorePlace();
}
