// Shows what the extension sends. Every text is set as text; nothing is ever read as HTML. What did not change keeps
// its node, so that a screen reader, the focus and a selection are not disturbed when the rest changes.
(() => {
  const vscode = acquireVsCodeApi();
  const page = document.getElementById('page');
  const svgNamespace = 'http://www.w3.org/2000/svg';
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
  const setText = (node, text) => {
    if (node.textContent !== text) node.textContent = text;
  };
  /** Makes `nodes` the children of the parent; those that stay are not moved. */
  const arrange = (parent, nodes) => {
    for (const child of [...parent.children]) if (!nodes.includes(child)) child.remove();
    nodes.forEach((node, index) => {
      if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
    });
  };
  const setLines = (list, lines) => {
    arrange(
      list,
      lines.map((_, index) => list.children[index] ?? element('li')),
    );
    lines.forEach((line, index) => setText(list.children[index], line));
  };
  const setButtons = (bar, tools, first) => {
    const buttons = tools.map(
      ({ act }) => [...bar.children].find((node) => node.dataset.act === act) ?? button(act),
    );
    arrange(bar, buttons);
    tools.forEach(({ label }, index) => {
      setText(buttons[index], label);
      buttons[index].classList.toggle('secondary', index > 0 || !first);
    });
  };
  const button = (act) => {
    const node = element('button', { type: 'button', 'data-act': act });
    node.addEventListener('click', () => vscode.postMessage({ act }));
    return node;
  };

  // In pixels of the page, so that the words in it are as large as all others.
  const left = 14;
  let width = 640;
  const narrowest = 140;
  /** In a narrower picture the name of the holder leaves no room for the end. */
  const roomForTwo = 360;
  /** A time, and room beside it. */
  const tickWidth = 80;
  const row = 38;
  const along = (share) => left + share * (width - 2 * left);

  const mark = (kind, x, y, title) => {
    const shape = shapes[kind](x, y);
    if (title !== undefined) shape.append(drawn('title', {}, title));
    return shape;
  };
  const shapes = {
    refresh: (x, y) => drawn('circle', { class: 'refresh', cx: x, cy: y, r: 3.5 }),
    refused: (x, y) => drawn('path', { class: 'refused', d: `M${x - 5} ${y - 5}l10 10m0 -10l-10 10` }),
    done: (x, y) => drawn('path', { class: 'done', d: `M${x - 5} ${y}l4 4l7 -8` }),
    deadline: (x, y) => drawn('path', { class: 'deadline', d: `M${x} ${y - 12}v24` }),
    now: (x, y) => drawn('path', { class: 'now', d: `M${x} ${y - 12}v24` }),
    // The time goes on there.
    beyond: (x, y) => drawn('path', { class: 'beyond', d: `M${x - 6} ${y - 5}l6 5l-6 5` }),
    earlier: (x, y) => drawn('path', { class: 'beyond', d: `M${x + 6} ${y - 5}l-6 5l6 5` }),
  };

  const setDrawing = (figure, { bars, tries, now, ticks, caption, description, legend }) => {
    const rows = bars.length + (tries.length > 0 ? 1 : 0);
    const height = rows * row + 26;
    const svg = drawn('svg', {
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': description,
    });
    const every = Math.ceil(ticks.length / Math.max(1, Math.floor(width / tickWidth)));
    for (const { at, label } of ticks.filter((_, index) => index % every === Math.floor((every - 1) / 2))) {
      svg.append(drawn('path', { class: 'tick', d: `M${along(at)} 0V${height - 20}` }));
      svg.append(
        drawn('text', { class: 'time', x: along(at), y: height - 5, 'text-anchor': anchorAt(at) }, label),
      );
    }
    const names = bars.flatMap((bar, index) => drawBar(svg, bar, index * row + 18));
    for (const { at, refused, label } of tries)
      svg.append(mark(refused ? 'refused' : 'done', along(at), bars.length * row + 20, label));
    const line = drawn('path', { class: 'now', d: `M${along(now.at)} 0V${height - 20}` });
    line.append(drawn('title', {}, now.label));
    // Names last, so that no line crosses them.
    svg.append(line, ...names);
    const keys = legend.map(({ kind, label }) => {
      const sample = drawn('svg', { class: 'sample', viewBox: '0 0 20 26', 'aria-hidden': 'true' });
      sample.append(mark(kind, 10, 13));
      return element('span', {}, sample, label);
    });
    figure.replaceChildren(
      element('figcaption', {}, caption),
      svg,
      element('div', { class: 'legend', 'aria-hidden': 'true' }, ...keys),
    );
  };
  /** No text may leave the picture at its sides. */
  const anchorAt = (share) => {
    const x = along(share);
    if (x < tickWidth / 2) return 'start';
    return x > width - tickWidth / 2 ? 'end' : 'middle';
  };
  /** Returns the texts. */
  const drawBar = (svg, bar, y) => {
    const { from, to, refreshes, end } = bar;
    const middle = y + 7;
    const start = along(from);
    const length = Math.max(4, along(to) - start);
    svg.append(
      drawn('rect', { class: `bar ${bar.kind}`, x: start, y: y + 2, width: length, height: 10, rx: 2 }),
    );
    if (bar.earlier) svg.append(mark('earlier', left - 8, middle));
    for (const { at, label } of refreshes) svg.append(mark('refresh', along(at), middle, label));
    const isRight = from > 0.7;
    const who = drawn(
      'text',
      {
        class: 'who',
        x: isRight ? start + length : start,
        y: y - 3,
        'text-anchor': isRight ? 'end' : 'start',
      },
      bar.label,
    );
    if (end === undefined) return [who];
    const x = end.beyond ? width - 6 : along(end.at);
    if (x > start + length)
      svg.append(drawn('path', { class: 'ahead', d: `M${start + length} ${middle}H${x}` }));
    svg.append(mark(end.beyond ? 'beyond' : 'deadline', x, middle, end.label));
    if (!end.beyond || isRight || width < roomForTwo) return [who];
    return [who, drawn('text', { class: 'who', x, y: y - 3, 'text-anchor': 'end' }, end.label)];
  };

  const headed = (name) => element('section', {}, element('h2'), element(name));
  const setHeaded = (node, { heading, lines }) => {
    setText(node.firstChild, heading);
    setLines(node.lastChild, lines);
  };
  const set = {
    text: setText,
    lines: setHeaded,
    fold: setHeaded,
    advice: (section, { heading, actions }) => {
      section.lastChild.className = 'actions';
      setText(section.firstChild, heading);
      setButtons(section.lastChild, actions, true);
    },
    tools: (footer, tools) => setButtons(footer, tools, false),
    drawing: setDrawing,
  };
  const make = {
    text: () => element('p', { class: 'alternatives' }),
    lines: () => headed('ul'),
    advice: () => headed('div'),
    fold: () => element('details', {}, element('summary'), element('ul')),
    tools: () => element('footer', { class: 'actions' }),
    drawing: () => element('figure'),
  };

  /** The parts of the page by name, with what each shows. */
  let parts = new Map();
  const part = (name, kind, data, extra) => ({ name, kind, data, shown: JSON.stringify([data, extra]) });
  const partsOf = (model) => [
    ...model.sections.map((section) => part(`section ${section.heading}`, 'lines', section)),
    ...(model.alternatives === undefined ? [] : [part('alternatives', 'text', model.alternatives)]),
    ...(model.picture === undefined ? [] : [part('picture', 'drawing', model.picture, width)]),
    part('advice', 'advice', { heading: model.adviceHeading, actions: model.actions }),
    ...model.details.map((detail) => part(`detail ${detail.heading}`, 'fold', detail)),
    part('tools', 'tools', model.tools),
  ];

  /** An action may have moved. If it was removed, the page gets the focus, or the next key would go nowhere. */
  const refocus = (node) => {
    const { act } = node.dataset;
    const again = page.contains(node) ? node : act && page.querySelector(`[data-act="${CSS.escape(act)}"]`);
    (again || page).focus({ preventScroll: true });
  };

  const show = (model) => {
    const focused = document.activeElement;
    const wasInside = focused !== null && focused !== page && page.contains(focused);
    width = Math.max(narrowest, page.clientWidth);
    setText(page.querySelector('.file'), model.title);
    setText(page.querySelector('.where'), model.where);
    // These two are there from the beginning: a screen reader reads only what changes in them.
    setText(page.querySelector('.verdict > h1'), model.verdict);
    setText(page.querySelector('.verdict > p'), model.confidence.text);
    const next = new Map();
    for (const { name, kind, data, shown } of partsOf(model)) {
      const known = parts.get(name) ?? { node: make[kind]() };
      if (known.shown !== shown) set[kind](known.node, data);
      next.set(name, { node: known.node, shown });
    }
    parts = next;
    const fixed = [page.querySelector('header'), page.querySelector('.verdict')];
    arrange(page, [...fixed, ...[...next.values()].map(({ node }) => node)]);
    if (wasInside && document.activeElement !== focused) refocus(focused);
  };

  window.addEventListener('message', ({ data }) => {
    if (typeof data !== 'object' || data === null || !data.model) return;
    vscode.setState({ resource: data.resource });
    last = data.model;
    show(last);
  });
  window.addEventListener('resize', () => {
    if (last) show(last);
  });
  vscode.postMessage({ ready: true });
})();
