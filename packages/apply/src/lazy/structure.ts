import { indentOf, type LineIndex } from '../place/line-index.ts';
import { isTelling } from '../place/placement.ts';
import { tokensOf } from '../place/similarity.ts';
import type { Snippet } from './snippet.ts';

const CLOSER = /^(?:[)\]}]|end\b|<\/|fi\b|done\b|esac\b)/;

export const isCloser = (trimmed: string): boolean => CLOSER.test(trimmed);

/** Lines that may anchor a run: letters or digits, and not only a word that closes a block. */
export const isAnchor = (trimmed: string): boolean =>
  isTelling(trimmed) && !/^(?:end|fi|done|esac)\b[;,)]*$/.test(trimmed);

/**
 * Pairs closing lines of the snippet with those of the document through the line that opens their block: where the opener
 * is known, the closer is the first line behind it that is as deep as it. Lets "new method, closing bracket of the class"
 * find the end of the class. Adds to `partners`.
 */
export function pairClosers(index: LineIndex, snippet: Snippet, partners: number[]): Set<number> {
  const paired = new Set<number>();
  for (const [i, text] of snippet.trimmed.entries()) {
    if (snippet.segmentOf[i]! < 0 || partners[i]! >= 0 || !isCloser(text)) continue;
    const opener = openerOf(snippet, i);
    const known = opener >= 0 && partners[opener]! >= 0 ? blockEnd(index, partners[opener]!) : undefined;
    // A line as deep above the placeholder may have opened another block than the one whose end is shown here.
    const acrossGap = opener < 0 || snippet.segmentOf[opener] !== snippet.segmentOf[i];
    const end = known ?? (acrossGap ? closerBehind(index, snippet, partners, i) : undefined);
    if (end === undefined || index.trimmed[end] !== text) continue;
    // The run behind took this line for the end of a new block: it is that of the block that the document has.
    const taker = partners.indexOf(end);
    if (taker > i && snippet.segmentOf[taker] === snippet.segmentOf[i]) {
      const other = openerOf(snippet, taker);
      if (other > i && partners[other]! < 0) partners[taker] = -1;
    }
    const before = partners.findLast((p, k) => k < i && p >= 0) ?? -1;
    const after = partners.find((p, k) => k > i && p >= 0) ?? Number.POSITIVE_INFINITY;
    if (end <= before || end >= after) continue;
    partners[i] = end;
    paired.add(i);
  }
  return paired;
}

/** Where the opener is under a placeholder: the first line behind the anchor above that is no deeper than the closer. */
function closerBehind(index: LineIndex, snippet: Snippet, partners: readonly number[], i: number): number | undefined {
  const depth = indentOf(snippet.lines[i]!).length;
  for (let k = i - 1; k >= 0 && snippet.segmentOf[k] === snippet.segmentOf[i]; k--) {
    const partner = partners[k]!;
    if (partner < 0 || snippet.trimmed[k] === '') continue;
    if (indentOf(snippet.lines[k]!) !== indentOf(index.document.lines[partner]!)) return undefined;
    if (indentOf(snippet.lines[k]!).length <= depth) return undefined;
    for (let line = partner + 1; line < index.trimmed.length; line++) {
      if (index.trimmed[line] === '' || indentOf(index.document.lines[line]!).length > depth) continue;
      return indentOf(index.document.lines[line]!).length === depth ? line : undefined;
    }
    return undefined;
  }
  return undefined;
}

