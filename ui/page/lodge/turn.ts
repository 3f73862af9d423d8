// One question at a time on a narrow screen: the pages turn by links, without script too. With it the way on is held up
// while a question that must be answered is not, and the Enter key goes on instead of sending.

const narrow = matchMedia('(max-width: 47.99rem), (max-height: 30rem)'); // as in lodge.css

// unanswered is the input that must be filled in and is not.
function unanswered(question: HTMLElement): HTMLElement | null {
  if (question.dataset.required !== undefined) {
    const radios = question.querySelectorAll<HTMLInputElement>('input[type=radio]');
    if (radios.length) return [...radios].some((radio) => radio.checked) ? null : (radios[0] ?? null);
  }
  const empty = [...question.querySelectorAll<HTMLInputElement>('[required]')].find((input) => !input.value.trim());
  return empty ?? null;
}

function complain(input: HTMLElement, text: string) {
  const ask = input.closest('.ask');
  if (!ask || ask.querySelector('.error')) return input.focus();
  const error = document.createElement('p');
  error.className = 'error';
  error.id = (ask.id || input.id) + '-error';
  error.setAttribute('role', 'alert');
  error.textContent = text;
  ask.classList.add('wrong');
  (ask.querySelector('legend, label') ?? input).after(error);
  const marked = ask instanceof HTMLFieldSetElement ? ask : input;
  const described = marked.getAttribute('aria-describedby');
  marked.setAttribute('aria-describedby', [described, error.id].filter(Boolean).join(' '));
  if (marked === input) input.setAttribute('aria-invalid', 'true');
  const mend = () => {
    error.remove();
    ask.classList.remove('wrong');
    input.removeAttribute('aria-invalid');
    if (described) marked.setAttribute('aria-describedby', described);
    else marked.removeAttribute('aria-describedby');
    ask.removeEventListener('input', mend);
  };
  ask.addEventListener('input', mend);
  input.focus();
}

export function turn(form: HTMLFormElement) {
  for (const question of form.querySelectorAll<HTMLElement>('.q')) {
    const next = question.querySelector<HTMLAnchorElement>('a.next');
    next?.addEventListener('click', (event) => {
      const missing = unanswered(question);
      if (!missing) return;
      event.preventDefault();
      complain(missing, form.dataset.missing ?? '');
    });
    question.addEventListener('keydown', (event) => {
      const at = event.target as HTMLElement;
      if (event.key !== 'Enter' || event.isComposing || !(at instanceof HTMLInputElement) || !narrow.matches || !next) return;
      event.preventDefault();
      next.click();
    });
  }
}
