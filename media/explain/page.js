// Shows what the extension sends. Every text is set as text; nothing is ever read as HTML.
(() => {
  const vscode = acquireVsCodeApi();
  const page = document.getElementById('page');
  const svgNamespace = 'http://www.w3.org/2000/svg';
  let shown = '';
  let last;

  const element = (name, attributes = {}, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
    node.append(
      ...children.map((child) => (typeof child === 'string' ? document.createTextNode(child) : child)),
    );
    return node;
  };
  const drawn = (name, attributes = {}, text) => {
    const node = document.createElementNS(svgNamespace, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const list = (lines, name = 'ul') => element(name, {}, ...lines.map((line) => element('li', {}, line)));
  const button = ({ act, label }, index) => {
    const node = element('button', { type: 'button', 'data-act': act }, label);
    if (index > 0) node.classList.add('secondary');
    node.addEventListener('click', () => vscode.postMessage({ act }));
    return node;
  };

  // In pixels of the page, so that the words in it are as large as all others.
  const left = 14;
  let width = 640;
  const row = 38;
  const along = (share) => left + share * (width - 2 * left);

  const mark = (kind, x, y) => {
    switch (kind) {
      case 'refresh':
        return drawn('circle', { class: 'refresh', cx: x, cy: y, r: 3.5 });
      case 'refused':
        return drawn('path', { class: 'refused', d: `M${x - 5} ${y - 5}l10 10m0 -10l-10 10` });
      case 'done':
        return drawn('path', { class: 'done', d: `M${x - 5} ${y}l4 4l7 -8` });
      case 'deadline':
        return drawn('path', { class: 'deadline', d: `M${x} ${y - 12}v24` });
      default:
        return drawn('path', { class: 'now', d: `M${x} ${y - 12}v24` });
    }
  };

  const drawing = ({ bars, tries, now, ticks, caption, told, legend }) => {
    width = Math.max(280, page.clientWidth);
    const rows = bars.length + (tries.length > 0 ? 1 : 0);
    const height = rows * row + 26;
    const svg = drawn('svg', {
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': `${caption}. ${told.join('. ')}`,
    });
    for (const { at, label } of ticks.filter((_, index) => width > 480 || index % 2 === 0)) {
      svg.append(drawn('path', { class: 'tick', d: `M${along(at)} 0V${height - 20}` }));
      svg.append(
        drawn('text', { class: 'time', x: along(at), y: height - 5, 'text-anchor': 'middle' }, label),
      );
    }
    const names = bars.map((bar, index) => {
      const y = index * row + 18;
      const from = along(bar.from);
      const length = Math.max(4, along(bar.to) - from);
      svg.append(
        drawn('rect', { class: `bar ${bar.kind}`, x: from, y: y + 2, width: length, height: 10, rx: 2 }),
      );
      for (const at of bar.refreshes) svg.append(mark('refresh', along(at), y + 7));
      if (bar.deadline !== undefined) {
        svg.append(drawn('path', { class: 'ahead', d: `M${from + length} ${y + 7}H${along(bar.deadline)}` }));
        svg.append(mark('deadline', along(bar.deadline), y + 7));
      }
      const anchor = bar.from > 0.7 ? 'end' : 'start';
      const x = anchor === 'end' ? from + length : from;
      return drawn('text', { class: 'who', x, y: y - 3, 'text-anchor': anchor }, bar.label);
    });
    tries.forEach(({ at, refused }) =>
      svg.append(mark(refused ? 'refused' : 'done', along(at), bars.length * row + 20)),
    );
    svg.append(drawn('path', { class: 'now', d: `M${along(now)} 0V${height - 20}` }));
    // Last, so that no line crosses them.
    svg.append(...names);
    const keys = legend.map(({ kind, label }) => {
      const sample = drawn('svg', { class: 'sample', viewBox: '0 0 20 26', 'aria-hidden': 'true' });
      sample.append(mark(kind, 10, 13));
      return element('span', {}, sample, label);
    });
    return element(
      'figure',
      {},
      element('figcaption', {}, caption),
      svg,
      element('div', { class: 'legend', 'aria-hidden': 'true' }, ...keys),
    );
  };

  const fold = ({ heading, lines }, open) => {
    const node = element('details', {}, element('summary', {}, heading), list(lines));
    if (open) node.setAttribute('open', '');
    return node;
  };

  const show = (model) => {
    const open = new Set(
      [...page.querySelectorAll('details[open] > summary')].map((node) => node.textContent),
    );
    const focused = document.activeElement?.getAttribute?.('data-act');
    const scroll = window.scrollY;
    page.replaceChildren(
      element(
        'header',
        {},
        element('p', { class: 'file' }, model.title),
        element('p', { class: 'where' }, model.where),
      ),
      element(
        'section',
        { class: 'verdict', role: 'status', 'aria-live': 'polite' },
        element('h1', {}, model.verdict),
        element('p', { class: `confidence ${model.confidence.level}` }, model.confidence.text),
      ),
      ...model.sections.map(({ heading, lines }) =>
        element('section', {}, element('h2', {}, heading), list(lines)),
      ),
      ...(model.alternatives === undefined
        ? []
        : [element('p', { class: 'alternatives' }, model.alternatives)]),
      ...(model.picture === undefined ? [] : [drawing(model.picture)]),
      element(
        'section',
        {},
        element('h2', {}, model.adviceHeading),
        element('div', { class: 'actions' }, ...model.actions.map(button)),
      ),
      ...model.details.map((detail) => fold(detail, open.has(detail.heading))),
      element('footer', { class: 'actions' }, ...model.tools.map((tool) => button(tool, 1))),
    );
    if (focused) page.querySelector(`[data-act="${CSS.escape(focused)}"]`)?.focus();
    window.scrollTo(0, scroll);
  };

  window.addEventListener('message', ({ data }) => {
    if (typeof data !== 'object' || data === null || !data.model) return;
    vscode.setState({ resource: data.resource });
    const next = JSON.stringify(data.model);
    // What reads aloud would say it all again.
    if (next === shown) return;
    shown = next;
    last = data.model;
    show(last);
  });
  window.addEventListener('resize', () => {
    if (last && page.clientWidth !== width) show(last);
  });
  vscode.postMessage({ ready: true });
})();
