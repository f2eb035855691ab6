import { behindLines, type ImportedName, type ImportStatement, type ImportSyntax } from './model.ts';

const USE = /^(?:pub(?:\([^)]*\))?[ \t]+)?use[ \t]+([^;]*);/gm;
const LIST = /^([\w:]*?)::\{([^{}]*)\}$/;

/** `use` of Rust at the top level: single paths and lists without lists in them (a nested list is read as names, never written to). */
export const rust: ImportSyntax = {
  parse(text) {
    const statements: ImportStatement[] = [];
    for (const match of text.matchAll(USE)) {
      const tree = match[1]!;
      const start = match.index;
      const end = start + match[0].length;
      const treeStart = start + match[0].length - 1 - tree.length;
      const list = LIST.exec(tree);
      if (list) {
        const listStart = treeStart + list[1]!.length + 3;
        const names = [...list[2]!.matchAll(/([\w:]+)(?:\s+as\s+(\w+))?/g)].map((part) =>
          nameOf(part[1]!, part[2], list[1]!, listStart + part.index, part[0].length),
        );
        statements.push({
          start,
          end,
          module: list[1]!,
          names,
          list: [listStart, listStart + list[2]!.length],
          typeOnly: false,
          form: 'use',
        });
        continue;
      }
      const single = /^([\w:]*?)(?:::)?(\w+)(?:\s+as\s+(\w+))?$/.exec(tree);
      if (single)
        statements.push({
          start,
          end,
          module: single[1]!,
          names: [nameOf(single[2]!, single[3], single[1]!, start, end - start)],
          typeOnly: false,
          form: 'use',
        });
      else
        statements.push({ start, end, module: /^[\w:]*/.exec(tree)![0], names: [], typeOnly: false, form: 'nested' });
    }
    return statements;
  },
  write({ module, imported, local }) {
    const path = module === '' ? imported : `${module}::${imported}`;
    return `use ${path}${imported === local ? '' : ` as ${local}`};`;
  },
  specifier({ imported, local }) {
    return imported === local ? local : `${imported} as ${local}`;
  },
  joins(_wanted, statement) {
    return statement.form === 'use' && statement.list !== undefined;
  },
  rank({ module }) {
    const head = module.split('::')[0]!;
    return /^(?:std|core|alloc)$/.test(head) ? 0 : /^(?:crate|self|super)$/.test(head) ? 2 : 1;
  },
  sortKey: ({ module, first }) => `${module}::${first}`,
  sorts: true,
  top(text) {
    return behindLines(text, /^(?:\/\/.*|#!\[.*|)$/);
  },
};

function nameOf(path: string, alias: string | undefined, module: string, start: number, length: number): ImportedName {
  const last = path.slice(path.lastIndexOf(':') + 1);
  // `self` in a list is the module itself.
  const local = alias ?? (last === 'self' ? module.slice(module.lastIndexOf(':') + 1) : last);
  return { local, imported: path, start, end: start + length, typeOnly: false };
}
