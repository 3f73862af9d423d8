// Content that comes into a page after it was made gains the same as what was there from the beginning.

// arriving calls f for the page, and for every part of it that arrives later.
export function arriving(f: (root: ParentNode) => void) {
  f(document);
  document.addEventListener('arrived', (event) => { if (event.target instanceof Element) f(event.target); });
}

// arrived tells that the content of an element is new.
export function arrived(element: Element) {
  element.dispatchEvent(new Event('arrived', {bubbles: true}));
}
