// Pages of staff that keep themselves up to date; without script they are what they were when they came.
//
// An element with data-live names the address of the page's news and the texts to say. With data-part the page
// replaces, when news come, what has changed in the parts of that name, and nothing else: what is typed,
// focused, selected, unfolded or in view stays. With data-changed it only says that something has changed.
import {Line} from './line';
import {Listener} from './listen';
import {keeper} from './refresh';

const element = document.querySelector<HTMLElement>('[data-live]');
if (element) start(new Line(element));

function start(line: Line) {
  line.element.hidden = false;
  const listener = new Listener(line);
  let closed = false;
  // That what the page shows is no longer so is said and nothing is replaced: somebody may be writing.
  const notice = () => {
    if (!listener.leaving && !closed) line.say('changed', line.text('changed'), ' ', line.link(line.text('page'), line.text('show')));
  };
  const news = line.element.hasAttribute('data-changed') ? notice : keeper(line, listener);
  line.box.querySelector('[data-close]')?.addEventListener('click', () => {
    closed ||= line.kind === 'changed'; // every new connection tells of the same change again
    line.hush();
  });
  document.addEventListener('stale', news); // the page itself asks for what is there now
  addEventListener('focusin', () => line.uncover());
  addEventListener('submit', () => { listener.leaving = true; }); // what the page itself sends is no news to it
  addEventListener('pageshow', (event) => { // back again by the browser's button
    if (!event.persisted || !listener.leaving) return;
    listener.leaving = false;
    void listener.follow(news);
  });
  void listener.follow(news);
}
