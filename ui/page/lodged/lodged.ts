// What was recorded is no draft any more.
import { remove } from '../lodge/store';

const sent = document.querySelector<HTMLElement>('[data-sent]');
if (sent?.dataset.sent) void remove(sent.dataset.sent);

export {};
