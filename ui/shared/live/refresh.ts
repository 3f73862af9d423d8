// Fetching the page again when there are news, and taking over what has changed in its parts.
import type {Line} from './line';
import {type Listener, SignedOut, returned, sleep} from './listen';
import {morph} from './morph';
import {list, steady} from './steady';

const marked = 10_000; // ms: so long a new row is marked

// keeper refreshes once for all news that come while it is at it, and leaves a busy server time.
export function keeper(line: Line, listener: Listener): () => void {
  const rows = new Rows(line);
  let wanted = false;
  let busy = false;
  const keep = async () => {
    wanted = true;
    if (busy) return;
    busy = true;
    while (wanted && !listener.leaving) {
      wanted = false;
      const began = Date.now();
      try {
        await refresh(line, rows);
      } catch (e) {
        wanted = true; // the news still have to be shown
        if (e instanceof SignedOut) {
          line.over();
          await returned();
        } else await sleep(5000);
      }
      // A second between two refreshes also makes their texts differ, so that both are read out.
      await sleep(Math.max(1000, 10 * (Date.now() - began)));
    }
    busy = false;
  };
  return () => void keep();
}

async function refresh(line: Line, rows: Rows) {
  const res = await fetch(line.text('self') || location.href, {cache: 'no-store'});
  if (res.redirected && new URL(res.url).pathname === '/login') throw new SignedOut();
  if (!res.ok) throw new Error('status ' + res.status);
  const page = new DOMParser().parseFromString(await res.text(), 'text/html');
  // The words of a search are kept in the address by a server that may have been started anew since.
  const words = (doc: Document) => line.text('words') ? doc.querySelector(line.text('words'))?.getAttribute('value') : undefined;
  if (words(page) !== words(document)) return line.say('search', line.text('research'));
  const who = (doc: Document) => doc.querySelector('.who bdi')?.textContent;
  if (who(page) !== who(document)) return location.reload(); // somebody else signed in
  const {changed, arrived} = steady(() => rows.take(page));
  document.dispatchEvent(new Event('refreshed')); // for what else on the page goes by the list
  line.element.dataset.live = page.querySelector<HTMLElement>('[data-live]')?.dataset.live ?? '';
  if (arrived) line.say('fresh', line.text('new').replace('%n', String(arrived)).replace('%s', line.clock(res)));
  else if (changed) line.say('fresh', line.text('fresh').replace('%s', line.clock(res)));
}

// Rows are those of the page's list, and knows which of them are new.
class Rows {
  private readonly fading = new Map<string, number>(); // when the mark of a new row goes, by key

  constructor(private readonly line: Line) {}

  // take makes the parts of this page what they are in the other, and says how many rows arrived.
  take(page: Document): {changed: boolean; arrived: number} {
    const before = this.keys();
    const more = Boolean(list?.querySelector('a[rel=next]'));
    let changed = false;
    for (const part of document.querySelectorAll<HTMLElement>('[data-part]')) {
      const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
      if (fresh && morph(part, fresh)) changed = true;
    }
    const arrived = this.arrivals(before, more);
    this.mark(arrived);
    return {changed, arrived: arrived.length};
  }

  private all(): HTMLElement[] {
    return [...(list?.querySelectorAll<HTMLElement>('li[data-key]') ?? [])];
  }

  private keys(): string[] {
    return this.all().map((row) => row.dataset.key ?? '');
  }

  // arrivals are the keys of the rows that were not there before. Where there are further pages, rows that leave
  // let as many of the next page move up to the end: those are not new.
  private arrivals(before: string[], more: boolean): string[] {
    const now = this.keys();
    let room = more ? before.filter((key) => !now.includes(key)).length : 0;
    for (let last = now.at(-1); room-- > 0 && last !== undefined && !before.includes(last); last = now.at(-1)) now.pop();
    return now.filter((key) => !before.includes(key));
  }

  // mark shows which rows are new, by a word and a frame, and takes the marks away in time. A refresh puts a row
  // as the server knows it, without its mark.
  private mark(arrived: string[]) {
    const now = Date.now();
    for (const key of arrived) this.fading.set(key, now + marked);
    for (const row of this.all()) {
      const on = (this.fading.get(row.dataset.key ?? '') ?? 0) > now;
      row.classList.toggle('is-new', on);
      const end = row.querySelector<HTMLElement>('.minor');
      if (on && end) end.dataset.mark = this.line.text('word');
      else delete end?.dataset.mark;
    }
    for (const [key, end] of this.fading) if (end <= now) this.fading.delete(key);
    if (arrived.length) setTimeout(() => steady(() => this.mark([])), marked + 100);
  }
}
