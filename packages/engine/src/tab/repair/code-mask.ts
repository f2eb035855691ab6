/** What is blanked out besides comments. */
export type Masked = 'comments' | 'comments-and-strings';

const C_STRINGS = String.raw`"(?:[^"\\\n]|\\[\s\S])*"`;
const SINGLE = String.raw`'(?:[^'\\\n]|\\[\s\S])*'`;
const C_COMMENTS = String.raw`\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|(?![\s\S]))`;
const HASH_COMMENTS = String.raw`#[^\n]*`;
const TEMPLATE = '`(?:[^`\\\\]|\\\\[\\s\\S])*`';
/** A slash where an operand is due begins a pattern, not a division. The slash comes first, so that other places fail at once. */
const PATTERN = String.raw`\/(?<=(?:^|[(,=:\[!&|?{};\n]|\breturn)[ \t]*\/)(?![*\/])(?:[^\/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/`;
const ECMASCRIPT = [C_COMMENTS, C_STRINGS, SINGLE, TEMPLATE, PATTERN];
const C_LIKE = [C_COMMENTS, C_STRINGS, SINGLE];

const BY_LANGUAGE: Readonly<Record<string, readonly string[]>> = {
  typescript: ECMASCRIPT,
  typescriptreact: ECMASCRIPT,
  javascript: ECMASCRIPT,
  javascriptreact: ECMASCRIPT,
  python: [HASH_COMMENTS, String.raw`"""[\s\S]*?(?:"""|(?![\s\S]))|'''[\s\S]*?(?:'''|(?![\s\S]))`, C_STRINGS, SINGLE],
  go: [C_COMMENTS, C_STRINGS, SINGLE, '`[^`]*`'],
  // `'a` of a lifetime opens nothing.
  rust: [C_COMMENTS, String.raw`"(?:[^"\\]|\\[\s\S])*"`, String.raw`'(?:[^'\\\n]|\\[^\n']+)'`],
  java: C_LIKE,
  c: C_LIKE,
  cpp: C_LIKE,
  csharp: C_LIKE,
  kotlin: C_LIKE,
  php: [C_COMMENTS, String.raw`#(?!\[)[^\n]*`, C_STRINGS, SINGLE],
  ruby: [HASH_COMMENTS, C_STRINGS, SINGLE],
};

const compiled = new Map<string, RegExp>();
/** The latest texts, as one request asks for the same few several times. */
const memory = new Map<string, string>();
const MEMORY = 8;

/**
 * The text with comments, and strings where asked, replaced by blanks: every offset and line break stays. By spelling alone, so that it holds in the
 * middle of an edit; code inside `${…}` of a template is kept. A language that is not known is returned as it is.
 */
export function maskedCode(text: string, languageId: string, masked: Masked): string {
  const parts = BY_LANGUAGE[languageId];
  if (!parts) return text;
  const key = `${languageId} ${masked} ${text}`;
  const known = memory.get(key);
  if (known !== undefined) return known;
  const pattern = compiled.get(languageId) ?? new RegExp(parts.join('|'), 'gm');
  compiled.set(languageId, pattern);
  const result = text.replace(pattern, (found) => {
    if (isComment(found, languageId)) return blank(found);
    if (masked === 'comments') return found;
    return found[0] === '`' && found.includes('${') ? blankTemplate(found) : blank(found);
  });
  memory.set(key, result);
  if (memory.size > MEMORY) memory.delete(memory.keys().next().value!);
  return result;
}

function isComment(found: string, languageId: string): boolean {
  if (found[0] === '#') return true;
  return languageId !== 'python' && languageId !== 'ruby' && (found.startsWith('//') || found.startsWith('/*'));
}

function blank(text: string): string {
  return text.includes('\n') ? text.replace(/[^\n]/g, ' ') : ' '.repeat(text.length);
}

function blankTemplate(template: string): string {
  let result = '';
  let last = 0;
  for (const hole of template.matchAll(/\$\{[^{}`]*\}/g)) {
    result += blank(template.slice(last, hole.index));
    result += `  ${hole[0].slice(2, -1)} `;
    last = hole.index + hole[0].length;
  }
  return result + blank(template.slice(last));
}
