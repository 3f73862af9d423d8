// What was pressed shows that it is being done, and is not sent twice. The page that comes next replaces this one; one
// that is shown again by the back button is as it was.

const longest = 20_000; // ms: after so long without an answer it may be pressed again

function free(button: HTMLElement, form: HTMLFormElement) {
  delete button.dataset.busy;
  delete form.dataset.sent;
  button.removeAttribute('aria-disabled');
}

addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== 'post' || event.defaultPrevented) return;
  if (form.dataset.sent !== undefined) return event.preventDefault(); // a double click
  const button = event.submitter;
  if (!button) return;
  form.dataset.sent = '';
  button.dataset.busy = '';
  button.setAttribute('aria-disabled', 'true'); // one that is disabled would not be sent along
  const again = () => free(button, form);
  setTimeout(again, longest);
  addEventListener('pageshow', again, {once: true});
});

export {};
