/** What a page of ours may load: its own style and script, nothing else, and nothing from elsewhere. */
export interface PageParts {
  /** Sources the page may load from (`webview.cspSource`). */
  readonly source: string;
  readonly nonce: string;
  readonly style: string;
  readonly script: string;
}

function page({ source, nonce, style, script }: PageParts, title: string, body: string): string {
  const policy = `default-src 'none'; style-src ${source}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>${title}</title>
</head>
<body>
${body}
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}

/** Pure: the search view. The focus stays in the box; arrow keys walk through the results (a combobox with a list of options). */
export function searchPage(parts: PageParts): string {
  return page(
    parts,
    'Search',
    `<form role="search">
<input id="query" type="text" role="combobox" aria-label="Search the codebase" aria-controls="results" aria-expanded="false"
  aria-autocomplete="list" aria-describedby="said" autocomplete="off" spellcheck="false" maxlength="2000"
  placeholder="Where do we retry uploads?">
<button id="clear" type="button" aria-label="Clear the search" title="Clear (Escape)" hidden>✕</button>
</form>
<p id="said" role="status" aria-live="polite"></p>
<div id="results" role="listbox" aria-label="Results"></div>
<p id="index"></p>`,
  );
}

/** Pure: the index view. */
export function indexPage(parts: PageParts): string {
  return page(
    parts,
    'Index',
    `<main>
<h2 id="headline" role="status" aria-live="polite"></h2>
<div id="progress" role="progressbar" aria-label="Progress of the index" aria-valuemin="0" aria-valuemax="100" hidden><div></div></div>
<p id="detail"></p>
<dl id="facts"></dl>
<details id="skipped" hidden><summary></summary><ul></ul></details>
<div id="actions" role="group" aria-label="Actions"></div>
</main>`,
  );
}
