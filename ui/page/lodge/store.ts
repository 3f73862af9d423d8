// Drafts of forms that a resident fills in stay on this device, also after the browser was closed, until they are sent,
// deleted or a week old. A browser that keeps nothing for the site, as some do when cookies are blocked, has none.
import {device, put} from '../../shared/storage';
import { forget } from './files';

export interface Draft {
  at: number; // milliseconds since 1970
  key: string; // idempotency key: a draft that was sent without an answer is the same matter when it is sent again
  values: [name: string, value: string][];
}

const prefix = 'luoshi form ';
const life = 7 * 24 * 60 * 60 * 1000;

export function read(name: string): Draft | null {
  const text = device?.getItem(prefix + name);
  return text ? (JSON.parse(text) as Draft) : null;
}

// write reports whether the draft is kept.
export function write(name: string, draft: Draft): boolean {
  return put(device, prefix + name, JSON.stringify(draft));
}

export function remove(name: string): Promise<void> {
  device?.removeItem(prefix + name);
  return forget(name);
}

// sweep forgets what is too old.
export function sweep() {
  for (const key of Object.keys(device ?? {})) {
    if (!key.startsWith(prefix)) continue;
    const draft = read(key.slice(prefix.length));
    if (!draft || Date.now() - draft.at > life) device?.removeItem(key);
  }
}
