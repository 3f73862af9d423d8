// Buttons that put the text of the named elements on the clipboard, and buttons that print.

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const ids = (button.dataset.copy ?? '').split(' ');
    const texts = ids.map((id) => document.getElementById(id)?.textContent?.trim() ?? '');
    await navigator.clipboard.writeText(texts.filter(Boolean).join('\n'));
    button.textContent = button.dataset.copied ?? '';
  });
}

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}
