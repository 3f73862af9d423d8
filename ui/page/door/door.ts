// The page at the door follows those who come, and shows a fresh code well before the one before is too old.
import '../../shared/live/live';

const turn = 20_000; // ms: a code holds for its minute and the next

setInterval(() => {
  if (!document.hidden) document.dispatchEvent(new Event('stale'));
}, turn);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) document.dispatchEvent(new Event('stale'));
});