/** The nearest line above that is as deep as line `i` and opens a block; -1 where there is none. */
function openerOf(snippet: Snippet, i: number): number {
  const depth = indentOf(snippet.lines[i]!).length;
  for (let k = i - 1; k >= 0; k--) {
    const text = snippet.trimmed[k]!;
    if (text === '' || snippet.segmentOf[k]! < 0) continue;
    const other = indentOf(snippet.lines[k]!).length;
    if (other > depth) continue;
    if (other < depth) return -1;
    if (isCloser(text) && !/[{([]$/.test(text)) return -1;
    return k;
  }
  return -1;
}

/** First line behind an opener that is as deep as it, all between being deeper; undefined where the block ends by dedent. */
export function blockEnd(index: LineIndex, opener: number): number | undefined {
  const depth = indentOf(index.document.lines[opener]!).length;
  for (let k = opener + 1; k < index.trimmed.length; k++) {
    const text = index.trimmed[k]!;
    if (text === '') continue;
    const other = indentOf(index.document.lines[k]!).length;
    if (other > depth) continue;
    return other === depth && isCloser(text) ? k : undefined;
  }
  return undefined;
}

/** Line behind the last one that is not blank and deeper than `opener`: where a block without closing line ends. */
export function dedentEnd(index: LineIndex, opener: number): number {
  const depth = indentOf(index.document.lines[opener]!).length;
  let end = opener + 1;
  for (let k = opener + 1; k < index.trimmed.length; k++) {
    if (index.trimmed[k] === '') continue;
    if (indentOf(index.document.lines[k]!).length <= depth) break;
    end = k + 1;
  }
  return end;
}

const DECLARATION =
  /^(?:(?:export|default|public|private|protected|internal|static|final|abstract|async|override|readonly|declare|pub(?:\([\w:]+\))?|unsafe|virtual|sealed|partial|inline|extern|const|constexpr)\s+)*(?:(?:function\*?|class|interface|type|enum|struct|trait|impl|fn|func|def|module|namespace|record|const|let|var|val|object)\s+)(?:\([^)]*\)\s*)?([\w$]+[?!]?)/;
const METHOD =
  /^(?:(?:public|private|protected|static|async|override|readonly|final|get|set|\*)\s+)*(?:[\w<>[\],.?]+\s+)?([\w$#]+)\s*(?:<[^>]*>)?\([^;]*\)\s*(?::[^{;]*)?\{$/;
const MEMBER = /^["']?([\w$-]+)["']?\s*[:=](?!=)/;
const NOT_A_NAME = new Set([
  'if',
  'for',
  'while',
  'switch',
  'catch',
  'return',
  'else',
  'function',
  'with',
  'do',
  'try',
  'new',
  'await',
  'throw',
  'case',
  'default',
]);

/** The name that a line declares or assigns: function, class, variable, method, key. */
export function declaredName(trimmed: string): string | undefined {
  const name = DECLARATION.exec(trimmed)?.[1] ?? METHOD.exec(trimmed)?.[1] ?? MEMBER.exec(trimmed)?.[1];
  return name === undefined || NOT_A_NAME.has(name) ? undefined : name;
}

/** How alike two lines are when words that are everywhere in the document count little: 0 to 1. */
export function createRareSimilarity(index: LineIndex): (a: string, b: string) => number {
  let counts: Map<string, number> | undefined;
  const weight = (token: string) => {
    if (!counts) {
      counts = new Map();
      for (const line of index.trimmed) for (const t of tokensOf(line)) counts.set(t, (counts.get(t) ?? 0) + 1);
    }
    const base = isTelling(token) ? 1 : 0.2;
    return base / (1 + Math.log2(1 + (counts.get(token) ?? 0)));
  };
  return (a, b) => {
    const left = new Set(tokensOf(a));
    const right = new Set(tokensOf(b));
    let shared = 0;
    let all = 0;
    for (const token of new Set([...left, ...right])) {
      all += weight(token);
      if (left.has(token) && right.has(token)) shared += weight(token);
    }
    return all === 0 ? 0 : shared / all;
  };
}

/** Behind such a line at the same depth nothing runs: new text that ends with it replaces what follows. */
export const endsFlow = (trimmed: string): boolean =>
  /^(?:return|throw|raise|break|continue|goto|yield return)\b/.test(trimmed);
