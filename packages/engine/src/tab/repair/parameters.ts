/** One item of a bracketed list. Offsets in the text it was read from, without white space around it. */
export interface ListItem {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A list in brackets: arguments of a call, parameters of a declaration. */
export interface BracketList {
  /** Offsets of the brackets themselves. */
  readonly open: number;
  readonly close: number;
  readonly items: readonly ListItem[];
}

const OPEN = '([{';
const CLOSE = ')]}';
/** A longer list is none that a person keeps in step by hand. */
const MAX_LENGTH = 4_000;

/** Reads the list whose bracket opens at `open` of `code` (strings and comments blanked; `text` has them). `undefined` where it is not closed. */
export function listAt(code: string, text: string, open: number): BracketList | undefined {
  const items: ListItem[] = [];
  let depth = 0;
  let start = open + 1;
  const push = (end: number) => {
    const raw = text.slice(start, end);
    const trimmed = raw.trim();
    if (trimmed === '') return;
    const from = start + raw.indexOf(trimmed[0]!);
    items.push({ text: trimmed, start: from, end: from + trimmed.length });
  };
  for (let at = open; at < Math.min(code.length, open + MAX_LENGTH); at++) {
    const char = code[at]!;
    // `<A, B>` of types: a comparison has blanks around it.
    if (
      OPEN.includes(char) ||
      (char === '<' && /[\w]/.test(code[at - 1] ?? '') && /[\w'&([{]/.test(code[at + 1] ?? ''))
    )
      depth++;
    else if (CLOSE.includes(char) || (char === '>' && !/[-=\s]/.test(code[at - 1] ?? '') && depth > 1)) {
      depth--;
      if (depth === 0) {
        push(at);
        return { open, close: at, items };
      }
    } else if (char === ',' && depth === 1) {
      push(at);
      start = at + 1;
    }
  }
  return undefined;
}

/** The bracket `(` that encloses `offset`, at most so far back as a list is long. */
export function openingBefore(code: string, offset: number): number {
  let depth = 0;
  for (let at = offset - 1; at >= Math.max(0, offset - MAX_LENGTH); at--) {
    const char = code[at]!;
    if (CLOSE.includes(char)) depth++;
    else if (OPEN.includes(char)) {
      if (depth === 0) return char === '(' ? at : -1;
      depth--;
    }
  }
  return -1;
}

/** A function head: `name(…)` where it is declared, not called. */
export interface Head {
  readonly name: string;
  readonly nameStart: number;
  readonly list: BracketList;
  /** Reached through an object: its calls have a receiver. */
  readonly member: boolean;
}

const KEYWORD_BEFORE = /\b(?:function\*?|def|func|fn|fun|sub)\s+(?:\([^()]*\)\s*)?(?:self\.)?$/;
const NOT_A_HEAD =
  /^(?:if|for|while|switch|catch|return|await|new|throw|typeof|sizeof|with|assert|elif|super|this|yield|not|in|and|or|match|else|do)$/;

/** The declaration whose parameter list opens at `open`, or `undefined` where it is none. By spelling; `code` is without strings and comments. */
export function headAt(code: string, text: string, languageId: string, open: number): Head | undefined {
  const before = code.slice(Math.max(0, open - 300), open);
  const list = listAt(code, text, open);
  if (!list) return undefined;
  const assigned = /([\w$]+)\s*(?::[^=;\n]*)?=\s*(?:async\s+)?(?:function\s*)?$/.exec(before);
  const after = code.slice(list.close + 1, list.close + 200);
  if (assigned && /^\s*(?::[^=;{]*)?(?:=>|\{)/.test(after)) {
    const at = open - before.length + assigned.index;
    return { name: assigned[1]!, nameStart: at, list, member: false };
  }
  const named = /([\p{L}_$][\p{L}\p{Nd}_$]*)\s*(?:<[^<>()]*>|\[[^[\]()]*\])?\s*$/u.exec(before);
  if (!named || NOT_A_HEAD.test(named[1]!)) return undefined;
  const nameStart = open - before.length + named.index;
  const lead = before.slice(0, named.index);
  const head = { name: named[1]!, nameStart, list };
  if (KEYWORD_BEFORE.test(lead)) {
    const indented = /(?:^|\n)[ \t]+[^\n]*$/.test(lead);
    const receiver = /func\s+\([^()]*\)\s*$/.test(lead);
    const self = /^[&\s]*(?:mut\s+)?(?:self|cls)\b/.test(list.items[0]?.text ?? '');
    return { ...head, member: receiver || self || (languageId === 'ruby' && indented) };
  }
  if (/^(?:python|ruby|go|rust)$/.test(languageId)) return undefined;
  if (/[.]\s*$|->\s*$|\b(?:return|await|new|throw|else|case)\s+$|[=(,!?&|+]\s*$/.test(lead)) return undefined;
  const bodyFollows = /^\s*(?:const\s*|noexcept\s*|override\s*|async\s*)*(?:(?::|->|throws\b)[^={;]*)?\{/.test(after);
  const ecma = /^(?:type|java)script/.test(languageId);
  // `Type name(…)`: a method or a C function; without a body it is a declaration where types are.
  const typed = !ecma && /[\w>*&\]]\s*[*&\s]$|::$/.test(lead) && !/(?:^|[;{}])\s*$/.test(lead);
  if (
    !(bodyFollows && (ecma || typed || /[\n{};]\s*$/.test(lead))) &&
    !(typed && /^\s*(?:const\s*|override\s*)*;/.test(after))
  )
    return undefined;
  return { ...head, member: ecma || /^(?:java|csharp|php)$/.test(languageId) };
}

/** The name of a parameter as the body uses it, by the order in which a language writes name and type. */
export function parameterName(parameter: string, languageId: string): string | undefined {
  const bare = parameter.replace(/^(?:@[\w.]+(?:\([^()]*\))?\s+)+/, '').replace(/^(?:\.\.\.|\*{1,2}|&(?=\w+$))/, '');
  switch (languageId) {
    case 'c':
    case 'cpp':
    case 'java':
    case 'csharp':
    case 'php':
      return /([\p{L}_]\w*)\s*(?:\[[^\]]*\])?\s*(?:=.*)?$/su.exec(bare)?.[1];
    case 'rust':
      return /^(?:mut\s+|ref\s+)?([\p{L}_]\w*)\s*(?::|$)/u.exec(bare)?.[1];
    default:
      return /^(?:(?:public|private|protected|readonly|override)\s+)*([\p{L}_$][\p{L}\p{Nd}_$]*)/u.exec(bare)?.[1];
  }
}

/** A call may leave it out. */
export function isOptional(parameter: string): boolean {
  // `...rest`, `*args`, `opts ...Option` of Go, `String... names` of Java, `params` of C#.
  return /^(?:\.\.\.|\*)|\s\.\.\.\w|\w\.\.\.\s|^params\s|^[\w$\s]+\?\s*(?::|$)|[^=!<>]=(?![=>])/.test(parameter);
}
