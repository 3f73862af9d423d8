// Shows which words an item comes from, and which item words have become, while one points at either or is in it. The
// links between them work without this.

function linked(from: Element): Element[] {
  const item = from.closest<HTMLElement>("[data-item]")?.dataset["item"];
  return item ? [...document.querySelectorAll(`[data-item="${item}"]`)] : [];
}

function show(event: Event): void {
  for (const at of document.querySelectorAll(".is-linked")) at.classList.remove("is-linked");
  if (event.target instanceof Element) for (const at of linked(event.target)) at.classList.add("is-linked");
}

// What an item is made of comes into sight in its own frame, without moving the page.
function bring(event: Event): void {
  if (!(event.target instanceof Element)) return;
  const item = event.target.closest<HTMLElement>(".item");
  const words = item && document.getElementById("words-" + item.dataset["item"]);
  const frame = words?.closest<HTMLElement>(".source");
  if (!words || !frame || frame.scrollHeight <= frame.clientHeight) return;
  frame.scrollTop = words.offsetTop - frame.offsetTop - frame.clientHeight / 3;
}

for (const name of ["pointerover", "focusin"]) document.addEventListener(name, show);
document.addEventListener("focusin", bring);
