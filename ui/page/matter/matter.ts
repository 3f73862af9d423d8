// A matter on a page of its own.
import '../../shared/live/live';
import '../../shared/file';
import {on} from '../../shared/keys';
import {lastList, tab} from '../../shared/storage';

// back leads to the list that was last shown in this tab, or to the whole worklist. In a field it only leaves the field,
// for nobody who closes a menu wants to leave the page.
function back() {
  if (document.activeElement?.matches('textarea, select, input')) return (document.activeElement as HTMLElement).blur();
  location.assign(tab?.getItem(lastList) ?? '/desk');
}

on({Escape: back});
