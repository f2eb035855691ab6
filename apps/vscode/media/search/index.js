// Runs in the frame of the index view: draws what the extension says of the index, and tells it which button was pressed.
const vscode = acquireVsCodeApi();
const byId = (id) => document.getElementById(id);
const skipped = byId('skipped');

const LABELS = {
  pause: 'Pause',
  resume: 'Resume',
  rebuild: 'Rebuild',
  delete: 'Delete…',
  folder: 'Open Folder',
  settings: 'Settings',
  log: 'Show Log',
  restart: 'Start Again',
};

function draw(index) {
  document.body.dataset.tone = index.tone;
  for (const id of ['headline', 'detail']) if (byId(id).textContent !== index[id]) byId(id).textContent = index[id];
  const progress = byId('progress');
  progress.hidden = index.progress === undefined;
  const known = index.progress >= 0;
  progress.classList.toggle('endless', !known);
  if (known) {
    const percent = Math.round(index.progress * 100);
    progress.setAttribute('aria-valuenow', String(percent));
    progress.setAttribute('aria-valuetext', `${index.headline}. ${index.detail}`);
    progress.firstElementChild.style.width = `${percent}%`;
  } else {
    progress.removeAttribute('aria-valuenow');
    progress.firstElementChild.style.width = '';
  }
  byId('facts').replaceChildren(
    ...index.facts.map(([name, value]) => {
      const row = document.createElement('div');
      const term = document.createElement('dt');
      const fact = document.createElement('dd');
      term.textContent = name;
      fact.textContent = value;
      row.append(term, fact);
      return row;
    }),
  );
  skipped.hidden = index.skipped === 0;
  const summary = `${index.skipped.toLocaleString('en-US')} left out`;
  if (skipped.firstElementChild.textContent !== summary) {
    skipped.firstElementChild.textContent = summary;
    if (skipped.open) vscode.postMessage({ do: 'skipped' });
  }
  drawActions(index.actions);
}

/** A button under the mouse or with the focus stays the same one. */
function drawActions(actions) {
  const group = byId('actions');
  for (const button of [...group.children]) if (!actions.includes(button.dataset.do)) button.remove();
  for (const [at, action] of actions.entries()) {
    if (group.children[at]?.dataset.do === action) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset.do = action;
    button.textContent = LABELS[action];
    button.addEventListener('click', () => vscode.postMessage({ do: action }));
    group.insertBefore(button, group.children[at] ?? null);
  }
}

function drawSkipped(groups) {
  skipped.lastElementChild.replaceChildren(
    ...groups.map(({ reason, count, examples }) => {
      const item = document.createElement('li');
      const name = document.createElement('span');
      name.textContent = count > 0 ? `${count.toLocaleString('en-US')} × ${reason}` : reason;
      item.append(name);
      if (examples.length > 0) {
        const list = document.createElement('ul');
        list.append(
          ...examples.map((example) => {
            const line = document.createElement('li');
            line.textContent = example;
            line.title = example;
            return line;
          }),
        );
        item.append(list);
      }
      return item;
    }),
  );
}

skipped.addEventListener('toggle', () => {
  if (skipped.open) vscode.postMessage({ do: 'skipped' });
});
window.addEventListener('message', ({ data }) => {
  if (data.index) draw(data.index);
  if (data.skipped) drawSkipped(data.skipped);
});
vscode.postMessage({ do: 'ready' });
