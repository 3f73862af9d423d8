// Files of a form are sent as soon as they are chosen, and the form carries what was kept of each. So a form goes quickly,
// and one that is shown again has its files. Without script they are sent together with the form.
import {arriving} from './arrive';
import {smaller} from './picture';

interface Kept { id: string; name: string; size: number }

// What others hear of: the file that was kept, and that it is left out again.
export interface Attached { field: string; id: string; file: File }
export interface LeftOut { field: string; id: string }

const running = new Map<HTMLFormElement, Set<Promise<boolean>>>();

const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');

// post sends one file. What it answers is the file as it was kept, or words for the person.
function post(file: File, key: string, progress: (part: number) => void): Promise<Kept | string> {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append('file', file, file.name);
    request.open('POST', '/v1/files');
    request.setRequestHeader('Idempotency-Key', key);
    request.setRequestHeader('Accept-Language', document.documentElement.lang);
    request.responseType = 'json';
    request.upload.addEventListener('progress', (event) => { if (event.lengthComputable) progress(event.loaded / event.total); });
    request.addEventListener('load', () => {
      const answer = request.response as (Kept & {detail?: string; errors?: {message: string}[]}) | null;
      done(request.status === 201 && answer ? answer : answer?.errors?.[0]?.message ?? answer?.detail ?? '');
    });
    for (const end of ['error', 'abort', 'timeout']) request.addEventListener(end, () => done(''));
    request.send(form);
  });
}

const says = (n: number) => (n >= 1 << 20 ? `${(n / (1 << 20)).toFixed(1)} MB` : `${Math.max(1, Math.ceil(n / 1024))} KB`);

function hidden(name: string, value: string): HTMLInputElement {
  const input = document.createElement('input');
  input.type = 'hidden';
  input.name = name;
  input.value = value;
  return input;
}

class Box {
  private readonly items: HTMLElement;
  private readonly line: HTMLElement;
  private readonly choosers: HTMLInputElement[];
  private readonly field: string;
  private under = 0; // under way

  constructor(private readonly ask: HTMLElement, private readonly form: HTMLFormElement) {
    this.items = ask.querySelector<HTMLElement>('[data-items]') ?? ask;
    this.line = ask.querySelector<HTMLElement>('[data-says]') ?? ask;
    this.choosers = [...ask.querySelectorAll<HTMLInputElement>('input[type=file]')];
    this.field = ask.dataset.files ?? '';
    for (const input of this.choosers) {
      input.addEventListener('change', () => {
        const files = [...(input.files ?? [])];
        const asIs = input.dataset.asIs !== undefined;
        delete input.dataset.asIs;
        input.value = ''; // they go by themselves, and not with the form once more
        this.choose(files, asIs);
      });
    }
    for (const item of this.items.querySelectorAll('li')) this.leaveOut(item);
    this.settle();
  }

  private get count() { return this.items.childElementCount + this.under; }

  private choose(files: File[], asIs: boolean) {
    this.ask.querySelectorAll('.error').forEach((error) => error.remove());
    this.ask.classList.remove('wrong');
    const most = Number(this.ask.dataset.most);
    for (const file of files) {
      if (this.count >= most) return this.wrong(this.ask.dataset.tooMany ?? '');
      this.track(this.send(file, random(), asIs));
    }
  }

  private track(sending: Promise<boolean>) {
    const all = running.get(this.form) ?? new Set();
    running.set(this.form, all.add(sending));
    void sending.finally(() => all.delete(sending));
  }

  private async send(chosen: File, key: string, asIs: boolean): Promise<boolean> {
    this.under++;
    this.tell(chosen.name, 0);
    const {file, small} = await smaller(chosen);
    const sent = asIs ? chosen : file; // what was kept on the device was made smaller before
    const kept = await post(sent, key, (part) => this.tell(sent.name, part));
    this.under--;
    this.tell('', 0);
    if (typeof kept !== 'string') {
      this.add(kept, small);
      this.form.dispatchEvent(new CustomEvent<Attached>('attached', {bubbles: true, detail: {field: this.field, id: kept.id, file: sent}}));
      return true;
    }
    this.wrong(kept ? `${chosen.name} – ${kept}` : this.ask.dataset.failed ?? '', kept ? undefined : () => this.track(this.send(chosen, key, asIs)));
    return false;
  }

  private tell(name: string, part: number) {
    this.line.hidden = this.under === 0;
    this.line.textContent = this.under ? `${this.ask.dataset.saysSending ?? ''} ${name} ${Math.round(100 * part)} %` : '';
  }

  private add(kept: Kept, small: string) {
    const item = document.createElement('li');
    const name = document.createElement('span');
    name.className = 'attached-name';
    const said = document.createElement('bdi');
    said.textContent = kept.name;
    const size = document.createElement('span');
    size.className = 'minor';
    size.textContent = says(kept.size);
    if (small) {
      const picture = new Image(72, 72);
      picture.src = small;
      picture.alt = '';
      name.append(picture);
    }
    name.append(said, ' ', size);
    item.append(hidden(this.field, `${kept.id} ${kept.size} ${kept.name}`), name);
    this.items.append(item);
    this.leaveOut(item);
    this.settle();
  }

  // leaveOut puts a button where without script there is something to tick.
  private leaveOut(item: HTMLElement) {
    item.querySelector('.leave-out')?.remove();
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'quiet leave-out';
    const hear = document.createElement('span');
    hear.className = 'hear';
    const name = document.createElement('bdi');
    name.textContent = item.querySelector('bdi')?.textContent ?? '';
    hear.append(' ', name);
    button.append(this.ask.dataset.leftOut ?? '', hear);
    button.addEventListener('click', () => {
      const [id] = (item.querySelector<HTMLInputElement>('input[type=hidden]')?.value ?? '').split(' ');
      item.remove();
      this.settle();
      this.choosers[0]?.focus();
      this.form.dispatchEvent(new CustomEvent<LeftOut>('left-out', {bubbles: true, detail: {field: this.field, id: id ?? ''}}));
    });
    item.append(button);
  }

  private wrong(text: string, again?: () => void) {
    const error = document.createElement('p');
    error.className = 'error';
    error.setAttribute('role', 'alert');
    const sign = document.createElement('span');
    sign.className = 'sign';
    sign.setAttribute('aria-hidden', 'true');
    sign.textContent = '!';
    error.append(sign, ` ${text} `);
    if (again) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'quiet';
      button.textContent = this.ask.dataset.again ?? '';
      button.addEventListener('click', () => {
        error.remove();
        this.ask.classList.remove('wrong');
        again();
      });
      error.append(button);
    }
    this.ask.classList.add('wrong');
    this.line.before(error);
  }

  // settle asks for a file only while one is needed and there is none.
  private settle() {
    const first = this.choosers[0];
    if (first) first.required = this.ask.dataset.needed !== undefined && !this.items.childElementCount;
  }
}

arriving((root) => {
  for (const ask of root.querySelectorAll<HTMLElement>('.ask[data-files]')) {
    const form = ask.closest('form');
    if (form) new Box(ask, form);
  }
});

// A form waits for its files; one that was not sent keeps it from going.
document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  const all = running.get(form);
  if (!all?.size) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  void Promise.all(all).then((sent) => {
    if (sent.every(Boolean)) form.requestSubmit(event.submitter);
    else form.querySelector<HTMLElement>('.ask[data-files].wrong input[type=file]')?.focus();
  });
}, true);
