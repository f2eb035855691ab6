import type { Verdict } from './gate.ts';

type Reason = Extract<Verdict, { kind: 'refuse' }>['reason'];

const SENTENCES: Record<Reason, string> = {
  host: 'This editor was asked for under a name that is not its own. Use the address that was printed.',
  origin: 'Another page tried to talk to this editor, and was refused.',
  session: 'This address is private. To get in, run tabstop again: it prints a fresh address for the running editor.',
  token:
    'This address was used before, or has expired. Run tabstop again: it prints a fresh one for the running editor.',
};

/** Loads nothing, runs nothing. */
export const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

export function refusalText(reason: Reason): string {
  return SENTENCES[reason];
}

export function refusalPage(reason: Reason): string {
  return page(
    'Tabstop',
    `<h1>Tabstop</h1><p>${SENTENCES[reason]}</p><pre>tabstop</pre><p>or, in the checkout,</p><pre>npm start</pre>`,
  );
}

/** Goes on to `location` by itself; the address with the token leaves the history. */
export function enterPage(location: string): string {
  return page(
    'Tabstop',
    `<p>Opening the editor…</p>`,
    `<meta http-equiv="refresh" content="0;url=${escapeHtml(location)}">`,
  );
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function page(title: string, body: string, head = ''): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${title}</title>${head}
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:18vh auto;padding:0 1.5rem}pre{padding:.6rem .9rem;background:#8882;border-radius:6px}</style>
${body}</html>
`;
}
