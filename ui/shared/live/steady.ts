// Keeping in place what is in use while the list of a page changes.

// list is the part of the page that has items, if it has one.
export const list = document.querySelector<HTMLElement>('[data-part="list"]');

const top = (item: Element) => item.getBoundingClientRect().top;

// steady runs f and then puts back what was in use: the focus, and where the page was scrolled to, seen from the item
// in use or, when the list begins above the screen, from the first one in view.
export function steady<T>(f: () => T): T {
  if (!list) return f();
  const focused = document.activeElement;
  const items = [...list.querySelectorAll('li')];
  const index = items.findIndex((i) => i.contains(focused));
  const used = list.querySelector('li:focus-within') ?? list.querySelector('li:hover');
  const above = top(list) < 0 ? items.filter((i) => i.getBoundingClientRect().bottom > 0) : [];
  const anchors = (used ? [used] : above).map((item) => ({item, was: top(item)}));
  const result = f();
  if (document.activeElement !== focused) {
    const left = [...list.querySelectorAll('li')];
    const next = focused?.isConnected ? focused : left[Math.min(index, left.length - 1)]?.querySelector('a');
    if (next instanceof HTMLElement) next.focus({preventScroll: true});
  }
  const kept = anchors.find(({item}) => item.isConnected);
  if (kept) scrollBy({top: top(kept.item) - kept.was, behavior: 'instant'});
  return result;
}
