// The connection over which the server tells of news.
import type {Line} from './line';

const quietest = 60_000; // ms: without a sign of life for so long, a connection is taken for dead

// SignedOut says that the server knows nobody here.
export class SignedOut extends Error {}

export const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
const online = () => new Promise<void>((done) => addEventListener('online', () => done(), {once: true}));

// returned waits until somebody comes back to the page; shown only when nobody looks at it now.
export const returned = () => new Promise<void>((done) => {
  const look = () => {
    if (document.hidden) return;
    document.removeEventListener('visibilitychange', look);
    done();
  };
  document.addEventListener('visibilitychange', look);
});
const shown = () => document.hidden ? returned() : Promise.resolve();

// Listener listens for as long as the page is open and not left.
export class Listener {
  leaving = false;

  constructor(private readonly line: Line) {}

  // follow calls news for every event. It waits longer after each failure, but not after a connection that held
  // for a while.
  async follow(news: () => void) {
    let lost = false;
    for (let failures = 0; !this.leaving;) {
      await shown();
      const began = Date.now();
      try {
        await this.listen((res) => {
          if (lost) this.line.say('again', this.line.text('again').replace('%s', this.line.clock(res)));
          lost = false;
        }, news);
      } catch (e) {
        if (e instanceof SignedOut) {
          lost = true;
          this.line.over();
          await returned(); // perhaps from signing in
          continue;
        }
      }
      if (document.hidden || this.leaving) continue;
      failures = Date.now() - began > 10_000 ? 1 : failures + 1;
      if (failures > 1) {
        lost = true;
        this.line.say('lost', this.line.text('lost'));
      }
      const pause = Math.min(500 * 2 ** failures, 60_000) * (0.5 + Math.random() / 2); // not all pages at once
      await Promise.race([sleep(pause), online()]);
    }
  }

  // listen ends when the connection does.
  private async listen(connected: (res: Response) => void, news: () => void) {
    const stop = new AbortController();
    const away = () => stop.abort();
    const hide = () => { if (document.hidden) away(); };
    let watchdog = setTimeout(away, quietest);
    document.addEventListener('visibilitychange', hide); // a tab in the background needs no connection
    addEventListener('pagehide', away);
    try {
      const res = await fetch(this.line.text('live'), {cache: 'no-store', signal: stop.signal});
      if (res.status === 401) throw new SignedOut();
      if (!res.ok || !res.body) throw new Error('status ' + res.status);
      connected(res);
      for await (const event of events(res.body, () => {
        clearTimeout(watchdog);
        watchdog = setTimeout(away, quietest);
      })) {
        if (event.startsWith('event: over')) throw new SignedOut();
        if (event.startsWith('event: news')) news();
      }
    } finally {
      clearTimeout(watchdog);
      document.removeEventListener('visibilitychange', hide);
      removeEventListener('pagehide', away);
      stop.abort();
    }
  }
}

// events are those of a stream, and alive is called for everything that comes. Not every browser lets a stream be
// walked through.
async function* events(stream: ReadableStream<BufferSource>, alive: () => void) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let got = await reader.read(); !got.done; got = await reader.read()) {
    alive();
    const whole = (text + got.value).split('\n\n');
    text = whole.pop() ?? '';
    yield* whole;
  }
}
