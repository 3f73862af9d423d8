// Turning a phone lays the page out anew: what is being filled in stays in sight.
addEventListener('resize', () => {
  const field = document.activeElement;
  if (!(field instanceof HTMLElement) || !field.matches('input, select, textarea')) return;
  const {top, bottom} = field.getBoundingClientRect();
  if (bottom < 0 || top > innerHeight) field.scrollIntoView({block: 'center', behavior: 'instant'});
});

export {};
