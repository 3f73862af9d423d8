// Files of the draft: they stay on this device as long as the draft does, and are sent again when it is opened again.
import type { Attached, LeftOut } from '../../shared/attach';

interface Kept {
  form: string;
  field: string;
  id: string;
  at: number; // milliseconds since 1970
  file: File;
}

const life = 7 * 24 * 60 * 60 * 1000;

// open gives the device's store of files, or nothing where the browser keeps none.
function open(): Promise<IDBDatabase | null> {
  return new Promise((done) => {
    try {
      const request = indexedDB.open('luoshi files', 1);
      request.onupgradeneeded = () => { request.result.createObjectStore('file', { keyPath: 'id' }); };
      request.onsuccess = () => done(request.result);
      request.onerror = () => done(null);
    } catch {
      done(null);
    }
  });
}

// change does something with the store; what goes wrong there takes nothing from the form.
async function change(work: (store: IDBObjectStore) => void) {
  const base = await open();
  if (!base) return;
  try {
    const turn = base.transaction('file', 'readwrite');
    work(turn.objectStore('file'));
    await new Promise((done) => { turn.oncomplete = turn.onerror = turn.onabort = done; });
  } catch { /* no room, or a private window */ }
  base.close();
}

async function all(): Promise<Kept[]> {
  const base = await open();
  if (!base) return [];
  try {
    const request = base.transaction('file').objectStore('file').getAll();
    return await new Promise<Kept[]>((done) => {
      request.onsuccess = () => done(request.result as Kept[]);
      request.onerror = () => done([]);
    });
  } catch {
    return [];
  } finally {
    base.close();
  }
}

// forget drops the files of a form, and those that are too old.
export async function forget(form: string) {
  const gone = (await all()).filter((kept) => kept.form === form || Date.now() - kept.at > life);
  if (gone.length) await change((store) => gone.forEach((kept) => store.delete(kept.id)));
}

// follow keeps what is attached to the form.
export function follow(form: HTMLFormElement, name: string) {
  form.addEventListener('attached', (event) => {
    const { field, id, file } = (event as CustomEvent<Attached>).detail;
    void change((store) => store.put({ form: name, field, id, at: Date.now(), file } satisfies Kept));
    form.dispatchEvent(new Event('input', { bubbles: true })); // there is a draft now
  });
  form.addEventListener('left-out', (event) => {
    const { id } = (event as CustomEvent<LeftOut>).detail;
    void change((store) => store.delete(id));
  });
}

// putBack chooses the files again: each is sent as if somebody had chosen it now.
export async function putBack(form: HTMLFormElement, name: string) {
  const kept = (await all()).filter((k) => k.form === name && Date.now() - k.at <= life);
  await change((store) => kept.forEach((k) => store.delete(k.id))); // each is kept anew under its new id
  for (const ask of form.querySelectorAll<HTMLElement>('.ask[data-files]')) {
    const input = ask.querySelector<HTMLInputElement>('input[type=file]');
    const files = kept.filter((k) => k.field === ask.dataset.files);
    if (!input || !files.length) continue;
    const chosen = new DataTransfer();
    files.forEach((k) => chosen.items.add(k.file));
    input.dataset.asIs = '';
    input.files = chosen.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }
}
