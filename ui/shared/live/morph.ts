// Making what is shown what it should be, by as few changes as can be.

// morph makes node a what b is and reports whether a change can be seen. Items of a list are told apart by data-key.
export function morph(a: Node, b: Node): boolean {
  if (a instanceof Text && b instanceof Text) {
    if (a.data === b.data) return false;
    a.data = b.data;
    return true;
  }
  if (!(a instanceof Element) || !(b instanceof Element)) return false;
  for (const {name} of [...a.attributes]) if (!b.hasAttribute(name)) a.removeAttribute(name);
  for (const {name, value} of b.attributes) if (a.getAttribute(name) !== value) a.setAttribute(name, value);
  if (key(b.firstElementChild)) return morphItems(a, b);
  const from = [...a.childNodes];
  const to = [...b.childNodes];
  if (from.length === to.length && from.every((n, i) => n.nodeName === to[i]?.nodeName)) {
    return from.map((n, i) => morph(n, to[i] as Node)).includes(true);
  }
  a.replaceChildren(...to.map((n) => document.importNode(n, true)));
  return true;
}

const key = (item: Element | null) => item?.getAttribute('data-key') ?? '';

function morphItems(a: Element, b: Element): boolean {
  const coming = new Set([...b.children].map(key));
  const here = new Map<string, Element>();
  let changed = false;
  for (const item of [...a.children]) {
    if (coming.has(key(item))) here.set(key(item), item);
    else {
      item.remove();
      changed = true;
    }
  }
  let at = a.firstElementChild;
  for (const item of b.children) {
    const have = here.get(key(item));
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
