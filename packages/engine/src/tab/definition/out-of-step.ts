import type { Document } from '../../workspace/document.ts';
import { type HistoryEdit, historyEdits } from '../../workspace/history.ts';
import { stringOf } from '../../workspace/text-edit.ts';
import { maskedCode } from '../repair/code-mask.ts';
import { type BracketList, headAt, isOptional, listAt, openingBefore } from '../repair/parameters.ts';

/** A call whose number of arguments the newest edit changed. */
export interface ChangedCall {
  readonly name: string;
  readonly nameStart: number;
  /** Called on an object. */
  readonly member: boolean;
  readonly before: number;
  readonly now: number;
}

/** Calls that stood there before the edit and take another number of arguments since. With a spread among them the number is not known: left out. */
export function changedCalls(edit: HistoryEdit, document: Document): readonly ChangedCall[] {
  const { languageId } = document;
  const text = document.content;
  const oldText = stringOf(edit.before);
  const code = maskedCode(text, languageId, 'comments-and-strings');
  const oldCode = maskedCode(oldText, languageId, 'comments-and-strings');
  const inverse = edit.changes.invertedDesc;
  const opens = new Set<number>();
  let shift = 0;
  for (const [start, end, inserted] of historyEdits(edit)) {
    opens.add(openingBefore(code, start + shift));
    opens.add(openingBefore(code, start + shift + inserted.length));
    shift += inserted.length - (end - start);
  }
  const found: ChangedCall[] = [];
  for (const open of opens) {
    if (open < 0 || headAt(code, text, languageId, open)) continue;
    const named = /([\p{L}_$][\p{L}\p{Nd}_$]*)\s*$/u.exec(code.slice(Math.max(0, open - 80), open));
    const oldOpen = inverse.mapPos(open, 1);
    const list = listAt(code, text, open);
    const old = oldCode[oldOpen] === '(' ? listAt(oldCode, oldText, oldOpen) : undefined;
    if (!named || !list || !old || list.items.length === old.items.length || [list, old].some(spreads)) continue;
    const nameStart = open - named[0].length;
    found.push({
      name: named[1]!,
      nameStart,
      member: /(?:\.|->|::)\s*$/.test(code.slice(Math.max(0, nameStart - 4), nameStart)),
      before: old.items.length,
      now: list.items.length,
    });
  }
  return found;
}

function spreads({ items }: BracketList): boolean {
  return items.some(({ text }) => /^(?:\.\.\.|\*|&\w+$)/.test(text));
}

/** A definition of a function: where its name stands, and how many arguments it takes. */
export interface Definition {
  readonly nameStart: number;
  readonly least: number;
  /** `Infinity` where it takes the rest. */
  readonly most: number;
}

/** The definitions of `name` in a text, by spelling. */
export function definitionsOf(text: string, languageId: string, name: string): readonly Definition[] {
  const found: Definition[] = [];
  const code = maskedCode(text, languageId, 'comments-and-strings');
  for (let at = code.indexOf(name); at >= 0; at = code.indexOf(name, at + 1)) {
    if (/[\p{L}\p{Nd}_$]/u.test(code[at - 1] ?? '') || /[\p{L}\p{Nd}_$]/u.test(code[at + name.length] ?? '')) continue;
    const open = code.indexOf('(', at + name.length);
    if (open < 0 || open - at > 200) continue;
    const head = headAt(code, text, languageId, open);
    if (head?.name !== name || head.nameStart !== at) continue;
    const parameters = head.list.items.filter(({ text: parameter }) => !isReceiver(parameter, languageId));
    const rest = parameters.some(({ text: parameter }) => /^(?:\.\.\.|\*)|\.\.\./.test(parameter));
    found.push({
      nameStart: at,
      least: parameters.filter(({ text: parameter }) => !isOptional(parameter) && !/\.\.\./.test(parameter)).length,
      most: rest ? Number.POSITIVE_INFINITY : parameters.length,
    });
  }
  return found;
}

function isReceiver(parameter: string, languageId: string): boolean {
  if (languageId === 'python') return /^(?:self|cls)\b/.test(parameter) || parameter === '/' || parameter === '*';
  return languageId === 'rust' && /^&?\s*(?:'\w+\s+)?(?:mut\s+)?self\b/.test(parameter);
}

/** The type that is said to lack a member: the messages of the language servers of TypeScript, Python, Go and Rust. */
export function typeLacking(message: string): { readonly member: string; readonly type: string } | undefined {
  for (const [pattern, member, type] of LACKING) {
    const match = pattern.exec(message);
    const name = match?.[type]
      ?.replace(/^(?:typeof\s+|\*|&(?:mut\s+)?)/, '')
      .replace(/^(?:\w+(?:\.|::))+(?=\w+$)/, '')
      .replace(/<.*$/, '');
    if (match && name && /^[\p{L}_$][\p{L}\p{Nd}_$]*$/u.test(name)) return { member: match[member]!, type: name };
  }
  return undefined;
}

const LACKING: readonly (readonly [pattern: RegExp, member: number, type: number])[] = [
  [/^Property '([^']+)' does not exist on type '([^']+)'/, 1, 2],
  [/^Cannot access (?:attribute|member) "([^"]+)" for (?:class|type) "([^"]+)"/, 1, 2],
  [/\.(\w+) undefined \(type ([^ ]+) has no field or method/, 1, 2],
  [/^no (?:field|method)(?: named)? `([^`]+)` (?:found for|on type) (?:\w+ )*`([^`]+)`/, 1, 2],
];

/** Where the text declares the type `name`; by spelling. */
export function typeDeclaration(text: string, languageId: string, name: string): number | undefined {
  const code = maskedCode(text, languageId, 'comments-and-strings');
  const pattern = new RegExp(
    `\\b(?:class|interface|type|struct|enum|trait|record)\\s+${name.replaceAll('$', '\\$')}(?![\\w$])`,
  );
  const match = pattern.exec(code);
  return match ? match.index + match[0].length - name.length : undefined;
}
