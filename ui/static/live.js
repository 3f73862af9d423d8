// Pages of staff that keep themselves up to date; without script they are what they were when they came.
//
// An element with data-live names the address of the page's news and the texts to say. With data-part the page
// replaces, when news come, what has changed in the parts of that name, and nothing else: what is typed,
// focused, selected, unfolded or in view stays. Without data-part it only says that something has changed.

const line = document.querySelector('[data-live]');
const quietest = 60_000; // without a sign of life for so long, a connection is taken for dead
let leaving = false;

const box = line?.closest('.news') ?? line; // what is seen of the line: it may have a button to close it
const list = document.querySelector('[data-part="list"]');
const marked = 10_000; // so long a new row is marked
const passing = 5_000; // so long is said that all is well again

// say shows a text of one kind: fresh, search, changed, again, lost or over. The last two keep the page from
// being trusted, so they bear a sign.
function say(kind, text, ...more) {
  if (box.dataset.kind === kind && line.dataset.said === text) return; // what is said already is not read out again
  steady(list, () => {
    box.dataset.kind = kind;
    line.dataset.said = text;
    line.replaceChildren(...(kind === 'lost' || kind === 'over' ? [sign(), ' '] : []), text, ...more);
    if (box !== line) box.querySelector('[data-close]').hidden = false;
  });
  uncover();
  if (kind === 'again') setTimeout(() => { if (box.dataset.kind === 'again') hush(); }, passing);
}

// hush takes back what is said.
function hush() {
  steady(list, () => {
    delete box.dataset.kind;
    delete line.dataset.said;
    line.replaceChildren();
    if (box !== line) box.querySelector('[data-close]').hidden = true;
  });
}

function sign() {
  const mark = document.createElement('span');
  mark.className = 'sign';
  mark.ariaHidden = 'true';
  mark.textContent = '!';
  return mark;
}

function link(address, text) {
  const a = document.createElement('a');
  a.href = address;
  a.textContent = text;
  return a;
}

// over says that nobody is signed in. One signs in again elsewhere: what is typed here stays.
function over() {
  const a = link('/login?next=' + encodeURIComponent(location.pathname), line.dataset.signIn);
  a.target = '_blank';
  a.rel = 'noopener';
  say('over', line.dataset.over, ' ', a);
}

// uncover scrolls what is being filled in out from under the notice.
function uncover() {
  const field = document.activeElement;
  if (box === line || !box.dataset.kind || box.contains(field) || !field.matches('input, select, textarea, button, a, summary')) return;
  const [its, over] = [field.getBoundingClientRect(), box.getBoundingClientRect()];
  if (its.right <= over.left || its.left >= over.right || its.top >= over.bottom) return;
  const covered = Math.min(its.bottom + 8 - over.top, its.top - 8); // never its first line out of the screen
  if (covered > 0) scrollBy({top: covered, behavior: 'instant'});
}

