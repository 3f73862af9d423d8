// What the pages gain with script; every page is complete without it.

// Copy buttons: put the text of the named elements on the clipboard.
for (const button of document.querySelectorAll('[data-copy]')) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const texts = button.dataset.copy.split(' ').map((id) => document.getElementById(id)?.textContent.trim() ?? '');
    await navigator.clipboard.writeText(texts.filter(Boolean).join('\n'));
    button.textContent = button.dataset.copied;
  });
}

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}

// A picture wider than its frame shows where the matter stands, or where it begins.
for (const frame of document.querySelectorAll('.drawing')) {
  const at = (frame.querySelector('.luoshi-now') ?? frame.querySelector('.luoshi-start'))?.getBoundingClientRect();
  const seen = frame.getBoundingClientRect();
  if (at) frame.scrollLeft += at.left + at.width / 2 - seen.left - seen.width / 2;
}

// Drafts: what is being typed survives a reload, within this tab only, so that nothing stays behind on a
// phone or computer that several people use. Hidden inputs are the page's own and are never kept.
const kept = 'textarea, select, input:not([type=hidden]):not([type=password])';

function values(form) {
  return [...form.querySelectorAll(kept)]
    .filter((input) => input.name && (input.type !== 'radio' || input.checked))
    .map((input) => [input.name, input.type === 'checkbox' ? String(input.checked) : input.value]);
}

function restore(form, saved) {
  for (const [name, value] of saved) {
    for (const input of form.querySelectorAll(kept)) {
      if (input.name !== name) continue;
      if (input.type === 'radio') input.checked = input.value === value;
      else if (input.type === 'checkbox') input.checked = value === 'true';
      else if (!input.value) input.value = value;
    }
  }
}

const draftKey = (form) => 'luoshi draft ' + form.dataset.draft;

for (const form of document.querySelectorAll('form[data-draft]')) {
  const saved = sessionStorage.getItem(draftKey(form));
  if (saved && !form.querySelector('.problems')) {
    restore(form, JSON.parse(saved));
    const folded = form.closest('details'); // what was being written is not hidden away
    if (folded && [...form.querySelectorAll('textarea, input[type=text]')].some((input) => input.value)) folded.open = true;
  }
  form.addEventListener('input', () => sessionStorage.setItem(draftKey(form), JSON.stringify(values(form))));
}

// What was recorded is no draft any more; signing out forgets all drafts.
function forget() {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith('luoshi draft ')) sessionStorage.removeItem(key);
  }
}
if (document.querySelector('[data-draft-done], .notice[role=status]')) forget();
for (const form of document.querySelectorAll('form[action="/logout"], form[action="/m/leave"]')) {
  form.addEventListener('submit', forget);
}

// Long lists of offices get a box that narrows them down.
for (const select of document.querySelectorAll('select[data-filter]')) {
  const all = [...select.querySelectorAll('option')];
  if (all.length < 15) continue;
  const box = document.createElement('input');
  box.type = 'search';
  box.className = 'narrow-down';
  box.placeholder = select.dataset.filter;
  box.setAttribute('aria-label', select.dataset.filter);
  box.setAttribute('aria-controls', select.id);
  box.autocomplete = 'off';
  box.addEventListener('input', (event) => {
    event.stopPropagation();
    const words = box.value.trim().toLowerCase();
    for (const option of all) {
      const area = option.parentElement.label ?? '';
      option.disabled = option.hidden = Boolean(words) && option.value !== '' && !(area + ' ' + option.text).toLowerCase().includes(words);
    }
    for (const group of select.querySelectorAll('optgroup')) {
      group.hidden = [...group.children].every((option) => option.hidden);
    }
    const left = all.filter((option) => option.value && !option.hidden);
    if (words && left.length === 1) select.value = left[0].value;
  });
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') event.preventDefault(); // it narrows the list, it does not send the form
  });
  select.before(box);
}

// On a narrow screen the list comes before the counts are unfolded.
if (matchMedia('(max-width: 60rem)').matches) {
  for (const counts of document.querySelectorAll('details.counts')) counts.open = false;
}

// A link to an entry or an input inside something folded opens it.
function open() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  for (let at = target; at; at = at.parentElement) {
    if (at.tagName === 'DETAILS') at.open = true;
  }
  if (target) target.focus?.();
}
addEventListener('hashchange', open);
open();
