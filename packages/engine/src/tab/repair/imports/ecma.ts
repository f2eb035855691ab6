import { behindLines, type ImportedName, type ImportStatement, type ImportSyntax, specifiersOf } from './model.ts';

const NAME = String.raw`[\p{L}_$][\p{L}\p{Nd}_$]*`;
const IMPORT = new RegExp(
  String.raw`^import\s+(type\s+(?!from\b|,))?(?:(${NAME})\s*,?\s*)?(?:\*\s*as\s+(${NAME})\s*)?(?:\{([^{}]*)\}\s*)?from\s*(['"])([^'"\n]+)\5[ \t]*;?`,
  'gmu',
);
const REQUIRE = new RegExp(
  String.raw`^(?:const|let|var)\s+(?:(${NAME})|\{([^{}]*)\})\s*=\s*require\(\s*(['"])([^'"\n]+)\3\s*\)[ \t]*;?`,
  'gmu',
);

/** `import` and `const … = require(…)` of TypeScript and JavaScript, at the top level. */
export const ecma: ImportSyntax = {
  parse(text) {
    const statements: ImportStatement[] = [];
    if (text.includes('import')) for (const match of text.matchAll(IMPORT)) statements.push(imported(match));
    if (text.includes('require(')) for (const match of text.matchAll(REQUIRE)) statements.push(required(match));
    return statements.sort((a, b) => a.start - b.start);
  },
  write(wanted, text, beside) {
    const same = beside.filter((statement) => statement.form === wanted.form);
    const like =
      (wanted.imported === '*' ? same.find(({ names }) => names[0]?.imported === '*') : undefined) ??
      same[0] ??
      beside[0];
    const sample = like ? text.slice(like.start, like.end) : (wanted.sample ?? ";'");
    const quote = sample.includes('"') ? '"' : "'";
    const end = sample.trimEnd().endsWith(';') ? ';' : '';
    const module = `${quote}${wanted.module}${quote}`;
    const { imported: original, local } = wanted;
    const spaced = /\{\S/.test(sample) ? (inner: string) => `{${inner}}` : (inner: string) => `{ ${inner} }`;
    if (wanted.form === 'require') {
      const target = original === '*' ? local : spaced(original === local ? local : `${original}: ${local}`);
      const keyword = /^(?:const|let|var)\b/.exec(sample)?.[0] ?? 'const';
      return `${keyword} ${target} = require(${module})${end}`;
    }
    const names =
      original === 'default'
        ? local
        : original === '*'
          ? `* as ${local}`
          : spaced(original === local ? local : `${original} as ${local}`);
    return `import ${wanted.typeOnly ? 'type ' : ''}${names} from ${module}${end}`;
  },
  specifier(wanted, statement) {
    const { imported: original, local } = wanted;
    if (statement.form === 'require') return original === local ? local : `${original}: ${local}`;
    const type = wanted.typeOnly && !statement.typeOnly ? 'type ' : '';
    return type + (original === local ? local : `${original} as ${local}`);
  },
  joins(wanted, statement, all) {
    if (statement.form !== wanted.form || !statement.list || wanted.imported === 'default' || wanted.imported === '*')
      return false;
    if (statement.typeOnly === wanted.typeOnly) return true;
    // `import { a, type B }` only where the file writes its types like that.
    return !statement.typeOnly && all.some((other) => !other.typeOnly && other.names.some((name) => name.typeOnly));
  },
  rank({ module }) {
    return module.startsWith('node:') ? 0 : /^\.\.?(?:\/|$)/.test(module) ? 3 : /^(?:[@~#]\/|#)/.test(module) ? 2 : 1;
  },
  top(text) {
    return behindLines(text, /^(?:#!.*|\/\/.*|\/\*.*\*\/|\/?\*.*|['"]use \w+['"];?|)$/);
  },
};

function imported(match: RegExpExecArray): ImportStatement {
  const [whole, type, byDefault, namespace, list, , module] = match;
  const start = match.index;
  const end = start + whole.trimEnd().length;
  const typeOnly = type !== undefined;
  const names: ImportedName[] = [];
  const listStart = list === undefined ? -1 : start + whole.indexOf('{') + 1;
  if (byDefault !== undefined) {
    const at = start + whole.indexOf(byDefault, 'import'.length + (type?.length ?? 0));
    names.push({ local: byDefault, imported: 'default', start: at, end: at + byDefault.length, typeOnly });
  }
  if (namespace !== undefined) {
    const at = start + whole.indexOf('*');
    const nameEnd = start + whole.indexOf(namespace, whole.indexOf('*')) + namespace.length;
    names.push({ local: namespace, imported: '*', start: at, end: nameEnd, typeOnly });
  }
  if (list !== undefined) names.push(...specifiersOf(list, listStart, typeOnly));
  return {
    start,
    end,
    module: module!,
    names,
    typeOnly,
    form: 'import',
    ...(list === undefined ? {} : { list: [listStart, listStart + list.length] }),
  };
}

function required(match: RegExpExecArray): ImportStatement {
  const [whole, name, list, , module] = match;
  const start = match.index;
  const end = start + whole.trimEnd().length;
  const base = { start, end, module: module!, typeOnly: false, form: 'require' };
  if (list === undefined) {
    const at = start + whole.indexOf(name!, 3);
    return { ...base, names: [{ local: name!, imported: '*', start: at, end: at + name!.length, typeOnly: false }] };
  }
  const listStart = start + whole.indexOf('{') + 1;
  const names: ImportedName[] = [];
  for (const part of list.matchAll(/([\w$]+)(?:\s*:\s*([\w$]+))?/g))
    names.push({
      local: part[2] ?? part[1]!,
      imported: part[1]!,
      start: listStart + part.index,
      end: listStart + part.index + part[0].length,
      typeOnly: false,
    });
  return { ...base, names, list: [listStart, listStart + list.length] };
}
