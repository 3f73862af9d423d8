import { keep } from './draft';
import { send } from './send';
import { turn } from './turn';

const form = document.querySelector<HTMLFormElement>('form[data-keep]');
if (form) {
  keep(form);
  turn(form);
  send(form);
}
