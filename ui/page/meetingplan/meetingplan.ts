// The rows of the agenda are added, moved and taken out without asking the server, which does the same without script.

const list = document.querySelector<HTMLOListElement>('[data-agenda]');
const more = document.querySelector<HTMLButtonElement>('[data-more]');

if (list && more) {
  const rows = () => [...list.querySelectorAll<HTMLLIElement>('[data-row]')];
  const inputs = (row: HTMLElement) => [...row.querySelectorAll<HTMLInputElement>('input')];
  const typed = () => list.dispatchEvent(new Event('input', { bubbles: true })); // the draft in the tab is kept

  // Numbers are what buttons and labels name rows by.
  const number = () =>
    rows().forEach((row, i) => {
      for (const el of row.querySelectorAll<HTMLElement>('[id]')) {
        el.id = el.id.replace(/^a-\d+/, `a-${i + 1}`);
      }
      for (const label of row.querySelectorAll('label')) {
        label.htmlFor = label.htmlFor.replace(/^a-\d+/, `a-${i + 1}`);
        const hear = label.querySelector('.hear');
        if (hear) hear.textContent = ` ${i + 1}`;
      }
      for (const button of row.querySelectorAll<HTMLButtonElement>('button[value]')) {
        button.value = button.value.replace(/\d+$/, `${i + 1}`);
        button.setAttribute('aria-label', (button.getAttribute('aria-label') ?? '').replace(/\d+/, `${i + 1}`));
      }
    });

  const add = () => {
    const last = rows().at(-1);
    if (!last) return;
    const row = last.cloneNode(true) as HTMLLIElement;
    inputs(row).forEach((input) => (input.value = ''));
    row.querySelectorAll('.finding').forEach((said) => said.remove());
    list.append(row);
    number();
    inputs(row)[0]?.focus();
  };

  more.addEventListener('click', (event) => {
    event.preventDefault();
    add();
  });

  list.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('button[name=do]');
    const row = button?.closest<HTMLLIElement>('[data-row]');
    if (!button || !row) return;
    event.preventDefault();
    const what = button.value.split('.')[0];
    const other = what === 'up' ? row.previousElementSibling : row.nextElementSibling;
    if (what === 'up' && other) other.before(row);
    if (what === 'down' && other) other.after(row);
    if (what === 'drop') {
      if (rows().length > 1) {
        (row.nextElementSibling ?? row.previousElementSibling)?.querySelector('input')?.focus();
        row.remove();
      } else {
        inputs(row).forEach((input) => (input.value = ''));
      }
    } else {
      button.focus();
    }
    number();
    typed();
  });
}
