/** The parts of an expression that tell something about n-grams. */
export type RegexNode =
  /** Anything at all, the empty text included. */
  | { readonly kind: 'any' }
  | { readonly kind: 'empty' }
  /** One of these characters. */
  | { readonly kind: 'one'; readonly characters: readonly string[] }
  | { readonly kind: 'sequence' | 'either'; readonly of: readonly RegexNode[] }
  /** `most` is infinite for `*` and `+`. */
  | { readonly kind: 'repeat'; readonly of: RegexNode; readonly least: number; readonly most: number };

export interface ParsedRegex {
  readonly node: RegexNode;
  /** Some of it matches without regard to case. */
  readonly anyCase: boolean;
}

const ANY: RegexNode = { kind: 'any' };
const EMPTY: RegexNode = { kind: 'empty' };
const MOST_OF_CLASS = 12;
const CONTROL: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\u0007' };

/**
 * Reads the syntax of Rust's `regex` (which ripgrep speaks). `undefined` for what it does not know with certainty: invalid expressions, bytes instead
 * of Unicode, free spacing.
 */
export function parseRegex(pattern: string, ignoreCase: boolean): ParsedRegex | undefined {
  const characters = [...pattern];
  let at = 0;
  let anyCase = false;
  try {
    const node = alternatives(ignoreCase);
    if (at < characters.length) return undefined;
    return { node, anyCase };
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined;
    throw error;
  }

  function alternatives(folded: boolean): RegexNode {
    let fold = folded;
    const branches: RegexNode[] = [];
    let branch: RegexNode[] = [];
    while (at < characters.length && characters[at] !== ')') {
      if (characters[at] === '|') {
        at++;
        branches.push({ kind: 'sequence', of: branch });
        branch = [];
        continue;
      }
      const flags = startsWith('(?') ? flagsOnly(fold) : undefined;
      if (flags !== undefined) {
        fold = flags;
        continue;
      }
      branch.push(repeated(atom(fold)));
    }
    branches.push({ kind: 'sequence', of: branch });
    return branches.length === 1 ? branches[0]! : { kind: 'either', of: branches };
  }

  /** `(?i)`: for the rest of the group. Answers whether case is folded from here on. */
  function flagsOnly(fold: boolean): boolean | undefined {
    const close = characters.indexOf(')', at);
    const text = characters.slice(at + 2, close < 0 ? undefined : close).join('');
    if (!/^[a-zA-Z-]+$/.test(text)) return undefined;
    at = close + 1;
    return withFlags(text, fold);
  }

  function withFlags(text: string, fold: boolean): boolean {
    const [on = '', off = ''] = text.split('-');
    if (!/^[imsUuR]*$/.test(on) || !/^[imsUR]*$/.test(off)) throw new NotUnderstood();
    return on.includes('i') ? true : off.includes('i') ? false : fold;
  }

  function atom(fold: boolean): RegexNode {
    const character = characters[at++]!;
    switch (character) {
      case '(':
        return group(fold);
      case '[':
        return classOf(fold);
      case '.':
        return ANY;
      case '^':
      case '$':
        return EMPTY;
      case '\\':
        return backslash(fold);
      case '*':
      case '+':
      case '?':
      case '{':
      case '}':
      case ']':
        throw new NotUnderstood();
      default:
        return one([character], fold);
    }
  }

  function group(fold: boolean): RegexNode {
    let inner = fold;
    if (characters[at] === '?') {
      const head = /^\?(?:P?<[A-Za-z_][\w.[\]]*>|([a-zA-Z-]*):)/.exec(characters.slice(at, at + 80).join(''));
      if (!head) throw new NotUnderstood();
      inner = withFlags(head[1] ?? '', fold);
      at += head[0].length;
    }
    const node = alternatives(inner);
    if (characters[at++] !== ')') throw new NotUnderstood();
    return node;
  }

  function repeated(node: RegexNode): RegexNode {
    let result = node;
    for (;;) {
      const count = quantifier();
      if (!count) return result;
      if (characters[at] === '?') at++;
      result = { kind: 'repeat', of: result, least: count[0], most: count[1] };
    }
  }

  function quantifier(): readonly [number, number] | undefined {
    switch (characters[at]) {
      case '*':
        at++;
        return [0, Number.POSITIVE_INFINITY];
      case '+':
        at++;
        return [1, Number.POSITIVE_INFINITY];
      case '?':
        at++;
        return [0, 1];
      case '{': {
        const counts = /^\{(\d+)(,(\d*))?\}/.exec(characters.slice(at, at + 24).join(''));
        if (!counts) throw new NotUnderstood();
        at += counts[0].length;
        const least = Number(counts[1]);
        return [
          least,
          counts[2] === undefined ? least : counts[3] === '' ? Number.POSITIVE_INFINITY : Number(counts[3]),
        ];
      }
      default:
        return undefined;
    }
  }

  function one(members: readonly string[], fold: boolean): RegexNode {
    if (!fold) return { kind: 'one', characters: members };
    anyCase = true;
    // Case of characters outside ASCII is not folded in the index.
    return members.some((member) => member > '\u007f') ? ANY : { kind: 'one', characters: members };
  }

  function backslash(fold: boolean): RegexNode {
    const letter = characters[at];
    if (letter !== undefined && 'bBAz<>'.includes(letter)) {
      at++;
      if (letter === 'b' && characters[at] === '{') at = skipBraces();
      return EMPTY;
    }
    const character = escaped();
    return character === undefined ? ANY : one([character], fold);
  }

  /** After the backslash: a character, or `undefined` for a class of characters. */
  function escaped(): string | undefined {
    const letter = characters[at++];
    if (letter === undefined) throw new NotUnderstood();
    if ('dDwWsS'.includes(letter)) return undefined;
    if (letter === 'p' || letter === 'P') {
      if (characters[at] === '{') at = skipBraces();
      else at++;
      return undefined;
    }
    if (CONTROL[letter] !== undefined) return CONTROL[letter];
    if (letter === 'x' || letter === 'u' || letter === 'U') return byNumber(letter);
    if (/[A-Za-z0-9]/.test(letter)) throw new NotUnderstood();
    return letter;
  }

  function byNumber(letter: 'x' | 'u' | 'U'): string {
    const length = { x: 2, u: 4, U: 8 }[letter];
    const digits = /^(?:\{([0-9A-Fa-f]{1,8})\}|([0-9A-Fa-f]+))/.exec(
      characters.slice(at, at + (characters[at] === '{' ? 10 : length)).join(''),
    );
    if (!digits || (digits[2] !== undefined && digits[2].length !== length)) throw new NotUnderstood();
    at += digits[0].length;
    const code = Number.parseInt(digits[1] ?? digits[2]!, 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw new NotUnderstood();
    return String.fromCodePoint(code);
  }

  function skipBraces(): number {
    const close = characters.indexOf('}', at);
    if (close < 0) throw new NotUnderstood();
    return close + 1;
  }

  /** After `[`. What is more than a few characters is any. */
  function classOf(fold: boolean): RegexNode {
    const members: string[] = [];
    let wide = false;
    if (characters[at] === '^') {
      at++;
      wide = true;
    }
    for (let first = true; ; first = false) {
      const character = characters[at];
      if (character === undefined) throw new NotUnderstood();
      if (character === ']' && !first) break;
      if (character === '[') {
        at++;
        // `[:alpha:]` is read as a class of its letters, which ends at the same place.
        classOf(fold);
        wide = true;
        continue;
      }
      if (startsWith('&&') || startsWith('--') || startsWith('~~')) wide = true;
      at++;
      const from = character === '\\' ? escaped() : character;
      if (from === undefined) {
        wide = true;
        continue;
      }
      if (characters[at] === '-' && characters[at + 1] !== ']' && characters[at + 1] !== undefined) {
        at++;
        const last = characters[at++]!;
        const to = last === '\\' ? escaped() : last;
        if (to === undefined || last === '[') throw new NotUnderstood();
        wide ||= !addRange(members, from, to);
      } else members.push(from);
    }
    at++;
    if (wide || members.length === 0 || members.length > MOST_OF_CLASS) return anyOne(fold);
    return one(members, fold);
  }

  function anyOne(fold: boolean): RegexNode {
    if (fold) anyCase = true;
    return ANY;
  }

  function startsWith(text: string): boolean {
    return [...text].every((character, index) => characters[at + index] === character);
  }
}

function addRange(members: string[], from: string, to: string): boolean {
  const first = from.codePointAt(0)!;
  const last = to.codePointAt(0)!;
  if (last < first) throw new NotUnderstood();
  if (last - first >= MOST_OF_CLASS) return false;
  for (let code = first; code <= last; code++) members.push(String.fromCodePoint(code));
  return true;
}

class NotUnderstood extends Error {}
