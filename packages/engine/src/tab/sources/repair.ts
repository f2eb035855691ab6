import type { Text } from '@codemirror/state';
import type { HistoryEdit } from '../../workspace/history.ts';
import { isInsidePair } from '../../workspace/text-edit.ts';
import { type RecentChange, recentChanges } from '../repair/changes.ts';
import { fixesFromFacts, type KnownDiagnostics } from '../repair/facts.ts';
import type { Finding } from '../repair/finding.ts';
import { missingImports } from '../repair/missing-import.ts';
import { signatures } from '../repair/signature.ts';
import { unusedImports } from '../repair/unused-import.ts';
import type { Candidate, Source, TabContext } from '../source.ts';
import weights from './repair-weights.json' with { type: 'json' };
import { nextTurn } from '../../workspace/next-turn.ts';

const YIELDS = 16;

/**
 * The newest edits broke something -> the fix: a missing import, one left behind, calls and declarations out of step with a changed signature; and what a
 * language server reports since then, with its own quick fix. Without a server the project itself tells: other files' imports, declarations, scopes.
 */
export function createRepair(): Source {
  const cached = new WeakMap<HistoryEdit, { readonly text: Text; readonly findings: readonly Finding[] }>();
  const diagnostics: KnownDiagnostics = new WeakMap();
  return {
    name: 'repair',
    async *propose(context, signal) {
      const changes = recentChanges(context);
      const { latest } = context.snapshot.history;
      if (!latest || changes.length === 0) {
        // What is wrong before an edit is not for that edit to mend.
        await rememberDiagnostics(context, diagnostics, signal);
        return;
      }
      const known = cached.get(latest);
      const text = changes[0]!.document.text;
      const findings = known?.text === text ? known.findings : await fromProject(context, changes, signal);
      if (signal.aborted) return;
      cached.set(latest, { text, findings });
      yield* ranked(context, findings);
      for (const change of changes) {
        const fixes: Finding[] = [];
        for await (const fix of fixesFromFacts(context, change, diagnostics, signal)) fixes.push(fix);
        if (signal.aborted) return;
        yield* ranked(context, fixes);
      }
    },
  };
}

export const repair: Source = createRepair();

async function fromProject(
  context: TabContext,
  changes: readonly RecentChange[],
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const change of changes) {
    findings.push(...unusedImports(context, change));
    for await (const finding of signatures(context, change, signal)) findings.push(finding);
    if (signal.aborted) return findings;
    for await (const finding of missingImports(context, change, signal)) findings.push(finding);
    // Each document is a slice of its own.
    await nextTurn();
    if (signal.aborted) return findings;
  }
  return findings;
}

async function rememberDiagnostics(context: TabContext, known: KnownDiagnostics, signal: AbortSignal): Promise<void> {
  const { document, facts } = context;
  if (known.has(document.text)) return;
  const found = await facts.diagnostics(document.path, signal);
  if (found && !signal.aborted) known.set(document.text, found);
}

function* ranked(context: TabContext, findings: readonly Finding[]): Iterable<Candidate> {
  const kinds = new Map<string, number>();
  for (const { kind } of findings) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const candidates = findings.filter(isSound(context)).map((finding) => {
    const features = featuresOf(context, finding, kinds.get(finding.kind)!);
    return { finding, features, score: scoreOf(features) };
  });
  candidates.sort((a, b) => b.score - a.score);
  const walks = new Map<string, number>();
  for (const { finding, features, score } of candidates.slice(0, YIELDS)) {
    const { path, edits, target, kind, evidence } = finding;
    const index = (walks.get(kind) ?? 0) + 1;
    walks.set(kind, index);
    yield {
      path,
      edits,
      score,
      features,
      evidence,
      ...(target === undefined ? {} : { target }),
      ...(kind === 'call' ? { walk: { index, total: kinds.get(kind)! } } : {}),
    };
  }
}

function isSound(context: TabContext): (finding: Finding) => boolean {
  return ({ path, edits, target }) => {
    if (edits.length === 0) return target !== undefined;
    const text = context.snapshot.documents.get(path)?.content;
    return text === undefined || edits.every(([start, end]) => !isInsidePair(text, start) && !isInsidePair(text, end));
  };
}

function featuresOf(context: TabContext, { path, kind, features }: Finding, total: number): Record<string, number> {
  const own = Object.fromEntries(Object.entries(features).map(([name, value]) => [`${kind}:${name}`, value]));
  return {
    ...own,
    [kind]: 1,
    [`${kind}:places`]: Math.min(4, Math.log2(total)),
    cursorFile: path === context.document.path ? 1 : 0,
  };
}

/** P(the user wants this), by weights that training/source-weights.ts learned on the training split, from what seemed likely for what is too rare there. */
function scoreOf(features: Readonly<Record<string, number>>): number {
  let odds = weights.bias;
  for (const [name, weight] of Object.entries(weights.features)) odds += weight * (features[name] ?? 0);
  return 1 / (1 + Math.exp(-odds));
}
