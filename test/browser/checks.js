// What is checked of a page that is open. faults(what) answers with a list of sentences; nothing is left changed
// but the focus. It is put into the page by the test and is no part of the product.
window.luoshiChecks = (() => {
  const list = (selector, root = document) => [...root.querySelectorAll(selector)];
  const name = (e) => {
    const words = (e.getAttribute('aria-label') || e.innerText || e.name || '').trim().slice(0, 40);
    return `<${e.localName}${e.id ? '#' + e.id : ''}${e.classList.length ? '.' + [...e.classList].join('.') : ''}> “${words}”`;
  };
  const seen = (e) => {
    const box = e.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && e.checkVisibility({opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true});
  };
  const settle = () => document.getAnimations().forEach((a) => { try { a.finish(); } catch { a.cancel(); } });

  // Names, numbers, what people typed and what is written in another language on purpose.
  const data = 'bdi, code, pre, textarea, script, style, [translate="no"]';
  const foreign = (e) => {
    const lang = e.closest('[lang]')?.lang ?? '';
    return lang.slice(0, 2) !== document.documentElement.lang.slice(0, 2);
  };

  function texts(keys) {
    const found = [];
    const known = new Set(keys);
    const other = document.documentElement.lang.startsWith('zh') ? /[A-Za-z]{3,}/ : /\p{Script=Han}/u;
    const look = (text, e, attribute) => {
      const where = attribute ? ` (${attribute} of ${name(e)})` : ` in ${name(e)}`;
      if (known.has(text.trim())) found.push(`the key ${text.trim()} is shown${where}`);
      if (/%!|<no value>|\bundefined\b|\bNaN\b|\[object /.test(text) || !attribute && /%[sdvnq]/.test(text)) found.push(`“${text.trim().slice(0, 60)}” is no sentence${where}`);
      // Words that both languages write alike, formats, and how a condition is written.
      const rest = text.replace(/luoshi|[\w/-]+\.(?:json|md)\b|JSON|YAML|BPMN|SVG|PDF|Word|Excel|DOCX|XLSX|ODT|TXT|API|GB\/T|QR|SHA-256|Cookie|Ctrl|Enter|Esc|https?:\S+|（写作 [^）]*）/gi, '');
      if (other.test(rest)) found.push(`“${text.trim().slice(0, 60)}” is in the other language${where}`);
    };
    const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const e = node.parentElement;
      if (!node.data.trim() || e.closest(data) || foreign(e) || e.localName === 'title') continue;
      look(node.data, e);
    }
    for (const attribute of ['aria-label', 'title', 'alt', 'placeholder', 'label', 'data-word', 'data-fresh', 'data-lost', 'data-over', 'data-copied', 'data-filter']) {
      for (const e of list(`[${attribute}]`)) if (!e.closest(data) && !foreign(e)) look(e.getAttribute(attribute), e, attribute);
    }
    return found;
  }

  // layout is what must hold at every width: nothing to scroll sideways, nothing cut off, room left to read.
  function layout() {
    const found = [];
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > wide) {
      const over = list('body *').filter((e) => e.getBoundingClientRect().right > wide + 1 && !e.parentElement.closest('.drawing, .wide')).slice(0, 3).map(name);
      found.push(`scrolls sideways: ${over.join(', ') || 'the page'}`);
    }
    for (const e of list('body *')) {
      const style = getComputedStyle(e);
      if (!/hidden|clip/.test(style.overflowX) || style.clipPath !== 'none' || !seen(e) || e.closest('svg')) continue;
      if (e.scrollWidth > e.clientWidth + 1 && e.innerText?.trim()) found.push(`is cut off: ${name(e)}`);
    }
    let covered = 0;
    for (const e of list('body *')) {
      const style = getComputedStyle(e);
      if (style.position !== 'fixed' && style.position !== 'sticky' || !seen(e) || style.top === 'auto' && style.bottom === 'auto') continue;
      const box = e.getBoundingClientRect();
      if (box.width > wide / 2 && box.height < innerHeight) covered += box.height;
    }
    if (covered > innerHeight * 0.4) found.push(`${Math.round(100 * covered / innerHeight)} % of the screen stay covered while scrolling`);
    return found;
  }

  // stops are the elements at which the Tab key stops, in the order of the page.
  function stops() {
    const all = list('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]').filter((e) =>
      e.tabIndex >= 0 && !e.disabled && !e.matches('details:not([open]) > :not(summary:first-of-type) *') && e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length);
    return all.filter((e) => {
      if (e.type !== 'radio') return true;
      const group = all.filter((o) => o.type === 'radio' && o.name === e.name && o.form === e.form);
      return e === (group.find((o) => o.checked) ?? group[0]);
    });
  }

  function order() {
    const found = list('[tabindex]').filter((e) => e.tabIndex > 0).map((e) => `has a tabindex of its own: ${name(e)}`);
    const flow = stops().filter((e) => seen(e) && !e.closest('.skip') && !floats(e));
    for (let i = 1; i < flow.length; i++) {
      const [a, b] = [flow[i - 1].getBoundingClientRect(), flow[i].getBoundingClientRect()];
      const line = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > Math.min(a.height, b.height) / 2;
      const above = b.bottom <= a.top + 2;
      const left = b.right <= a.left + 2;
      const beneath = a.left < b.right && b.left < a.right;
      // A region of its own, with a name, may stand beside the one that is read before it.
      if (!beneath && region(flow[i - 1]) !== region(flow[i])) continue;
      if (line && left || above && (left || beneath)) found.push(`the focus goes back from ${name(flow[i - 1])} to ${name(flow[i])}`);
    }
    return found;
  }

  const region = (e) => e.closest('section[aria-labelledby], section[aria-label], aside, nav, main');

  function floats(e) {
    for (let at = e; at; at = at.parentElement) if (/fixed|sticky/.test(getComputedStyle(at).position)) return true;
    return false;
  }

  const rgb = (colour) => (colour.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
  const light = (colour) => {
    const [r, g, b] = rgb(colour).map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  const ground = (e) => {
    for (let at = e.parentElement; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((rgb(colour)[3] ?? 1) > 0.9) return colour;
    }
    return getComputedStyle(document.documentElement).colorScheme.includes('dark') && matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(0,0,0)' : 'rgb(255,255,255)';
  };
  const ring = (e) => {
    const s = getComputedStyle(e);
    return {outline: s.outlineStyle === 'none' ? 'none' : `${s.outlineStyle} ${s.outlineWidth} ${s.outlineColor}`, shadow: s.boxShadow, width: parseFloat(s.outlineWidth), colour: s.outlineColor};
  };

  // focus is whether one sees where the focus is: a ring of at least 2 px with a contrast of 3:1.
  function focus() {
    const found = [];
    for (const e of stops()) {
      const holders = [e, e.closest('label, .choice, fieldset, li'), ...(e.labels ?? [])].filter(Boolean);
      const before = holders.map(ring);
      e.focus({focusVisible: true, preventScroll: true});
      if (document.activeElement !== e) {
        found.push(`cannot be focused: ${name(e)}`);
        continue;
      }
      settle();
      const after = holders.map(ring);
      const drawn = after.findIndex((r, i) => r.outline !== 'none' && r.outline !== before[i].outline && r.width >= 2);
      const shadow = after.some((r, i) => r.shadow !== before[i].shadow);
      if (drawn < 0 && !shadow) found.push(`no visible focus: ${name(e)}`);
      if (drawn >= 0 && contrast(after[drawn].colour, ground(holders[drawn])) < 3) found.push(`a faint focus, ${after[drawn].colour} on ${ground(holders[drawn])}: ${name(e)}`);
    }
    document.activeElement.blur();
    return found;
  }

  // targets are large enough for a finger: 24 px, but for links within a sentence (WCAG 2.2, 2.5.8).
  function targets() {
    const found = [];
    for (const e of list('a[href], button, input:not([type=hidden]), select, textarea, summary').filter(seen)) {
      const area = (e.type === 'radio' || e.type === 'checkbox') && e.closest('label') || e;
      const box = area.getBoundingClientRect();
      if (box.width >= 23.5 && box.height >= 23.5) continue;
      const own = e.innerText?.trim() ?? '', around = e.parentElement.innerText?.trim() ?? '';
      if (e.localName === 'a' && getComputedStyle(e).display === 'inline' && around.length > own.length + 1) continue;
      if (e.closest('.skip') || e.tabIndex < 0 && e.ariaHidden) continue;
      found.push(`is only ${Math.round(box.width)}x${Math.round(box.height)} px: ${name(e)}`);
    }
    return found;
  }

  // bare is what a page without script must not show: controls that do nothing.
  function bare() {
    const dead = list('button[type=button], [role=button]:not(button), a[href="#"], a[href^="javascript:"]').filter((e) => seen(e) && e.ariaDisabled !== 'true' && !e.popoverTargetElement && !e.commandForElement);
    const found = dead.map((e) => `does nothing without script: ${name(e)}`);
    if (!list('h1').some(seen)) found.push('has no heading');
    for (const f of list('form')) if (f.method === 'get' && !f.getAttribute('action') && f.method !== 'dialog') found.push(`a form leads nowhere: ${name(f)}`);
    return found;
  }

  // forced is what must be left when the system replaces all colours.
  function forced() {
    const found = [];
    for (const e of list('button, .button, input:not([type=hidden]):not([type=radio]):not([type=checkbox]):not([type=range]), select, textarea').filter(seen)) {
      const s = getComputedStyle(e);
      const sides = ['Top', 'Right', 'Bottom', 'Left'].filter((side) => s[`border${side}Style`] !== 'none' && parseFloat(s[`border${side}Width`]) >= 1);
      if (!sides.length && (s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 1)) found.push(`has no border with forced colours: ${name(e)}`);
    }
    return found;
  }

  function still() {
    const found = [];
    if (getComputedStyle(document.documentElement).scrollBehavior === 'smooth') found.push('scrolls smoothly though motion is unwanted');
    for (const e of list('body *')) {
      const s = getComputedStyle(e);
      const longest = (times) => Math.max(...times.split(',').map(parseFloat));
      if (longest(s.animationDuration) > 0.05 && s.animationName !== 'none') found.push(`moves though motion is unwanted: ${name(e)}`);
      if (longest(s.transitionDuration) > 0.05 && /all|transform|translate|scale|top|left|height|width|margin/.test(s.transitionProperty)) found.push(`glides though motion is unwanted: ${name(e)}`);
    }
    return found;
  }

  // follow notes where the Tab key leads; led compares that with the order of the page.
  function follow() {
    document.activeElement?.blur();
    scrollTo(0, 0);
    const path = window.luoshiPath = [];
    addEventListener('focusin', (event) => path.push(event.target), true);
    return stops().length;
  }
  function led() {
    const path = window.luoshiPath.filter((e, i, all) => e !== all[i - 1]);
    const want = stops();
    const found = [];
    let at = 0;
    for (const e of path) {
      if (at === want.length) break;
      if (e === want[at]) at++;
      else if (e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight) { // a box that scrolls is a stop of the browser's
        found.push(`the Tab key leads to ${name(e)} and not to ${name(want[at])}`);
        break;
      }
    }
    if (!found.length && at < want.length) found.push(`the Tab key never reaches ${name(want[at])}`);
    return found;
  }

  const all = {texts, layout, order, focus, targets, bare, forced, still, led};
  return {follow, faults: (...what) => JSON.stringify(what.flatMap((w) => typeof w === 'string' ? all[w]() : all[w[0]](...w.slice(1))))};
})();
true
