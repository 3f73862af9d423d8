// The worklist: it keeps itself up to date, and one works through it with the keyboard.
import '../../shared/live/live';
import '../../shared/file';
import {on} from '../../shared/keys';
import {move} from './rows';
import {assign, pick} from './pick';
import {back} from './split';
import {lastList, put, tab} from '../../shared/storage';

on({
  j: () => move(1),
  k: () => move(-1),
  x: pick,
  a: assign,
  '/': () => {
    const words = document.querySelector<HTMLInputElement>('#words');
    words?.focus();
    words?.select();
  },
  Escape: back,
});

addEventListener('pagehide', () => {
  const self = document.querySelector<HTMLElement>('[data-self]')?.dataset.self;
  if (self) put(tab, lastList, self);
});
