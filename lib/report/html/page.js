// What a page without a script can't do: the links between chart, timeline, messages and steps, search and filters.
// Everything that is shown is in the page already: it is copied or hidden. What a step holds stands in a <noscript>, markup
// like the rest of the page, and becomes elements when it is asked for.
'use strict';
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, props = {}, ...inside) => {
    const made = Object.assign(document.createElement(tag), props);
    made.append(...inside);
    return made;
  };
  const button = (text, act, props = {}) => make('button', { type: 'button', textContent: text, onclick: act, ...props });
  const gather = (name) => {
    const found = new Map();
    for (const one of all(`[data-${name}]`)) {
      const key = one.dataset[name];
      if (found.has(key)) found.get(key).push(one);
      else found.set(key, [one]);
    }
    return found;
  };
  const noted = (step) => step.querySelector('noscript');
  const parsed = (markup) => new DOMParser().parseFromString(markup, 'text/html').body.firstElementChild;
  const bySpan = gather('s'), byNode = gather('n');
  const steps = all('.step'), order = all('.row').map((row) => row.dataset.s);
  const stepOf = (span) => document.getElementById(`s${span}`);
  const body = document.body, chart = document.getElementById('chart');

  // -- one selection, shown everywhere ----------------------------------------------------------------------------
  let selected = null, lit = [], from = null;
  const panel = make('aside', { id: 'panel', hidden: true });
  panel.setAttribute('aria-label', 'The selected step');
  const told = make('span', { id: 'found' });
  told.setAttribute('role', 'status');
  const heard = make('span', { className: 'vh' });  // by whoever does not see the panel
  heard.setAttribute('role', 'status');

  const light = (elements) => {
    for (const one of lit) one.classList.remove('sel');
    lit = elements.filter((one) => one.matches('.row, .message, .step, .decision, .node, .dot'));
    for (const one of lit) one.classList.add('sel');
  };
  // Each into its box's view, and the page stays where it is. All is measured before anything moves, since that is laid out anew.
  const bring = (...wanted) => {
    const moves = [];
    for (const one of wanted) {
      const box = one && one.closest('.scroll');
      if (!box || !one.offsetParent) continue;
      const place = one.getBoundingClientRect(), view = box.getBoundingClientRect();
      if (place.top < view.top + 40 || place.bottom > view.bottom) moves.push([box, place.top - view.top - view.height / 3]);
    }
    for (const [box, by] of moves) box.scrollTop += by;
  };
  const copyOf = (element) => {
    const copy = element.cloneNode(true);
    for (const one of [copy, ...all('[id]', copy)]) one.removeAttribute('id');
    return copy;
  };
  const mostVisits = 10;
  const others = (step) => {
    const every = (byNode.get(step.dataset.n) || []).filter((one) => one.matches('.step'));
    if (every.length < 2) return [];
    const first = Math.max(0, Math.min(every.indexOf(step) - mostVisits / 2, every.length - mostVisits));
    const visits = every.slice(first, first + mostVisits);
    const list = make('ul', { className: 'of-step' });
    for (const one of visits) {
      const link = make('a', { href: `#${one.id}` }, ...[...copyOf(one.querySelector('summary')).childNodes]);
      link.dataset.s = one.dataset.s;
      if (one === step) link.setAttribute('aria-current', 'true');
      list.append(make('li', {}, link));
    }
    return [make('h4', { textContent: `Visits (${visits.length < every.length ? `${visits.length} of ` : ''}${every.length})` }), list];
  };
  const fill = (span) => {
    const step = stepOf(span), at = order.indexOf(span);
    const head = make('h2', {}, ...[...copyOf(step.querySelector('summary')).childNodes]);
    const decision = document.getElementById(`d${span}`);
    const bar = make('header', {},
      button('\u2191', () => walk(-1), { ariaLabel: 'The step before', title: 'k' }),
      button('\u2193', () => walk(1), { ariaLabel: 'The next step', title: 'j' }),
      make('span', { textContent: at < 0 ? 'not run' : `${at + 1} of ${order.length}` }),
      button('Close', () => select(null), { title: 'Esc' }));
    const options = decision ? [make('h4', { textContent: decision.querySelector('h3').textContent }), copyOf(decision.querySelector('.options'))] : [];
    const inside = noted(step) ? parsed(noted(step).textContent) : copyOf(step.querySelector('.inside'));
    for (const link of all('a[href^="#d"]', inside)) link.parentElement.remove();
    const facts = inside.querySelector('.facts');
    facts.after(...options, ...others(step));
    panel.replaceChildren(bar, head, inside);
  };
  const select = (span, asked) => {
    if (span === null) {
      panel.hidden = true;
      body.classList.remove('with-panel');
      light([]);
      if (from && panel.contains(document.activeElement)) from.focus();
      selected = from = null;
      return;
    }
    const step = stepOf(span);
    if (!step) return;
    if (asked && !panel.contains(asked)) from = asked;
    const back = panel.contains(document.activeElement);
    selected = span;
    const node = step.dataset.n === undefined ? [] : (byNode.get(step.dataset.n) || []).filter((one) => one.matches('.node, .dot'));
    const messages = (bySpan.get(span) || []).filter((one) => one.matches('.message'));
    light([...(bySpan.get(span) || []), ...node]);
    // Out of view, it would move the page: there, the sign of the step in the closed stage is lit.
    const stage = document.getElementById(`stage${step.dataset.t}`), place = chart.getBoundingClientRect();
    if (stage && asked && asked.closest('#chart') === null && place.bottom > 200 && place.top < innerHeight) stage.open = true;
    fill(span);
    panel.hidden = false;
    body.classList.add('with-panel');
    if (back) panel.querySelector('button').focus();
    panel.scrollTop = 0;
    bring((bySpan.get(span) || []).find((one) => one.matches('.row')), asked && asked.closest('.message') ? null : messages[0]);
    heard.textContent = `Selected: ${step.querySelector('b').textContent}, ${step.dataset.o.replace('_', ' ')}, ${messages.length} messages`;
  };
  const shown = (one) => !one.classList.contains('out');
  const walk = (by) => {
    const rows = all('.row').filter(shown);
    if (rows.length === 0) return;
    const at = rows.findIndex((row) => row.dataset.s === selected);
    select(rows[Math.min(Math.max(at < 0 ? 0 : at + by, 0), rows.length - 1)].dataset.s);
  };
  const openMessage = (place) => {
    const message = document.getElementById(`m${place}`);
    if (!message) return;
    message.open = true;
    if (message.dataset.s !== undefined) select(message.dataset.s, message);
    message.closest('section').scrollIntoView({ block: 'start' });
    bring(message);
    message.querySelector('summary').focus({ preventScroll: true });
  };
  document.addEventListener('click', (event) => {
    const target = event.target;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const message = target.closest('a[data-m]');
    const step = target.closest('a[data-s], a[href^="#s"]');
    const dot = target.closest('.dot');
    const rung = target.closest('.message > summary');
    if (message) {
      event.preventDefault();
      openMessage(message.dataset.m);
    } else if (step && /^#s\d+$/.test(step.getAttribute('href'))) {
      event.preventDefault();
      select(step.getAttribute('href').slice(2), step);
    } else if (rung && rung.parentElement.dataset.s !== undefined) {
      select(rung.parentElement.dataset.s, rung);
    } else if (dot) {
      const node = (byNode.get(dot.dataset.n) || []).find((one) => one.matches('a.node'));
      if (node) {
        event.preventDefault();
        select(node.dataset.s, dot);
      }
    }
  });
  const toTarget = () => {
    const place = /^#([smd])(\d+)$/.exec(location.hash), stage = /^#stage\d$/.exec(location.hash);
    if (stage) document.querySelector(stage[0]).open = true;
    if (place && place[1] === 'm') openMessage(place[2]);
    if (place && place[1] === 's' && stepOf(place[2])) {
      stepOf(place[2]).open = true;
      select(place[2]);
    }
  };
  addEventListener('hashchange', toTarget);
  document.addEventListener('toggle', ({ target }) => {
    if (target.matches('.step[open]') && noted(target)) noted(target).replaceWith(parsed(noted(target).textContent));
  }, true);

  // -- search and filters -----------------------------------------------------------------------------------------
  const wanted = { text: '', stages: new Set(), outcomes: new Set(), critical: false };
  let texts = null;  // of each step, with its messages: made when first asked for
  const signs = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
  const said = (markup) => markup.replace(/<[^>]*>/g, ' ').replace(/&(lt|gt|quot|#39|amp);/g, (all, name) => signs[name]);
  const textOf = (one) => (noted(one) ? `${one.firstElementChild.textContent} ${said(noted(one).textContent)}` : one.textContent).toLowerCase();
  const searchable = () => {
    texts = new Map(steps.map((step) => [step.dataset.s, textOf(step)]));
    for (const message of all('.message'))
      if (message.dataset.s !== undefined) texts.set(message.dataset.s, `${texts.get(message.dataset.s) || ''} ${textOf(message)}`);
  };
  const passes = (one) => (wanted.stages.size === 0 || wanted.stages.has(one.dataset.t)) &&
    (wanted.outcomes.size === 0 || wanted.outcomes.has(one.dataset.o)) && (!wanted.critical || one.dataset.c === '1');
  const isFiltered = () => wanted.text !== '' || wanted.stages.size > 0 || wanted.outcomes.size > 0 || wanted.critical;
  const filter = () => {
    if (wanted.text !== '' && !texts) searchable();
    const kept = new Set(), nodes = new Set();
    for (const step of steps)
      if (passes(step) && (wanted.text === '' || texts.get(step.dataset.s).includes(wanted.text))) {
        kept.add(step.dataset.s);
        nodes.add(step.dataset.n);
      }
    for (const one of all('.row, .step, .decision')) one.classList.toggle('out', !kept.has(one.dataset.s));
    let messages = 0;
    for (const one of all('.message')) {
      const fits = (one.dataset.s === undefined ? wanted.stages.size + wanted.outcomes.size === 0 && !wanted.critical : passes(one)) &&
        (wanted.text === '' || textOf(one).includes(wanted.text));
      one.classList.toggle('out', !fits);
      messages += fits ? 1 : 0;
    }
    for (const one of all('.table tbody tr'))
      one.classList.toggle('out', !passes(one) || (wanted.text !== '' && !textOf(one).includes(wanted.text)));
    for (const one of all('.node, .dot')) one.classList.toggle('dim', isFiltered() && !nodes.has(one.dataset.n));
    told.dataset.of = wanted.text;
    told.textContent = isFiltered() ? `${kept.size} steps, ${messages} messages` : '';
    reset.hidden = !isFiltered();
  };
  const toggle = (text, set, key) => {
    const made = button(text, () => {
      if (set.has(key)) set.delete(key);
      else set.add(key);
      made.setAttribute('aria-pressed', String(set.has(key)));
      filter();
    });
    made.setAttribute('aria-pressed', 'false');
    return made;
  };
  const search = make('input', { type: 'search', placeholder: 'Search  ( / )', spellcheck: false });
  search.setAttribute('aria-label', 'Search steps and messages');
  let pending = 0;
  search.addEventListener('input', () => {
    clearTimeout(pending);
    pending = setTimeout(() => {
      wanted.text = search.value.trim().toLowerCase();
      filter();
    }, 80);
  });
  const critical = button('critical path', () => {
    wanted.critical = !wanted.critical;
    critical.setAttribute('aria-pressed', String(wanted.critical));
    filter();
  });
  critical.setAttribute('aria-pressed', 'false');
  const group = (label, ...inside) => {
    const made = make('span', {}, ...inside);
    made.setAttribute('role', 'group');
    made.setAttribute('aria-label', label);
    return made;
  };
  const present = new Set(steps.map((step) => step.dataset.o));
  const stages = group('Filter by stage', 'Stage', ...[1, 2, 3, 4, 5].map((n) => {
    const made = toggle(String(n), wanted.stages, String(n));
    made.setAttribute('aria-label', `Stage ${n}`);
    return made;
  }));
  const outcomes = group('Filter by outcome', 'Outcome', ...['ok', 'expected', 'warning', 'failed', 'unknown', 'broken', 'not_run']
    .filter((o) => present.has(o)).map((o) => toggle(o.replace('_', ' '), wanted.outcomes, o)), critical);
  const reset = button('Clear', () => {
    wanted.text = search.value = '';
    wanted.stages.clear();
    wanted.outcomes.clear();
    wanted.critical = false;
    for (const one of all('#tools [aria-pressed="true"]')) one.setAttribute('aria-pressed', 'false');
    filter();
  }, { hidden: true });

  // -- theme, copying, keys ---------------------------------------------------------------------------------------
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const theme = () => {
    const root = document.documentElement;
    const now = root.dataset.theme || (dark.matches ? 'dark' : 'light');
    root.dataset.theme = now === 'dark' ? 'light' : 'dark';
  };
  const look = button('Dark / light', theme, { title: 't' });
  const copyText = async (text, of) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch (refused) {  // a page from a file may have no clipboard: the selection is copied instead
      getSelection().selectAllChildren(of);
      document.execCommand('copy');
    }
  };
  for (const command of all('.command')) {
    const code = command.querySelector('code');
    const copy = button('Copy', async () => {
      await copyText(code.textContent, code);
      copy.textContent = 'Copied';
      setTimeout(() => { copy.textContent = 'Copy'; }, 1500);
    });
    copy.setAttribute('aria-label', `Copy: ${code.textContent}`);
    command.append(copy);
  }
  const unfold = button('Open all stages', () => {
    const closed = all('.stage').filter((one) => !one.open);
    for (const one of closed.length > 0 ? closed : all('.stage')) one.open = closed.length > 0;
  });
  document.getElementById('chart-h').after(unfold);
  document.addEventListener('keydown', (event) => {
    const typing = /^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === 'Escape') {
      if (typing) search.blur();
      else select(null);
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = { '/': () => { tools.open = true; search.focus(); }, j: () => walk(1), k: () => walk(-1), t: theme };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });

  const tools = make('details', { id: 'tools', open: innerWidth > 700 }, make('summary', { textContent: 'Search and filters' }),
    make('div', {}, group('Search', search), stages, outcomes, reset, look, told));
  document.querySelector('.top').append(tools);
  body.append(panel, heard);
  // What the answer rests on is in view in each of the boxes.
  const proof = document.querySelector('.proofs a[data-s]'), message = document.querySelector('.proof a[data-m]');
  bring(proof && (bySpan.get(proof.dataset.s) || []).find((one) => one.matches('.row')), message && document.getElementById(`m${message.dataset.m}`));
  toTarget();
})();
