// A browser writes a date as its own language does, which may not be the page's: under the input it is said in the
// page's words, with the day of the week.

const form: Intl.DateTimeFormatOptions = {year: 'numeric', month: 'long', day: 'numeric', weekday: 'long', timeZone: 'UTC'};

for (const input of document.querySelectorAll<HTMLInputElement>('input[data-say-date]')) {
  const line = document.createElement('output');
  line.className = 'said-date';
  line.htmlFor.add(input.id);
  const say = () => {
    line.textContent = input.valueAsDate ? input.valueAsDate.toLocaleDateString(document.documentElement.lang, form) : '';
  };
  input.addEventListener('input', say);
  input.after(line);
  say();
}

export {};
