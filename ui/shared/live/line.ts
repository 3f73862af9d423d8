// The line on which a page says what became of its connection and what is new.
import {steady} from './steady';

// Kind of what is said. The last two keep the page from being trusted, so they bear a sign.
export type Kind = 'fresh' | 'search' | 'changed' | 'again' | 'lost' | 'over';

const passing = 5_000; // ms: so long is said that all is well again

// Line says texts that its element carries as data.
export class Line {
  readonly box: HTMLElement; // what is seen of the line: it may have a button to close it

  constructor(readonly element: HTMLElement) {
    this.box = element.closest<HTMLElement>('.news') ?? element;
  }

  // text is one of the element's data.
  text(name: string): string {
    return this.element.dataset[name] ?? '';
  }

  get kind(): string | undefined {
    return this.box.dataset.kind;
  }

  say(kind: Kind, text: string, ...more: (Node | string)[]) {
    if (this.kind === kind && this.text('said') === text) return; // what is said already is not read out again
    steady(() => {
      this.box.dataset.kind = kind;
      this.element.dataset.said = text;
      this.element.replaceChildren(...(kind === 'lost' || kind === 'over' ? [sign(), ' '] : []), text, ...more);
      this.closer(false);
    });
    this.uncover();
    if (kind === 'again') setTimeout(() => { if (this.kind === 'again') this.hush(); }, passing);
  }

  // hush takes back what is said.
  hush() {
    steady(() => {
      delete this.box.dataset.kind;
      delete this.element.dataset.said;
      this.element.replaceChildren();
      this.closer(true);
    });
  }

  // over says that nobody is signed in. One signs in again elsewhere: what is typed here stays.
  over() {
    const a = this.link('/login?next=' + encodeURIComponent(location.pathname), this.text('signIn'));
    a.target = '_blank';
    a.rel = 'noopener';
    this.say('over', this.text('over'), ' ', a);
  }

  link(address: string, text: string): HTMLAnchorElement {
    const a = document.createElement('a');
    a.href = address;
    a.textContent = text;
    return a;
  }

  // uncover scrolls what is being filled in out from under the notice.
  uncover() {
    const field = document.activeElement;
    if (!field || this.box === this.element || !this.kind || this.box.contains(field)) return;
    if (!field.matches('input, select, textarea, button, a, summary')) return;
    const its = field.getBoundingClientRect();
    const over = this.box.getBoundingClientRect();
    if (its.right <= over.left || its.left >= over.right || its.top >= over.bottom) return;
    const covered = Math.min(its.bottom + 8 - over.top, its.top - 8); // never its first line out of the screen
    if (covered > 0) scrollBy({top: covered, behavior: 'instant'});
  }

  // clock is the server's time of an answer, in the time zone of the other times of the page.
  clock(res: Response): string {
    const form: Intl.DateTimeFormatOptions = {hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'};
    const zone = this.text('zone');
    if (zone) form.timeZone = zone;
    return new Date(res.headers.get('date') ?? Date.now()).toLocaleTimeString(document.documentElement.lang, form);
  }

  private closer(hidden: boolean) {
    const button = this.box.querySelector<HTMLButtonElement>('[data-close]');
    if (button && this.box !== this.element) button.hidden = hidden;
  }
}

function sign(): HTMLElement {
  const mark = document.createElement('span');
  mark.className = 'sign';
  mark.ariaHidden = 'true';
  mark.textContent = '!';
  return mark;
}
