/** Words by which models say that code was left out, in any comment syntax or in bare prose between brackets. */
const LEFT_OUT =
  /\b(?:existing|rest of|remaining|remainder|unchanged|same as (?:before|above|original)|previous|original|omitted|elided|snip(?:ped)?|truncated|other|more|keep(?:s|ing)?|as before|no changes?|stays?|remains?)\b/i;
const ABOUT_CODE =
  /\b(?:code|imports?|functions?|methods?|class(?:es)?|file|implementation|body|logic|lines?|content|contents|definitions?|declarations?|fields?|properties|props|members?|statements?|tests?|cases?|variables?|constants?|types?|routes?|handlers?|styles?|rules?|markup|elements?|component|here|above|below|is|are|the same|unchanged|before)\b/i;

/** Words that say what was left out and that it stays. */
const OF_PLACEHOLDERS = new RegExp(
  `^[(]?(?:${LEFT_OUT.source}|${ABOUT_CODE.source}|(?:the|of|your|all|any|and|rest|continues?|goes|as|it|this|that|in|for|to|a|an|with|file's)\\b)[,;:.)]*$`,
  'i',
);

const COMMENT =
  /^(?:\/\/+|#+|--+|;+|%+|'|\*|"""|\/\*+|<!--|\{\/\*|\{#|<%#|<%--|REM\b|\(\*|--\[\[)\s*(.*?)\s*(?:\*+\/\}?|-->|--%>|%>|#\}|\*\)|"""|\]\])?$/;
const DOTS = /^(?:\.{3,}|\u2026)$/;

/**
 * Whether a line stands for code that was left out: `// ... existing code ...`, `# rest of the function unchanged`,
 * `/* ... *\/`, `<!-- ... -->`, `{/* ... *\/}`, `...`, `[... unchanged ...]`. A comment without dots has to say so in words
 * that speak of code staying, so that "// keep the connection open" is not one.
 */
export function isPlaceholder(line: string): boolean {
  const text = line.trim().replace(/[,;]$/, '');
  if (text === '' || text.length > 160) return false;
  if (DOTS.test(text)) return true;
  const comment = COMMENT.exec(text);
  let body = comment ? comment[1]! : text;
  // A comment inside brackets: `{ /* ... */ }`, `(...)`.
  if (!comment) {
    const bracketed = /^[[({<]\s*(.*?)\s*[\])}>]$/.exec(text);
    if (!bracketed)
      return /^(?:\.{3,}|\u2026)\s*\(?[\w\s'-]{0,80}\)?\s*(?:\.{3,}|\u2026)$/.test(text) && LEFT_OUT.test(text);
    body = bracketed[1]!;
    const inner = COMMENT.exec(body);
    if (inner) body = inner[1]!;
    else return (/^(?:\.{3,}|\u2026)/.test(body) || /(?:\.{3,}|\u2026)$/.test(body)) && LEFT_OUT.test(body);
  }
  body = body.replace(/^\(|\)$/g, '').trim();
  if (DOTS.test(body)) return true;
  const dotted = /^(?:\.{2,}|\u2026)/.test(body) || /(?:\.{3,}|\u2026)$/.test(body);
  if (dotted) {
    const words = body.replace(/\.{2,}|\u2026/g, ' ').trim();
    if (words === '') return true;
    const leads = /^(?:\.{2,}|\u2026)/.test(body);
    if (leads && /(?:\.{2,}|\u2026)$/.test(body)) return true;
    // A sentence that trails off is a comment like others unless it says hardly more than what was left out.
    if (!leads && words.split(' ').filter((word) => !OF_PLACEHOLDERS.test(word)).length > 1) return false;
    return LEFT_OUT.test(words) || ABOUT_CODE.test(words);
  }
  return saysUnchanged(body);
}

/** Without dots the sentence has to be about code that stays as it is, and about nothing else. */
function saysUnchanged(body: string): boolean {
  if (body.length > 90) return false;
  return (
    /^(?:the )?(?:existing|other|remaining|previous|original|all other|more)\s+(?:existing\s+)?[\w/, -]{0,40}?\b(?:code|imports?|functions?|methods?|classes|implementation|logic|lines|content|definitions|fields|properties|members|statements|tests|cases|routes|handlers|styles|rules|elements)\b(?:\s+(?:here|above|below|unchanged|stays?(?: the same)?|remains?(?: the same| unchanged)?|(?:is|are) unchanged|omitted.*|continues?.*|as before|goes here))?$/i.test(
      body,
    ) ||
    /^(?:the )?(?:rest|remainder)\s+(?:of\b.*|unchanged|is unchanged|stays.*|remains.*|as before)$/i.test(body) ||
    /^(?:unchanged|no changes?(?: here| below| above)?|same as (?:before|above|original)|code (?:omitted|unchanged|continues)[\w ]*|snip(?:ped)?|omitted(?: for brevity)?|truncated)$/i.test(
      body,
    ) ||
    /^[\w ,]{0,40}\b(?:stays? the same|(?:is|are|remains?|stays?) unchanged|unchanged|omitted for brevity)$/i.test(body)
  );
}
