// What is folded opens when it is asked for, and what takes room on a phone is folded there.

// On a narrow screen the list comes before the counts are unfolded.
if (matchMedia('(max-width: 60rem)').matches) {
  for (const counts of document.querySelectorAll<HTMLDetailsElement>('details.counts')) counts.open = false;
}

// A link to an entry or an input inside something folded opens it.
function open() {
  const target = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  for (let at: HTMLElement | null = target; at; at = at.parentElement) {
    if (at instanceof HTMLDetailsElement) at.open = true;
  }
  if (target && !target.contains(document.activeElement)) target.focus(); // not from under somebody who types there already
}
addEventListener('hashchange', open);
open();

export {};
