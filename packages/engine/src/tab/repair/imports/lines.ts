import { behindLines, type ImportStatement, type ImportSyntax } from './model.ts';

interface LineImports {
  readonly pattern: RegExp;
  /** What a match of `pattern` says. `local` is `undefined` where it brings in names that it does not tell. */
  readonly read: (match: RegExpExecArray) => { module: string; local?: string; imported?: string; form?: string };
  readonly write: ImportSyntax['write'];
  readonly rank?: ImportSyntax['rank'];
  readonly top: RegExp;
  /** Behind this, if it stands there: a package clause. */
  readonly behind?: RegExp;
}

/** Languages that import one thing a line. */
function lineImports(language: LineImports): ImportSyntax {
  return {
    parse(text) {
      return [...text.matchAll(language.pattern)].map((match): ImportStatement => {
        const { module, local, imported = '*', form = 'import' } = language.read(match);
        const start = match.index;
        const end = start + match[0].trimEnd().length;
        const names = local === undefined ? [] : [{ local, imported, start, end, typeOnly: false }];
        return { start, end, module, names, typeOnly: false, form };
      });
    },
    write: language.write,
    specifier: ({ local }) => local,
    rank: language.rank ?? (() => 0),
    top(text) {
      const clause = language.behind?.exec(text);
      return clause ? clause.index + clause[0].length : behindLines(text, language.top);
    },
  };
}

const COMMENTS = /^(?:\/\/.*|\/?\*.*|)$/;
const lastOf = (path: string, separator: string) => path.slice(path.lastIndexOf(separator) + separator.length);

export const java = lineImports({
  pattern: /^import[ \t]+(static[ \t]+)?([\w.]+(?:\.\*)?)[ \t]*;/gm,
  read: ([, isStatic, path]) => {
    const local = lastOf(path!, '.');
    return {
      module: path!,
      form: isStatic ? 'static' : 'import',
      ...(local === '*' ? {} : { local, imported: local }),
    };
  },
  write: ({ module, form }) => `import ${form === 'static' ? 'static ' : ''}${module};`,
  rank: ({ form, module }) => (form === 'static' ? 2 : /^javax?\./.test(module) ? 0 : 1),
  top: COMMENTS,
  behind: /^package[^\n]*\n\n?/m,
});

export const csharp = lineImports({
  pattern: /^(?:global[ \t]+)?using[ \t]+(static[ \t]+)?(?:(\w+)[ \t]*=[ \t]*)?([\w.]+)[ \t]*;/gm,
  read: ([, isStatic, alias, module]) => ({
    module: module!,
    form: isStatic ? 'static' : 'import',
    ...(alias === undefined ? {} : { local: alias }),
  }),
  write: ({ module, form }) => `using ${form === 'static' ? 'static ' : ''}${module};`,
  rank: ({ module }) => (/^System\b/.test(module) ? 0 : 1),
  top: COMMENTS,
});

export const php = lineImports({
  pattern: /^use[ \t]+((?:function|const)[ \t]+)?([\w\\]+)(?:[ \t]+as[ \t]+(\w+))?[ \t]*;/gm,
  read: ([, kind, path, alias]) => ({
    module: path!,
    local: alias ?? lastOf(path!, '\\'),
    imported: lastOf(path!, '\\'),
    form: kind?.trim() ?? 'import',
  }),
  write: ({ module, form, imported, local }) =>
    `use ${form === 'import' ? '' : `${form} `}${module}${imported === local ? '' : ` as ${local}`};`,
  top: /^(?:<\?php.*|\/\/.*|\/?\*.*|#.*|declare\(.*|)$/,
  behind: /^namespace[^\n]*\n\n?/m,
});

/** The forms are how the path is quoted: `"local.h"` and `<system.h>`. */
export const include = lineImports({
  pattern: /^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)/gm,
  read: ([, quoted, angle]) => ({ module: quoted ?? angle!, form: quoted === undefined ? 'angle' : 'quoted' }),
  write: ({ module, form }) => (form === 'angle' ? `#include <${module}>` : `#include "${module}"`),
  rank: ({ form }) => (form === 'angle' ? 0 : 1),
  top: /^(?:\/\/.*|\/?\*.*|#pragma once|#ifndef.*|#define \w+_H\w*|)$/,
});

export const ruby = lineImports({
  pattern: /^(require|require_relative)[ \t(]+(['"])([^'"\n]+)\2\)?/gm,
  read: ([, form, , module]) => ({ module: module!, form: form! }),
  write({ module, form }, text, beside) {
    const quote = beside.some(({ start, end }) => text.slice(start, end).includes('"')) ? '"' : "'";
    return `${form === 'require_relative' ? form : 'require'} ${quote}${module}${quote}`;
  },
  rank: ({ form }) => (form === 'require' ? 0 : 1),
  top: /^(?:#.*|)$/,
});
