import type { TabContext } from '../source.ts';
import type { RecentChange } from './changes.ts';
import type { Finding } from './finding.ts';
import { additionOf } from './imports/add.ts';
import { importSyntaxOf } from './imports/syntax-of.ts';
import { originsOf } from './origins.ts';
import { unresolvedNames } from './unresolved.ts';

/** A name used but not imported -> the import, as the project writes it; the likeliest way first, and the next one where it is not sure. */
export async function* missingImports(
  context: TabContext,
  change: RecentChange,
  signal: AbortSignal,
): AsyncIterable<Finding> {
  const { document } = change;
  const syntax = importSyntaxOf(document.languageId);
  if (!syntax) return;
  const statements = syntax.parse(document.content);
  for (const unresolved of unresolvedNames(context, change, statements)) {
    const origins = await originsOf(context, document, statements, unresolved, signal);
    if (signal.aborted) return;
    const total = origins.reduce((sum, { votes }) => sum + votes, 0);
    for (const [rank, { wanted, votes, importing, without, basis, seenIn }] of origins.slice(0, 2).entries()) {
      if (without > importing && basis !== 'standard' && basis !== 'declaration') break;
      const edit = additionOf(syntax, document.content, statements, wanted);
      if (!edit) continue;
      yield {
        path: document.path,
        edits: [edit],
        kind: 'missing-import',
        features: {
          votes: Math.min(3, Math.log2(1 + votes)),
          share: total ? votes / total : 1,
          without: Math.min(3, without) / 3,
          second: rank,
          declared: basis === 'declaration' ? 1 : 0,
          standard: basis === 'standard' ? 1 : 0,
          merged: edit[2].includes('import') || edit[2].includes('use ') ? 0 : 1,
          bySyntax: unresolved.bySyntax ? 1 : 0,
          typing: unresolved.typing ? 1 : 0,
          uses: Math.min(unresolved.uses, 4) / 4,
          nameLength: Math.min(unresolved.name.length, 16) / 16,
          age: change.age,
        },
        evidence: [
          `${unresolved.name} is used here, and neither declared nor imported`,
          basis === 'standard'
            ? `it is of the standard library`
            : basis === 'declaration'
              ? `${seenIn} declares it, and no other file does`
              : `${votes} of ${importing} files that import it do it like this, as ${seenIn}`,
        ],
      };
    }
  }
}
