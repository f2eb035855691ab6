/** One name that an import brings into a file. Offsets in UTF-16 code units of the raw text. */
export interface ImportedName {
  /** As this file calls it. */
  readonly local: string;
  /** As the module calls it; `default`, or `*` for the module itself. */
  readonly imported: string;
  /** Of the specifier with its alias; of the whole statement where it brings in nothing else. */
  readonly start: number;
  readonly end: number;
  readonly typeOnly: boolean;
}

/** One statement that brings in names of one module; in a block (Go) one line of it. */
export interface ImportStatement {
  /** From its first to its last code unit, without indentation and line break. */
  readonly start: number;
  readonly end: number;
  /** As it is written. */
  readonly module: string;
  readonly names: readonly ImportedName[];
  /** The inside of the brackets around the names (or of the bare list), where names can be added. */
  readonly list?: readonly [start: number, end: number];
  /** All of it is of types. */
  readonly typeOnly: boolean;
  /** The spelling, where a language has several: `import`, `require`, `from`, `static`, `angle`. */
  readonly form: string;
}

/** What a file that has the name says of where it is from. */
export interface Wanted {
  readonly module: string;
  readonly imported: string;
  readonly local: string;
  readonly typeOnly: boolean;
  readonly form: string;
  /** The statement as the other file writes it, for spelling (quotes, semicolon). */
  readonly sample?: string;
}

/** How the imports of a language are read and written. */
export interface ImportSyntax {
  parse(text: string): readonly ImportStatement[];
  /** A statement of its own for one name. `beside` are statements of the file it goes to, for quotes and semicolons. */
  write(wanted: Wanted, text: string, beside: readonly ImportStatement[]): string;
  /** A specifier in a list of names. */
  specifier(wanted: Wanted, statement: ImportStatement): string;
  /** True where a name of `wanted` can join the names of `statement`; without it every import is a statement of its own. */
  joins?(wanted: Wanted, statement: ImportStatement, all: readonly ImportStatement[]): boolean;
  /** Statements of one rank stand together, in this order: standard library, packages, this project. */
  rank(statement: { readonly module: string; readonly form: string }): number;
  /** What statements are sorted by; the module unless told. A single name of a statement is the first of `names`. */
  sortKey?(statement: { readonly module: string; readonly form: string; readonly first: string }): string;
  /** Formatters of the language sort imports: a second one has its place even beside a single first one. */
  readonly sorts?: true;
  /** Where the first import of a file goes. */
  top(text: string): number;
}

const name = String.raw`[\p{L}\p{Nl}_$][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}$]*`;
const SPECIFIER = new RegExp(`(type\\s+)?(${name}|"[^"\n]*")(?:\\s+as\\s+(${name}))?`, 'gu');

/** The names of a comma-separated list `a, b as c, type d` that starts at `offset` of the text. Comments in it are passed over. */
export function specifiersOf(list: string, offset: number, typeOnly = false): ImportedName[] {
  const names: ImportedName[] = [];
  const code = list.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|#[^\n]*/g, (comment) => comment.replace(/[^\n]/g, ' '));
  for (const match of code.matchAll(SPECIFIER)) {
    const [whole, type, imported, alias] = match;
    // `type` may be a name itself: `{ type }`, `{ type as T }`.
    names.push({
      local: alias ?? imported!,
      imported: imported!,
      start: offset + match.index,
      end: offset + match.index + whole.length,
      typeOnly: typeOnly || type !== undefined,
    });
  }
  return names;
}

/** The offset behind the lines that match `skipped` from the start of the text on, as long as they do. */
export function behindLines(text: string, skipped: RegExp): number {
  let at = 0;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline + 1;
    if (!skipped.test(text.slice(at, end).trim())) break;
    at = end;
  }
  return at;
}
