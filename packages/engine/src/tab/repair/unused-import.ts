import { occurrencesOf } from '../../workspace/tokens.ts';
import type { TabContext } from '../source.ts';
import type { RecentChange } from './changes.ts';
import { maskedCode } from './code-mask.ts';
import type { Finding } from './finding.ts';
import type { ImportedName, ImportStatement } from './imports/model.ts';
import { removalOf } from './imports/remove.ts';
import { importSyntaxOf } from './imports/syntax-of.ts';

/** The newest edits took the last use of an imported name -> the import goes too. A mention in a string counts as a use (`__all__`, quoted types). */
export function* unusedImports(context: TabContext, change: RecentChange): Iterable<Finding> {
  const { document, before, removed, edits, age } = change;
  const { languageId } = document;
  const syntax = importSyntaxOf(languageId);
  if (!syntax || removed.size === 0) return;
  const text = document.content;
  const statements = syntax.parse(text);
  let uses: ((name: string) => number) | undefined;
  for (const statement of statements) {
    if (isReexport(text, statement)) continue;
    const gone: ImportedName[] = [];
    for (const name of statement.names) {
      if (!removed.has(name.local)) continue;
      uses ??= countIn(text, languageId, statements);
      if (uses(name.local) === 0 && wasUsed(before.sliceString(0, undefined, '\n'), languageId, name.local))
        gone.push(name);
    }
    if (gone.length === 0) continue;
    const names = gone.map(({ local }) => local).join(', ');
    yield {
      path: document.path,
      edits: removalOf(text, statement, gone),
      kind: 'unused-import',
      features: {
        whole: gone.length === statement.names.length ? 1 : 0,
        names: Math.min(3, gone.length - 1),
        replaced: edits.at(-1)!.kind === 'replace' ? 1 : 0,
        typing: context.cursor.path === document.path && edits.at(-1)!.steps > 1 ? 1 : 0,
        relative: statement.module.startsWith('.') ? 1 : 0,
        age,
      },
      evidence: [
        `the last use of ${names} was removed; ${gone.length === 1 ? 'its import is' : 'their imports are'} left behind`,
      ],
    };
  }
}

/** A name that is imported to be handed on is used by others. */
function isReexport(text: string, { start, end }: ImportStatement): boolean {
  return /^pub\b|^global\b/.test(text.slice(start, end)) || /^[^\n]*\bnoqa\b/.test(text.slice(end));
}

function countIn(text: string, languageId: string, statements: readonly ImportStatement[]): (name: string) => number {
  const code = maskedCode(text, languageId, 'comments');
  return (name) =>
    occurrencesOf(code, name).filter((at) => !statements.some(({ start, end }) => at >= start && at < end)).length;
}

function wasUsed(text: string, languageId: string, name: string): boolean {
  const statements = importSyntaxOf(languageId)!.parse(text);
  return countIn(text, languageId, statements)(name) > 0;
}
