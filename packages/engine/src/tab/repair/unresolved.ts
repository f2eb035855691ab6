import { isKeyword } from '../../workspace/languages.ts';
import { bindingsOf } from '../../workspace/scopes.ts';
import { occurrencesOf } from '../../workspace/tokens.ts';
import type { TabContext } from '../source.ts';
import type { RecentChange } from './changes.ts';
import { maskedCode } from './code-mask.ts';
import type { ImportStatement } from './imports/model.ts';

/** A name that the newest edits brought into a file where nothing declares or imports it. */
export interface Unresolved {
  readonly name: string;
  /** Where it is used first, in the text now. */
  readonly at: number;
  readonly uses: number;
  /** The word before `::`, in languages that write it. */
  readonly qualifier: string | undefined;
  /** The cursor stands right behind it: it may not be all. */
  readonly typing: boolean;
  /** Scopes of a syntax tree say so; else the text alone. */
  readonly bySyntax: boolean;
}

const MAX_NAMES = 6;

/** In order of the text. Names that the file used before, even undeclared, are none: they were not broken by the edit. */
export function unresolvedNames(
  context: TabContext,
  change: RecentChange,
  statements: readonly ImportStatement[],
): readonly Unresolved[] {
  const { document, before, introduced, produced } = change;
  const { languageId } = document;
  const words = [...introduced].filter((word) => isCandidate(languageId, word));
  if (words.length === 0 || words.length > 60) return [];
  const text = document.content;
  const code = maskedCode(text, languageId, 'comments-and-strings');
  const old = maskedCode(before.sliceString(0, undefined, '\n'), languageId, 'comments-and-strings');
  const imported = new Set(statements.flatMap(({ names }) => names.map(({ local }) => local)));
  const handedOn = [...text.matchAll(/^export\s[^;'"`=()]*\bfrom\s*['"]/gm)];
  const inImport = (at: number) =>
    statements.some(({ start, end }) => at >= start && at < end) ||
    handedOn.some((match) => at >= match.index && at < match.index + match[0].length);
  const found: Unresolved[] = [];
  for (const name of words) {
    if (imported.has(name) || occurrencesOf(old, name).some((at) => isUse(old, languageId, at, name))) continue;
    const uses = occurrencesOf(code, name).filter((at) => isUse(code, languageId, at, name) && !inImport(at));
    const first = uses.find((at) => produced.some(([start, end]) => at >= start && at < end));
    if (first === undefined || isDeclared(code, languageId, name)) continue;
    const qualifier = /(\w+)::$/.exec(code.slice(Math.max(0, first - 40), first))?.[1];
    // Scopes take what is qualified for a member.
    const bySyntax = qualifier === undefined ? freeBySyntax(context, change, name) : undefined;
    if (bySyntax === false) continue;
    const { cursor } = context;
    found.push({
      name,
      at: first,
      uses: uses.length,
      qualifier,
      typing: cursor.path === document.path && uses.some((at) => cursor.offset === at + name.length),
      bySyntax: bySyntax === true,
    });
  }
  return found.sort((a, b) => a.at - b.at).slice(0, MAX_NAMES);
}

/** Names that every Rust file has, though generic code for `no_std` imports them. */
const PRELUDE = new Set(
  'String Vec Box Option Some None Result Ok Err Clone Copy Send Sync Sized Drop Fn FnMut FnOnce Iterator IntoIterator Extend ToOwned ToString From Into AsRef AsMut Default Eq PartialEq Ord PartialOrd TryFrom TryInto FromIterator'.split(
    ' ',
  ),
);

function isCandidate(languageId: string, word: string): boolean {
  if (isKeyword(languageId, word) || !/^[\p{L}_$]/u.test(word)) return false;
  // Types are what is imported there; a lower-case name is a method or a local.
  if (languageId === 'rust' && PRELUDE.has(word)) return false;
  if (/^(?:java|csharp|php|ruby)$/.test(languageId)) return /^\p{Lu}/u.test(word);
  return true;
}

function isUse(code: string, languageId: string, at: number, name: string): boolean {
  const before = code.slice(Math.max(0, at - 24), at);
  const after = code.slice(at + name.length, at + name.length + 16);
  if (/(?:[^.]\.|\?\.|->)\s*$/.test(before) || /^\.$/.test(before)) return false;
  if (/::\s*$/.test(before)) return languageId === 'cpp' && /\bstd::\s*$/.test(before);
  if (languageId === 'go') return /^\.\p{Lu}/u.test(after);
  if (languageId === 'python') return !/^\s*=(?!=)/.test(after);
  // A key of an object or a named argument; `a ? name : b` and `case name:` are uses.
  return !(/^\s*\??:(?!:)/.test(after) && /(?:[{,(\n;]\s*|^)$/.test(before.replace(/\?\s*$/, '?')));
}

const DECLARED: Readonly<Record<string, (name: string) => RegExp>> = {
  python: (name) =>
    new RegExp(
      `\\b(?:def|class|as|for|global|nonlocal)\\s+${name}\\b|\\bimport\\b(?:[^\\n(]*|\\s*\\([^()]*)\\b${name}\\b|^[ \\t]*(?:[\\w, ]+,\\s*)?${name}\\s*(?:[:,][^=\\n]*)?=(?!=)|\\bdef\\s+\\w+\\s*\\([^)]*\\b${name}\\b|\\blambda\\b[^:\\n]*\\b${name}\\b|\\bfor\\s[^\\n]*?\\b${name}\\b[^\\n]*?\\bin\\b|\\b${name}\\s*:=`,
      'm',
    ),
  go: (name) =>
    new RegExp(
      `\\b(?:var|const|type|func)\\s+${name}\\b|\\b${name}\\b[^\\n;(]*:=|[(,]\\s*${name}\\s+[\\w*\\[\\].]+\\s*[,)]`,
      'm',
    ),
  rust: (name) =>
    new RegExp(
      `\\b(?:fn|struct|enum|trait|type|mod|const|static|union|let|mut|ref|for)\\s+${name}\\b|macro_rules!\\s+${name}\\b|[(,|<&]\\s*${name}\\s*:|<[^>\\n]*\\b${name}\\b[^>\\n]*>\\s*\\(|\\bextern crate ${name}\\b`,
    ),
};
const BRACES = (name: string) =>
  new RegExp(
    `\\b(?:const|let|var|function|function\\*|class|interface|type|enum|namespace|struct|union|record|trait|module|typedef|define|@interface|infer)\\s+${name}(?![\\w$])|\\b(?:const|let|var)\\s*[{\\[][^;=]*(?<![\\w$])${name}(?![\\w$])[^;=]*[}\\]]\\s*=|(?<![\\w$])${name}\\s*=>|\\(([^()]*[,{\\s])?${name}(?![\\w$])[^()]*\\)\\s*(?::[^={]+)?(?:=>|\\{)|<${name}(?:\\s+extends|\\s*[,>=])(?=[^\\n]*\\()`,
  );

function isDeclared(code: string, languageId: string, name: string): boolean {
  return (DECLARED[languageId] ?? BRACES)(name.replaceAll('$', '\\$')).test(code);
}

/** What scopes say: `true` where the name is used and bound nowhere, `undefined` where there is no tree yet. */
function freeBySyntax(context: TabContext, { document }: RecentChange, name: string): boolean | undefined {
  const tree = context.syntax.tree(document);
  if (!tree) return undefined;
  const { bindings } = bindingsOf(tree, document.languageId, document.content, name);
  if (bindings.length === 0) return undefined;
  if (bindings.some(({ kind }) => kind === 'local' || kind === 'top' || kind === 'import')) return false;
  if (bindings.some(({ kind }) => kind === 'free')) return true;
  // A member of the class around it, in languages that need no `this`.
  return false;
}
