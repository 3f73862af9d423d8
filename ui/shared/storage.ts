// What a browser keeps for the site: on the device, or in this tab until it is closed. A browser that is told to keep
// nothing, as some are together with cookies, refuses the question itself; then both are undefined.
function kept(name: 'localStorage' | 'sessionStorage'): Storage | undefined {
  try {
    return window[name];
  } catch {
    return undefined;
  }
}

export const device = kept('localStorage');
export const tab = kept('sessionStorage');

// lastList is where the tab keeps the address of the worklist that was last shown in it.
export const lastList = 'luoshi desk list';

// put keeps a value and reports whether it is kept: there may be no room.
export function put(to: Storage | undefined, key: string, value: string): boolean {
  try {
    to?.setItem(key, value);
    return to !== undefined;
  } catch {
    return false;
  }
}
