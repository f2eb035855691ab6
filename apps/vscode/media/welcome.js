// Runs in the welcome page's frame: buttons tell the extension what to do, the extension tells which steps are done.
const vscode = acquireVsCodeApi();

for (const button of document.querySelectorAll('[data-do]')) {
  button.addEventListener('click', () => vscode.postMessage({ do: button.dataset.do }));
}

window.addEventListener('message', ({ data }) => {
  for (const step of ['opened', 'typed', 'walked']) {
    document.getElementById(step).classList.toggle('done', data.done.includes(step));
  }
  document.getElementById('done').hidden = !data.done.includes('walked');
});