// clock is the server's time of an answer, in the time zone of the other times of the page.
function clock(res) {
  const form = {hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'};
  const time = new Date(res.headers.get('date') ?? Date.now());
  return time.toLocaleTimeString(document.documentElement.lang, {...form, timeZone: line.dataset.zone || undefined});
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const online = () => new Promise((done) => addEventListener('online', done, {once: true}));
const shown = () => new Promise((done) => {
  const look = () => {
    if (document.hidden) return;
    document.removeEventListener('visibilitychange', look);
    done();
  };
  document.addEventListener('visibilitychange', look);
  look();
});

const returned = () => new Promise((done) => {
  const look = () => {
    if (document.hidden) return;
    document.removeEventListener('visibilitychange', look);
    done();
  };
  document.addEventListener('visibilitychange', look);
});

class SignedOut extends Error {}

// listen calls news for every event, and ends when the connection does.
async function listen(connected, news) {
  const stop = new AbortController();
  const hide = () => document.hidden && stop.abort();
  const away = () => stop.abort();
  let watchdog = setTimeout(away, quietest);
  document.addEventListener('visibilitychange', hide); // a tab in the background needs no connection
  addEventListener('pagehide', away);
  try {
    const res = await fetch(line.dataset.live, {cache: 'no-store', signal: stop.signal});
    if (res.status === 401) throw new SignedOut();
    if (!res.ok) throw new Error('status ' + res.status);
    connected(res);
    let text = '';
    for await (const piece of pieces(res.body.pipeThrough(new TextDecoderStream()))) {
      clearTimeout(watchdog);
      watchdog = setTimeout(away, quietest);
      const events = (text + piece).split('\n\n');
      text = events.pop();
      if (events.some((e) => e.startsWith('event: over'))) throw new SignedOut();
      if (events.some((e) => e.startsWith('event: news'))) news();
    }
  } finally {
    clearTimeout(watchdog);
    document.removeEventListener('visibilitychange', hide);
    removeEventListener('pagehide', away);
    stop.abort();
  }
}

async function* pieces(stream) { // not every browser lets a stream be walked through
  const reader = stream.getReader();
  for (let got = await reader.read(); !got.done; got = await reader.read()) yield got.value;
}

// follow listens for as long as the page is open. It waits longer after each failure, but not after a
// connection that held for a while.
async function follow(news) {
  let lost = false;
  for (let failures = 0; !leaving;) {
    await shown();
    const began = Date.now();
    try {
      await listen((res) => {
        if (lost) say('again', line.dataset.again.replace('%s', clock(res)));
        lost = false;
      }, news);
    } catch (e) {
      if (e instanceof SignedOut) {
        lost = true;
        over();
        await returned(); // perhaps from signing in
        continue;
      }
    }
    if (document.hidden || leaving) continue;
    failures = Date.now() - began > 10_000 ? 1 : failures + 1;
    if (failures > 1) {
      lost = true;
      say('lost', line.dataset.lost);
    }
    const pause = Math.min(500 * 2 ** failures, 60_000) * (0.5 + Math.random() / 2); // not all pages at once
    await Promise.race([sleep(pause), online()]);
  }
}

// morph makes element a what b is, by as few changes as it can, and reports whether one can be seen. Items of
// a list are told apart by data-key.
function morph(a, b) {
  if (a.nodeType === Node.TEXT_NODE) {
    if (a.data === b.data) return false;
    a.data = b.data;
    return true;
  }
  if (a.nodeType !== Node.ELEMENT_NODE) return false;
  for (const {name} of [...a.attributes]) if (!b.hasAttribute(name)) a.removeAttribute(name);
  for (const {name, value} of b.attributes) if (a.getAttribute(name) !== value) a.setAttribute(name, value);
  if (b.firstElementChild?.dataset?.key) return morphItems(a, b);
  const [from, to] = [[...a.childNodes], [...b.childNodes]];
  if (from.length === to.length && from.every((n, i) => n.nodeName === to[i].nodeName)) {
    return from.map((n, i) => morph(n, to[i])).includes(true);
  }
  a.replaceChildren(...to.map((n) => document.importNode(n, true)));
  return true;
}

function morphItems(a, b) {
  const coming = new Set([...b.children].map((n) => n.dataset.key));
  const here = new Map();
  let changed = false;
  for (const item of [...a.children]) {
    if (coming.has(item.dataset.key)) here.set(item.dataset.key, item);
    else {
      item.remove();
      changed = true;
    }
  }
  let at = a.firstElementChild;
  for (const item of b.children) {
    const have = here.get(item.dataset.key);
    if (have && morph(have, item)) changed = true;
    if (have && have === at) {
      at = at.nextElementSibling;
      continue;
    }
    a.insertBefore(have ?? document.importNode(item, true), at);
    changed = true;
  }
  return changed;
}

// steady runs f and then puts back what was in use: the focus, and where the page was scrolled to, seen from
// the item in use or, when the list begins above the screen, from the first one in view.
function steady(list, f) {
  if (!list) return f();
  const focused = document.activeElement;
  const items = [...list.querySelectorAll('li')];
  const index = items.findIndex((i) => i.contains(focused));
  const used = list.querySelector('li:focus-within') ?? list.querySelector('li:hover');
  const top = (i) => i.getBoundingClientRect().top;
  const above = top(list) < 0;
  const anchors = used ? [used] : above ? items.filter((i) => i.getBoundingClientRect().bottom > 0) : [];
  const tops = anchors.map(top);
  const result = f();
  if (document.activeElement !== focused) {
    const left = [...list.querySelectorAll('li')];
    const next = focused.isConnected ? focused : left[Math.min(index, left.length - 1)]?.querySelector('a');
    next?.focus({preventScroll: true});
  }
  const kept = anchors.findIndex((i) => i.isConnected);
  if (kept >= 0) scrollBy({top: top(anchors[kept]) - tops[kept], behavior: 'instant'});
  return result;
}

// refresh asks for the page again and takes over its parts.
async function refresh() {
  const res = await fetch(location.href, {cache: 'no-store'});
  if (res.redirected && new URL(res.url).pathname === '/login') throw new SignedOut();
  if (!res.ok) throw new Error('status ' + res.status);
  const page = new DOMParser().parseFromString(await res.text(), 'text/html');
  // The words of a search are kept in the address by a server that may have been started anew since.
  const words = (doc) => doc.querySelector(line.dataset.words)?.getAttribute('value');
  if (words(page) !== words(document)) return say('search', line.dataset.research);
  const who = (doc) => doc.querySelector('.who bdi')?.textContent;
  if (who(page) !== who(document)) return location.reload(); // somebody else signed in
  const before = keys();
  const more = list.querySelector('a[rel=next]');
  const [changed, arrived] = steady(list, () => {
    const parts = [...document.querySelectorAll('[data-part]')].map((part) => {
      const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
      return fresh && morph(part, fresh);
    });
    const arrived = arrivals(before, Boolean(more));
    mark(arrived);
    return [parts.includes(true), arrived];
  });
  line.dataset.live = page.querySelector('[data-live]').dataset.live;
  if (arrived.length) say('fresh', line.dataset.new.replace('%n', arrived.length).replace('%s', clock(res)));
  else if (changed) say('fresh', line.dataset.fresh.replace('%s', clock(res)));
}

const keys = () => [...list.querySelectorAll('li[data-key]')].map((row) => row.dataset.key);

// arrivals are the keys of the rows that were not there before. Where there are further pages, rows that leave
// let as many of the next page move up to the end: those are not new.
function arrivals(before, more) {
  const now = keys();
  let room = more ? before.filter((key) => !now.includes(key)).length : 0;
  while (room-- > 0 && now.length && !before.includes(now.at(-1))) now.pop();
  return now.filter((key) => !before.includes(key));
}

const fading = new Map(); // when the mark of a new row goes, by key

// mark shows which rows are new, by a word and a frame, and takes the marks away in time. A refresh puts a row
// as the server knows it, without its mark.
function mark(arrived) {
  const now = Date.now();
  for (const key of arrived) fading.set(key, now + marked);
  for (const row of list.querySelectorAll('li[data-key]')) {
    const on = fading.get(row.dataset.key) > now;
    row.classList.toggle('is-new', on);
    const end = row.querySelector('.minor');
    if (on) end.dataset.mark = line.dataset.word;
    else delete end.dataset.mark;
  }
  for (const [key, end] of fading) if (end <= now) fading.delete(key);
  if (arrived.length) setTimeout(() => steady(list, () => mark([])), marked + 100);
}

// keeper refreshes once for all news that come while it is at it, and leaves a busy server time.
function keeper() {
  let wanted = false, busy = false;
  return async () => {
    wanted = true;
    if (busy) return;
    busy = true;
    while (wanted && !leaving) {
      wanted = false;
      const began = Date.now();
      try {
        await refresh();
      } catch (e) {
        wanted = true; // the news still have to be shown
        if (e instanceof SignedOut) {
          over();
          await returned();
        } else await sleep(5000);
      }
      // A second between two refreshes also makes their texts differ, so that both are read out.
      await sleep(Math.max(1000, 10 * (Date.now() - began)));
    }
    busy = false;
  };
}

// notice says that what the page shows is no longer so. Nothing is replaced: somebody may be writing.
let closed = false;
function notice() {
  if (!leaving && !closed) say('changed', line.dataset.changed, ' ', link(line.dataset.page, line.dataset.show));
}

if (line) {
  line.hidden = false;
  const news = line.hasAttribute('data-changed') ? notice : keeper();
  box.querySelector('[data-close]')?.addEventListener('click', () => {
    closed ||= box.dataset.kind === 'changed'; // every new connection tells of the same change again
    hush();
  });
  addEventListener('focusin', uncover);
  addEventListener('submit', () => { leaving = true; }); // what the page itself sends is no news to it
  addEventListener('pageshow', (event) => { // back again by the browser's button
    if (!event.persisted || !leaving) return;
    leaving = false;
    follow(news);
  });
  follow(news);
}
