import type { TextEdit } from '../../../workspace/text-edit.ts';
import type { ImportStatement, ImportSyntax, Wanted } from './model.ts';

/**
 * The edit that imports `wanted`: into the list of names that its module has already, in that list's own form and order, else as a statement in its group.
 * `undefined` where the file imports it already.
 */
export function additionOf(
  syntax: ImportSyntax,
  text: string,
  statements: readonly ImportStatement[],
  wanted: Wanted,
): TextEdit | undefined {
  const same = statements.filter(({ module }) => module === wanted.module);
  if (same.some(({ names }) => names.some(({ local }) => local === wanted.local))) return undefined;
  if (same.some(({ names, form }) => names.length === 0 && form === wanted.form)) return undefined;
  const host = same.find((statement) => syntax.joins?.(wanted, statement, statements));
  if (host?.list) return intoList(text, host, host.list, syntax.specifier(wanted, host));
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const line = syntax.write(wanted, text, statements);
  const place = placeOf(syntax, statements, wanted);
  if (!place) {
    const at = aboveDocumentation(text, syntax.top(text));
    const blank = at < text.length && !/^\r?\n/.test(text.slice(at)) ? eol : '';
    return [at, at, `${at > 0 && text[at - 1] !== '\n' ? eol : ''}${line}${eol}${blank}`];
  }
  const { beside, before } = place;
  const lineStart = text.lastIndexOf('\n', beside.start - 1) + 1;
  const indent = text.slice(lineStart, beside.start);
  if (before) return [lineStart, lineStart, `${indent}${line}${eol}`];
  const newline = text.indexOf('\n', beside.end);
  const at = newline < 0 ? text.length : newline + 1;
  // A group of another rank starts behind a blank line, where this file keeps its groups apart.
  const apart = place.newGroup && hasGroups(text, statements) ? eol : '';
  return [at, at, `${newline < 0 ? eol : ''}${apart}${indent}${line}${eol}`];
}

/** A comment that documents the declaration right behind it stays with that. */
function aboveDocumentation(text: string, at: number): number {
  if (!/^(?:export|function|class|interface|type|abstract|async|declare|public|enum|@)\b/.test(text.slice(at, at + 20)))
    return at;
  const comment = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\r?\n$/.exec(text.slice(0, at));
  return comment ? comment.index : at;
}

function intoList(
  text: string,
  host: ImportStatement,
  [start, end]: readonly [number, number],
  name: string,
): TextEdit {
  const inside = text.slice(start, end);
  const { names } = host;
  const own = names.filter((one) => one.start >= start && one.end <= end);
  if (own.length === 0) return [start, end, inside.includes('\n') ? `${name}${inside}` : ` ${name} `];
  const order = orderOf(own.map(({ start: from, end: to }) => bare(text.slice(from, to))));
  const next = order && own.find(({ start: from, end: to }) => order(bare(name)) < order(bare(text.slice(from, to))));
  if (next) {
    const lineStart = text.lastIndexOf('\n', next.start - 1) + 1;
    const indent = text.slice(lineStart, next.start);
    const separator =
      lineStart > start && indent.trim() === '' ? `,${text[lineStart - 2] === '\r' ? '\r' : ''}\n${indent}` : ', ';
    return [next.start, next.start, `${name}${separator}`];
  }
  const last = own.at(-1)!;
  const lineStart = text.lastIndexOf('\n', last.start - 1) + 1;
  const indent = text.slice(lineStart, last.start);
  const ownLine = lineStart > start && indent.trim() === '';
  return [last.end, last.end, ownLine ? `,${text[lineStart - 2] === '\r' ? '\r' : ''}\n${indent}${name}` : `, ${name}`];
}

function bare(specifier: string): string {
  return specifier.replace(/^type\s+/, '');
}

/** How the names are sorted: without regard to case, or with capitals first; `undefined` where they are not. */
function orderOf(names: readonly string[]): ((name: string) => string) | undefined {
  const orders = [(name: string) => name.toLowerCase(), (name: string) => name];
  return orders.find((order) => names.every((name, index) => index === 0 || order(names[index - 1]!) <= order(name)));
}

/** The statement that the new one goes before or behind; `undefined` in a file without any. */
function placeOf(
  syntax: ImportSyntax,
  statements: readonly ImportStatement[],
  wanted: Wanted,
): { readonly beside: ImportStatement; readonly before: boolean; readonly newGroup: boolean } | undefined {
  if (statements.length === 0) return undefined;
  const rank = syntax.rank(wanted);
  const group = statements.filter((statement) => syntax.rank(statement) === rank);
  if (group.length === 0) {
    const behind = statements.findLast((statement) => syntax.rank(statement) < rank);
    if (behind) return { beside: behind, before: false, newGroup: true };
    return { beside: statements[0]!, before: true, newGroup: true };
  }
  const key = (statement: ImportStatement | Wanted) => {
    const first = 'names' in statement ? (statement.names[0]?.imported ?? '') : statement.imported;
    const { module, form } = statement;
    return syntax.sortKey?.({ module, form, first }) ?? module;
  };
  const order = orderOf(group.map(key));
  const next =
    order && (group.length > 1 || syntax.sorts)
      ? group.find((statement) => order(key(wanted)) < order(key(statement)))
      : undefined;
  if (next) return { beside: next, before: true, newGroup: false };
  if (order) return { beside: group.at(-1)!, before: false, newGroup: false };
  return { beside: nearest(group, wanted.module), before: false, newGroup: false };
}

/** In no order at all: behind what comes from nearest by. */
function nearest(group: readonly ImportStatement[], module: string): ImportStatement {
  let best = group.at(-1)!;
  let bestShared = 0;
  for (const statement of group) {
    let shared = 0;
    while (shared < module.length && statement.module[shared] === module[shared]) shared++;
    if (shared > bestShared || (shared === bestShared && shared > 0)) {
      best = statement;
      bestShared = shared;
    }
  }
  return bestShared >= 3 ? best : group.at(-1)!;
}

function hasGroups(text: string, statements: readonly ImportStatement[]): boolean {
  return statements.some(
    (statement, index) =>
      index > 0 && /^[^\n]*\n[ \t]*\r?\n/.test(text.slice(statements[index - 1]!.end, statement.start)),
  );
}
