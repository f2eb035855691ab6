import { behindLines, type ImportStatement, type ImportSyntax, specifiersOf } from './model.ts';
import { isStandardModule } from './standard.ts';

const FROM = /^from[ \t]+([\w.]+)[ \t]+import[ \t]+(?:\(([^()]*)\)|([\w][^\n#;(]*?))[ \t]*(?=#|;|\r?$)/gm;
const IMPORT = /^import[ \t]+([\w.]+)(?:[ \t]+as[ \t]+(\w+))?[ \t]*(?=#|;|\r?$)/gm;

/** `from m import a`, `import m`, `import m as n` of Python, at the top level. */
export const python: ImportSyntax = {
  parse(text) {
    const statements: ImportStatement[] = [];
    for (const match of text.matchAll(FROM)) {
      const list = match[2] ?? match[3]!;
      const start = match.index;
      const head = match[0].indexOf('import', 5 + match[1]!.length) + 'import'.length;
      const listStart = start + match[0].indexOf(list, head);
      const end = start + match[0].trimEnd().length;
      statements.push({
        start,
        end,
        module: match[1]!,
        names: specifiersOf(list, listStart),
        list: [listStart, listStart + list.trimEnd().length + (match[2] === undefined ? 0 : trailing(list))],
        typeOnly: false,
        form: 'from',
      });
    }
    for (const match of text.matchAll(IMPORT)) {
      const module = match[1]!;
      const end = match.index + match[0].trimEnd().length;
      const local = match[2] ?? module.split('.')[0]!;
      statements.push({
        start: match.index,
        end,
        module,
        names: [{ local, imported: '*', start: match.index, end, typeOnly: false }],
        typeOnly: false,
        form: 'import',
      });
    }
    return statements.sort((a, b) => a.start - b.start);
  },
  write({ module, imported, local, form }) {
    if (form === 'from') return `from ${module} import ${imported}${imported === local ? '' : ` as ${local}`}`;
    return `import ${module}${local === module.split('.')[0] ? '' : ` as ${local}`}`;
  },
  specifier({ imported, local }) {
    return imported === local ? local : `${imported} as ${local}`;
  },
  joins(wanted, statement, all) {
    if (wanted.form !== 'from' || statement.form !== 'from' || statement.names.length === 0) return false;
    // One name a line is the rule of a formatter: a module that stands there twice shows it.
    const froms = all.filter(({ form }) => form === 'from');
    const several = froms.some(({ names }) => names.length > 1);
    return several || new Set(froms.map(({ module }) => module)).size === froms.length;
  },
  rank({ module }) {
    if (module === '__future__') return 0;
    return module.startsWith('.') ? 4 : isStandardModule('python', module.split('.')[0]!) ? 1 : 2;
  },
  sortKey({ module, form, first }) {
    return `${form === 'import' ? 0 : 1}${module} ${form === 'import' ? '' : first}`;
  },
  sorts: true,
  top(text) {
    const comments = behindLines(text, /^(?:#.*|)$/);
    const doc = /^[rubRUB]*("""|''')[\s\S]*?\1[^\n]*\n\n?/.exec(text.slice(comments));
    return comments + (doc?.[0].length ?? 0);
  },
};

function trailing(list: string): number {
  return list.length - list.trimEnd().length;
}
