// Runs in the frame of the search view. The extension tells what was found, the page draws it and tells what is typed and chosen.
const vscode = acquireVsCodeApi();
const query = document.getElementById('query');
const clear = document.getElementById('clear');
const said = document.getElementById('said');
const results = document.getElementById('results');
const index = document.getElementById('index');

/** The options in their order, and which of them is active. */
let options = [];
let active = -1;
/** Somebody has gone to the active one; else the best one is. */
let walked = false;
/** The words whose results are on the page. */
let answered = '';

/** An answer that comes for words of a moment ago does not end the waiting. */
const showBusy = () => results.setAttribute('aria-busy', String(answered !== query.value.trim()));

const tell = (now) => {
  walked = false;
  clear.hidden = query.value === '';
  showBusy();
  vscode.setState({ text: query.value });
  vscode.postMessage({ do: 'type', text: query.value, now });
};

function element(name, properties, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made && key !== 'role') made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

function draw(files) {
  const before = walked ? options[active]?.dataset.place : undefined;
  options = [];
  results.replaceChildren(
    ...files.map((file, at) => {
      const name = `file-${at}`;
      const head = element(
        'div',
        { className: 'file', id: name, title: file.path },
        element('span', { className: 'name' }, file.name),
        element('span', { className: 'folder' }, file.folder),
      );
      return element(
        'div',
        { role: 'group', 'aria-labelledby': name },
        head,
        ...file.rows.map((row) => option(file, row)),
      );
    }),
  );
  query.setAttribute('aria-expanded', String(options.length > 0));
  const same = options.findIndex((one) => one.dataset.place === before);
  activate(same >= 0 ? same : options.length > 0 ? 0 : -1, false);
}

function option(file, row) {
  const range = row.startLine === row.endLine ? `${row.startLine}` : `${row.startLine}-${row.endLine}`;
  const lines = row.lines.map((line) =>
    element(
      'div',
      { className: 'line' },
      element('span', { className: 'number', 'aria-hidden': 'true' }, String(line.number)),
      element('code', {}, ...line.parts.map(([text, match]) => (match ? element('mark', {}, text) : text))),
    ),
  );
  const head = element(
    'div',
    { className: 'head' },
    element('span', { className: 'range' }, range),
    element('span', { className: 'symbol' }, row.symbol),
  );
  const made = element(
    'div',
    { className: 'option', role: 'option', id: `option-${options.length}`, 'aria-selected': 'false', title: row.why },
    head,
    ...lines,
    element('div', { className: 'why' }, row.why),
  );
  made.setAttribute('aria-label', `${file.name} line ${row.startLine}${row.symbol ? `, ${row.symbol}` : ''}`);
  made.dataset.place = `${file.root}/${file.path}:${range}`;
  made.dataset.index = String(row.index);
  const place = options.length;
  // The focus stays in the box.
  made.addEventListener('mousedown', (event) => event.preventDefault());
  made.addEventListener('click', (event) => {
    walked = true;
    activate(place, false);
    open(event.ctrlKey || event.metaKey);
  });
  options.push(made);
  return made;
}

function activate(next, scroll) {
  options[active]?.setAttribute('aria-selected', 'false');
  for (const one of results.querySelectorAll('.active')) one.classList.remove('active');
  active = next;
  const chosen = options[active];
  if (!chosen) {
    query.removeAttribute('aria-activedescendant');
    return;
  }
  chosen.classList.add('active');
  chosen.setAttribute('aria-selected', 'true');
  query.setAttribute('aria-activedescendant', chosen.id);
  if (scroll) {
    // The name of the file comes into sight with its first result.
    (chosen.previousElementSibling?.className === 'file'
      ? chosen.parentElement.firstElementChild
      : chosen
    ).scrollIntoView({ block: 'nearest' });
    chosen.scrollIntoView({ block: 'nearest' });
  }
}

function open(beside) {
  const chosen = options[active];
  if (chosen) vscode.postMessage({ do: 'open', index: Number(chosen.dataset.index), beside });
}

const KEYS = {
  ArrowDown: () => activate(Math.min(active + 1, options.length - 1), true),
  ArrowUp: () => activate(Math.max(active - 1, 0), true),
  PageDown: () => activate(Math.min(active + 8, options.length - 1), true),
  PageUp: () => activate(Math.max(active - 8, 0), true),
};

query.addEventListener('input', () => tell(false));
query.addEventListener('keydown', (event) => {
  if (event.isComposing) return;
  if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
    // The editor would get it as well, a moment later, and select what was typed since, or its own text.
    event.preventDefault();
    event.stopPropagation();
    query.select();
    return;
  }
  if (KEYS[event.key] && options.length > 0) {
    event.preventDefault();
    walked = true;
    KEYS[event.key]();
  } else if (event.key === 'Enter') {
    event.preventDefault();
    if (options.length > 0) open(event.ctrlKey || event.metaKey);
    else tell(true);
  } else if (event.key === 'Escape' && query.value !== '') {
    event.preventDefault();
    query.value = '';
    tell(true);
  }
});
document.querySelector('form').addEventListener('submit', (event) => event.preventDefault());
clear.addEventListener('click', () => {
  query.value = '';
  query.focus();
  tell(true);
});

window.addEventListener('message', ({ data }) => {
  if (data.index) {
    index.textContent = data.index.short;
    index.dataset.tone = data.index.tone;
  }
  if (data.state) {
    document.body.dataset.state = data.state;
    if (said.textContent !== data.said) said.textContent = data.said;
    if (data.files) {
      answered = data.text;
      draw(data.files);
    }
    showBusy();
  }
  if (data.begin !== undefined) {
    query.value = data.begin;
    tell(true);
  }
  if (data.focus || data.begin !== undefined) {
    query.focus();
    query.select();
  }
});
window.addEventListener('focus', () => query.focus());

const { text = '' } = vscode.getState() ?? {};
vscode.postMessage({ do: 'ready' });
if (text !== '') {
  query.value = text;
  tell(true);
}
