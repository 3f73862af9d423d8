// On a matter of staff: the way back to the steps, for as long as they are out of view.
import {arriving} from './arrive';

arriving((root) => {
  const steps = root.querySelector('.file-do');
  const link = root.querySelector('.to-steps');
  if (!steps || !link) return;
  new IntersectionObserver(([seen]) => {
    if (seen) link.classList.toggle('is-away', !seen.isIntersecting && seen.boundingClientRect.bottom < (seen.rootBounds?.height ?? 0) / 2);
  }).observe(steps);
});
