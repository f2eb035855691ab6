import { OLD_NAME, TO_TYPE } from './sample.ts';

export interface PageParts {
  /** Sources the page may load from (`webview.cspSource`). */
  readonly source: string;
  readonly nonce: string;
  readonly style: string;
  readonly script: string;
  readonly icon: string;
  /** `Cmd` where the keyboard has it. */
  readonly control: 'Ctrl' | 'Cmd';
}

/** Pure: the welcome page. It loads its own three files and nothing else. */
export function welcomePage({ source, nonce, style, script, icon, control }: PageParts): string {
  const policy = `default-src 'none'; img-src ${source}; style-src ${source}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>Welcome to Tabstop</title>
</head>
<body>
<main>
<header>
<img src="${icon}" alt="" width="44" height="44">
<div><h1>Tabstop</h1><p>It sees what you change and offers the next change. You press <kbd>Tab</kbd>.</p></div>
</header>
<section aria-labelledby="try">
<h2 id="try">Try it in ten seconds</h2>
<ol class="steps">
<li id="opened"><button type="button" data-do="try">Open the sample</button><span>The cursor stands behind <code>${OLD_NAME}</code>.</span></li>
<li id="typed"><span>Type <code>${TO_TYPE}</code>. The name is now <code>${OLD_NAME}${TO_TYPE}</code>, in one place of four.</span></li>
<li id="walked"><span>Press <kbd>Tab</kbd>, and again, until all four are changed.</span></li>
</ol>
<p id="done" role="status" hidden>That was it. It works the same across files, in your own code.</p>
</section>
<section aria-labelledby="keys">
<h2 id="keys">Keys</h2>
<dl>
<div><dt><kbd>Tab</kbd></dt><dd>accept, or go to where the next change is</dd></div>
<div><dt><kbd>Esc</kbd></dt><dd>no, thanks</dd></div>
<div><dt><kbd>${control}</kbd> <kbd>→</kbd></dt><dd>accept one word</dd></div>
<div><dt><kbd>${control}</kbd> <kbd>Alt</kbd> <kbd>→</kbd></dt><dd>accept one line</dd></div>
<div><dt><kbd>Alt</kbd> <kbd>\\</kbd></dt><dd>show a suggestion now</dd></div>
</dl>
<p>Where nothing is offered, <kbd>Tab</kbd> indents as always.</p>
</section>
<section aria-labelledby="go">
<h2 id="go">Go on</h2>
<p class="links">
<button type="button" class="link" data-do="folder">Open a folder</button>
<button type="button" class="link" data-do="settings">Settings</button>
<button type="button" class="link" data-do="explain">Why this suggestion?</button>
</p>
<p class="quiet">No account, no key, no model to download. What Tab learns from you stays on this machine.</p>
</section>
</main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}
