import { behindLines, type ImportStatement, type ImportSyntax } from './model.ts';
import { isStandardModule } from './standard.ts';

const BLOCK = /^import[ \t]*\(([^()]*)\)/gm;
const SINGLE = /^import[ \t]+(?:([\w.]+)[ \t]+)?"([^"\n]+)"/gm;
const SPEC = /^[ \t]*(?:([\w.]+)[ \t]+)?"([^"\n]+)"/gm;

/** `import "path"` and import blocks of Go: each path is a statement. */
export const go: ImportSyntax = {
  parse(text) {
    const statements: ImportStatement[] = [];
    for (const block of text.matchAll(BLOCK)) {
      const offset = block.index + block[0].indexOf('(') + 1;
      for (const spec of block[1]!.matchAll(SPEC)) {
        const lead = spec[0].length - spec[0].trimStart().length;
        statements.push(
          statementOf(offset + spec.index + lead, offset + spec.index + spec[0].length, spec[1], spec[2]!, 'block'),
        );
      }
    }
    for (const match of text.matchAll(SINGLE))
      statements.push(statementOf(match.index, match.index + match[0].length, match[1], match[2]!, 'single'));
    return statements.sort((a, b) => a.start - b.start);
  },
  write({ module, local }, _text, beside) {
    const alias = local === packageOf(module) ? '' : `${local} `;
    return `${beside.some(({ form }) => form === 'block') ? '' : 'import '}${alias}"${module}"`;
  },
  specifier: ({ module }) => `"${module}"`,
  rank({ module }) {
    return isStandardModule('go', module) ? 0 : 1;
  },
  sorts: true,
  top(text) {
    const clause = /^package[ \t]+\w+[^\n]*\n\n?/m.exec(text);
    return clause ? clause.index + clause[0].length : behindLines(text, /^(?:\/\/.*|)$/);
  },
};

function statementOf(
  start: number,
  end: number,
  alias: string | undefined,
  module: string,
  form: string,
): ImportStatement {
  const local = alias ?? packageOf(module);
  const names = local === '_' || local === '.' ? [] : [{ local, imported: '*', start, end, typeOnly: false } as const];
  return { start, end, module, names, typeOnly: false, form };
}

/** The name a path is used by, unless an alias says otherwise: `yaml` of `gopkg.in/yaml.v3`, `chi` of `github.com/go-chi/chi/v5`. */
export function packageOf(path: string): string {
  const parts = path.split('/');
  const last = /^v\d+$/.test(parts.at(-1)!) && parts.length > 1 ? parts.at(-2)! : parts.at(-1)!;
  return last.replace(/\.v\d+$/, '').replace(/^go-|-go$/, '');
}
