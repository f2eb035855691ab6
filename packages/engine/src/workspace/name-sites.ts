import type { Tree } from 'web-tree-sitter';
import { type Role, type ScopeTable, scopeTableOf } from './scope-tables.ts';
import { pathsTo, type Step } from './syntax-paths.ts';

/** How a name is written where it stands; what a rename has to write there depends on it. */
export type SiteForm =
  | 'plain'
  /** `{ name }` that is a key and a value, and a key and a new variable. */
  | 'shorthand-value'
  | 'shorthand-pattern'
  | 'import'
  | 'import-name'
  | 'export'
  /** A mention in a comment or a string. */
  | 'text';

/** One place where a name stands, before it is known which binding it belongs to. */
export interface NameSite {
  /** Of the bare name, without sigil. */
  readonly start: number;
  readonly end: number;
  /** What precedes the name in its leaf: `#`, `@`, `$`, `:`. */
  readonly prefix: string;
  readonly role: Role;
  readonly form: SiteForm;
  /** `this` where the receiver is the object itself, `other` with any other, `none` without one. */
  readonly receiver: 'this' | 'other' | 'none';
  /** Nodes around it, root first, without the leaf. */
  readonly path: readonly Step[];
  /** Index in `path` of the node that gave it its role. */
  readonly at: number;
}

interface Compiled {
  readonly table: ScopeTable;
  readonly names: ReadonlySet<string>;
  readonly patterns: ReadonlySet<string>;
  readonly notPatterns: ReadonlySet<string>;
}

const compiled = new WeakMap<ScopeTable, Compiled>();

function compile(table: ScopeTable): Compiled {
  let known = compiled.get(table);
  if (!known) {
    known = {
      table,
      names: new Set(table.names.split(' ')),
      patterns: new Set(table.patterns.split(' ')),
      notPatterns: new Set(table.notPatterns?.split(' ')),
    };
    compiled.set(table, known);
  }
  return known;
}

/** Occurrences looked at per name and file; a name with more is too common for a rename walk to be of use. */
const MAX_SITES = 2_000;

const WORD_PART = /[\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}$]/u;

/** Every whole-word occurrence of `name` in `text`, with its role. Empty where the language has no scope table. */
export function nameSites(tree: Tree, languageId: string, text: string, name: string): NameSite[] {
  const table = scopeTableOf(languageId);
  if (!table || name === '') return [];
  const rules = compile(table);
  const offsets: number[] = [];
  for (let at = text.indexOf(name); at >= 0 && offsets.length < MAX_SITES; at = text.indexOf(name, at + name.length))
    if (isWhole(text, at, at + name.length, table.sigil)) offsets.push(at);
  return pathsTo(tree, offsets).map((path, index) => siteOf(rules, text, path, offsets[index]!, name.length));
}

function isWhole(text: string, start: number, end: number, sigil: string | undefined): boolean {
  const before = text[start - 1];
  const after = text[end];
  return (
    !(before !== undefined && before !== sigil && WORD_PART.test(before)) &&
    !(after !== undefined && WORD_PART.test(after))
  );
}

function siteOf(rules: Compiled, text: string, steps: readonly Step[], start: number, length: number): NameSite {
  const end = start + length;
  const leaf = steps.at(-1)!;
  const path = steps.slice(0, -1);
  const bare = { start, end, path, at: path.length - 1 };
  if (!rules.names.has(leaf.type) || start - leaf.start > 2 || leaf.end - end > 1) {
    const inline = rules.table.inline === leaf.type && text[start - 1] === '{' && /[:}]/.test(text[end] ?? '');
    return { ...bare, prefix: '', role: inline ? 'use' : 'none', form: inline ? 'plain' : 'text', receiver: 'none' };
  }
  const prefix =
    text.slice(leaf.start, start) || (rules.table.sigil && text[start - 1] === rules.table.sigil ? '$' : '');
  const found = roleOf(rules, path, leaf);
  if (found.role === 'import' && /^\s+as\b/.test(text.slice(end, end + 12))) found.role = 'import-name';
  else if (found.role === 'export') found.role = exportRole(text, end);
  // An instance variable of Ruby is a member of `self` wherever it stands, assigned or read.
  if (prefix.startsWith('@')) return { ...bare, prefix, role: 'member', form: 'plain', receiver: 'this' };
  const receiver = receiverOf(text, start - prefix.length);
  return {
    ...bare,
    prefix,
    role: found.role,
    at: found.at,
    form: formOf(leaf, path, found.role),
    receiver: found.role === 'use' || found.role === 'member' || found.role === 'import' ? receiver : 'none',
  };
}

function roleOf(rules: Compiled, path: readonly Step[], leaf: Step): { role: Role; at: number } {
  const { roles, leaves } = rules.table;
  let { field } = leaf;
  for (let at = path.length - 1; at >= 0; at--) {
    const { type } = path[at]!;
    const outer = path[at - 1]?.type ?? '';
    const role =
      roles[`${outer}>${type}.${field}`] ?? roles[`${type}.${field}`] ?? roles[`${outer}>${type}`] ?? roles[type];
    if (role) return { role, at };
    if (!rules.patterns.has(type) || rules.notPatterns.has(`${type}.${field}`)) break;
    field = path[at]!.field;
  }
  return { role: leaves?.[leaf.type] ?? 'use', at: path.length - 1 };
}

/** `export { name }`, `export { name as other }`, `export { name } from 'elsewhere'`. */
function exportRole(text: string, end: number): Role {
  const close = text.indexOf('}', end);
  if (close >= 0 && /^\}\s*from\b/.test(text.slice(close, close + 20))) return 'import-name';
  return /^\s+as\b/.test(text.slice(end, end + 12)) ? 'use' : 'export';
}

function formOf(leaf: Step, path: readonly Step[], role: Role): SiteForm {
  if (role === 'import' || role === 'import-name' || role === 'export') return role;
  const parent = path.at(-1)?.type;
  if (leaf.type === 'shorthand_property_identifier' || parent === 'shorthand_field_initializer')
    return 'shorthand-value';
  if (leaf.type === 'shorthand_property_identifier_pattern' || leaf.type === 'shorthand_field_identifier')
    return 'shorthand-pattern';
  return 'plain';
}

const ACCESS = /(?:^|[^.])(?:\.|\?\.|&\.|->|\?->|::)\s*$/;
const SELF =
  /(?:^|[^\w$.])(?:this|self|cls|Self|super|static|parent|\$this|super\(\))\s*(?:\.|\?\.|&\.|->|\?->|::)\s*$/;

/** By the text before the name: an access operator, and what it is applied to. Cheaper than fields, and the same in every language. */
function receiverOf(text: string, start: number): NameSite['receiver'] {
  let at = start - 1;
  while (at >= 0 && (text[at] === ' ' || text[at] === '\n' || text[at] === '\t' || text[at] === '\r')) at--;
  const last = text[at];
  if (last !== '.' && last !== '>' && last !== ':') return 'none';
  const before = text.slice(Math.max(0, at - 24), start);
  return SELF.test(before) ? 'this' : ACCESS.test(before) ? 'other' : 'none';
}
