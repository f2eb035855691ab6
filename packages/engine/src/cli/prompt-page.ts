export interface PageOptions {
  readonly name: string;
  readonly budget: number;
  /** Of the content security policy that the page is served with. */
  readonly nonce: string;
}

/** The page of `tabstop prompt preview`: no library, no network but its own server. */
export function previewPage({ name, budget, nonce }: PageOptions): string {
  const title = escapeHtml(name);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – prompt preview</title>
<style nonce="${nonce}">${STYLE}</style>
<header>
  <h1>${title}</h1>
  <form>
    <label for="slider">Budget</label>
    <input id="slider" type="range" min="0" max="${budget}" value="${budget}" aria-describedby="summary">
    <input id="number" type="number" min="0" step="1" value="${budget}" aria-label="Budget in tokens">
    <label><input id="dropped" type="checkbox" checked> Show what was dropped</label>
  </form>
  <p id="summary" role="status" aria-live="polite"></p>
</header>
<main>
  <section aria-labelledby="parts-title">
    <h2 id="parts-title">Parts</h2>
    <table>
      <caption>Tokens, counted piece by piece; pieces that stand together take fewer.</caption>
      <thead><tr><th scope="col">Part</th><th scope="col">Priority</th><th scope="col">Kept</th><th scope="col">Dropped</th></tr></thead>
      <tbody id="parts"></tbody>
    </table>
  </section>
  <section aria-labelledby="prompt-title">
    <h2 id="prompt-title">Prompt</h2>
    <div id="prompt"></div>
  </section>
</main>
<script nonce="${nonce}">${SCRIPT}</script>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --line: #d5dae0; --back: #fff; --panel: #f6f8fa; --bar: #2f6feb; --gone: #b35900; --gone-back: #fff4e5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --soft: #9aa4b0; --line: #333b45; --back: #14181d; --panel: #1b2027; --bar: #5b95ff; --gone: #ffb266; --gone-back: #2c2116; } }
* { box-sizing: border-box; }
body { margin: 0; font: 14px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--back); }
header { position: sticky; top: 0; z-index: 1; padding: 12px 20px; background: var(--panel); border-bottom: 1px solid var(--line); }
h1 { margin: 0 0 6px; font-size: 16px; font-weight: 600; }
h2 { margin: 0 0 8px; font-size: 13px; font-weight: 600; color: var(--soft); }
form { display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: center; }
#slider { flex: 1 1 260px; min-width: 160px; accent-color: var(--bar); }
#number { width: 7.5em; padding: 3px 6px; font: inherit; color: inherit; background: var(--back); border: 1px solid var(--line); border-radius: 4px; }
:focus-visible { outline: 2px solid var(--bar); outline-offset: 2px; }
#summary { margin: 6px 0 0; color: var(--soft); font-variant-numeric: tabular-nums; }
#summary.problem { color: var(--gone); font-weight: 600; }
main { display: grid; grid-template-columns: minmax(300px, 1fr) minmax(0, 2fr); gap: 24px; padding: 16px 20px; }
@media (max-width: 800px) { main { grid-template-columns: minmax(0, 1fr); } }
table { width: 100%; border-collapse: collapse; font-size: 13px; }
th, td { padding: 4px 6px; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 500; }
td:nth-child(n + 2) { white-space: nowrap; }
td:nth-child(n + 3), th:nth-child(n + 3) { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
caption { caption-side: bottom; padding: 6px; text-align: left; color: var(--soft); }
meter { display: block; width: 100%; height: 6px; }
.message { margin: 0 0 14px; border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
.message h3 { margin: 0; padding: 4px 10px; font-size: 12px; font-weight: 600; color: var(--soft); background: var(--panel); border-bottom: 1px solid var(--line); }
pre { margin: 0; padding: 8px 10px; font: 12.5px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.gone { display: block; margin: 2px 0; border-left: 3px solid var(--gone); background: var(--gone-back); }
.gone summary { padding: 1px 8px; color: var(--gone); cursor: pointer; font-family: system-ui, sans-serif; }
.gone pre { padding-top: 2px; color: var(--soft); }
.kind { padding: 0 5px; border: 1px solid var(--line); border-radius: 4px; color: var(--soft); }
body.kept-only .gone { display: none; }
`;

// Text of the prompt only ever becomes text nodes.
const SCRIPT = `
const token = new URLSearchParams(location.search).get('token');
const at = (id) => document.getElementById(id);
const slider = at('slider'), number = at('number'), summary = at('summary');
let wanted = Number(number.value), shown = -1, busy = false, ends = null;
const add = (parent, tag, text, className) => {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  parent.append(node);
  return node;
};
const set = (value) => { wanted = Math.max(0, Math.round(value) || 0); number.value = slider.value = String(wanted); refresh(); };
slider.addEventListener('input', () => set(Number(slider.value)));
number.addEventListener('input', () => { if (number.value !== '') { wanted = Math.max(0, Math.round(Number(number.value))); slider.value = String(wanted); refresh(); } });
at('dropped').addEventListener('change', (event) => document.body.classList.toggle('kept-only', !event.target.checked));
document.querySelector('form').addEventListener('submit', (event) => event.preventDefault());
async function refresh() {
  if (busy) return;
  busy = true;
  try {
    while (shown !== wanted) {
      const budget = wanted;
      const answer = await fetch('/render?budget=' + budget, { headers: { 'x-tabstop-token': token } });
      if (!answer.ok) throw new Error(await answer.text());
      draw(await answer.json());
      shown = budget;
    }
  } catch (error) {
    summary.className = 'problem';
    summary.textContent = error instanceof TypeError ? 'The preview was closed.' : error.message;
  } finally { busy = false; }
}
function draw(view) {
  summary.className = view.problem ? 'problem' : '';
  if (view.problem) {
    summary.textContent = view.problem;
    at('parts').replaceChildren();
    at('prompt').replaceChildren();
    if (!ends) { slider.max = String(Math.max(view.least * 2, wanted)); slider.value = String(wanted); }
    return;
  }
  if (!ends) {
    ends = view;
    slider.min = String(Math.min(view.least, wanted));
    slider.max = String(Math.max(view.most, wanted));
    slider.value = String(wanted);
  }
  const gone = view.pieces.filter((piece) => piece.dropped !== null);
  summary.textContent = view.tokens + ' of ' + view.budget + ' tokens (' + view.counter + ')' + (view.reserved ? ', ' + view.reserved + ' reserved' : '') +
    (gone.length ? '. Cut off below ' + view.cutoff + ': ' + gone.length + ' pieces dropped. All of it takes ' + view.most + '.' : '. Nothing was dropped.');
  const rows = document.createDocumentFragment();
  for (const part of view.parts) {
    const row = add(rows, 'tr');
    const name = add(row, 'td', part.part);
    const meter = add(name, 'meter');
    meter.max = Math.max(1, part.kept + part.dropped);
    meter.value = part.kept;
    meter.setAttribute('aria-label', 'kept share of ' + part.part);
    add(row, 'td', part.priority);
    add(row, 'td', String(part.kept));
    add(row, 'td', part.dropped ? String(part.dropped) : '');
  }
  at('parts').replaceChildren(rows);
  const boxes = document.createDocumentFragment();
  let box = null, last = null, run = null;
  for (const piece of view.pieces) {
    if (box === null || piece.message !== last) {
      box = add(boxes, 'article', undefined, 'message');
      add(box, 'h3', piece.message < 0 ? (piece.kind === 'text' ? 'prompt' : 'beside the messages') : view.messages[piece.message]);
      last = piece.message;
      run = null;
    }
    if (piece.dropped === null) {
      if (!run || run.kind !== 'kept') run = { kind: 'kept', node: add(box, 'pre') };
      if (piece.kind === 'text') { const span = add(run.node, 'span', piece.text); span.title = piece.part + ', ' + piece.tokens + ' tokens, priority ' + piece.priority; }
      else add(run.node, 'span', piece.kind + ' ' + piece.text + ' (' + piece.tokens + ' tokens)', 'kind');
      continue;
    }
    const key = piece.part + (/step/.test(piece.dropped) ? '' : piece.dropped);
    if (!run || run.kind !== key) {
      const details = add(box, 'details', undefined, 'gone');
      run = { kind: key, head: add(details, 'summary'), node: add(details, 'pre'), tokens: 0, count: 0 };
    }
    run.tokens += piece.tokens;
    run.count += 1;
    run.head.textContent = 'Dropped from ' + piece.part + ': ' + (run.count > 1 ? run.count + ' pieces, ' : '') + run.tokens + ' tokens; ' + piece.dropped;
    run.node.append(piece.text);
  }
  at('prompt').replaceChildren(boxes);
}
refresh();
`;
