import type { CoChange } from '../../workspace/git-history.ts';
import { languageOf } from '../../workspace/languages.ts';
import { isStrong, looksFinished, targetByLine, targetByName } from '../co-change/worthwhile.ts';
import { recentChanges } from '../repair/changes.ts';
import type { Candidate, Source } from '../source.ts';

const YIELDS = 3;
/** Visits remembered. */
const VISITS = 128;

/**
 * Files that history says change together with the one just edited -> where to look next, as a jump without an edit: when the change here looks
 * finished, and the user has not been there since it began.
 */
export function createCoChange(history: Pick<CoChange, 'related' | 'lastChangedLine'>): Source {
  /** Newest history edit there was when the cursor was last seen in a file. */
  const visits = new Map<string, number>();
  return {
    name: 'co-change',
    async *propose(context, signal) {
      const { latest, edits } = context.snapshot.history;
      visits.delete(context.document.path);
      visits.set(context.document.path, latest?.id ?? 0);
      if (visits.size > VISITS) visits.delete(visits.keys().next().value!);
      if (!latest || latest.origin === 'undo' || latest.origin === 'redo') return;
      const related = history.related(latest.path).filter(isStrong);
      if (related.length === 0 || !looksFinished(context, latest)) return;
      const began = edits.findLast(
        (edit, index) => edit.path === latest.path && edits[index - 1]?.path !== latest.path,
      )!;
      const [change] = recentChanges(context);
      const names = new Set([...(change?.introduced ?? []), ...(change?.removed ?? [])]);
      let yielded = 0;
      for (const [rank, { path, together, of, confidence, lift }] of related.entries()) {
        if (yielded === YIELDS) return;
        if (path === context.document.path || (visits.get(path) ?? -1) >= began.id) continue;
        // What was changed in this session is known to its author.
        if (edits.some((edit) => edit.path === path)) continue;
        const document = context.snapshot.documents.get(path);
        if (document?.exclusion) continue;
        const text = document?.content ?? (await context.files.read(path));
        if (signal.aborted) return;
        if (text === undefined) continue;
        const target =
          targetByName(text, languageOf(path), names) ??
          targetByLine(text, await history.lastChangedLine(path, signal));
        if (signal.aborted) return;
        const features = {
          together: Math.min(10, together) / 10,
          confidence,
          lift: Math.min(4, Math.log2(Math.max(1, lift))) / 4,
          definition: target.by === 'definition' ? 1 : 0,
          use: target.by === 'use' ? 1 : 0,
          top: target.by === 'top' ? 1 : 0,
          rank,
          open: document ? 1 : 0,
          leftFile: context.document.path === latest.path ? 0 : 1,
        };
        yielded++;
        yield {
          path,
          edits: [],
          target: target.offset,
          score: scoreOf(features),
          features,
          evidence: [
            `${together} of ${of} commits that changed ${latest.path} changed this file too`,
            target.name === undefined
              ? target.by === 'history'
                ? 'its last change was here'
                : 'nothing tells where in it'
              : `${target.name} was just edited, and is ${target.by === 'definition' ? 'declared' : 'used'} here`,
          ],
        } satisfies Candidate;
      }
    },
  };
}

/** P(the user goes there next). Published versions do not tell where their authors looked, so these are estimates until feedback corrects them. */
function scoreOf(features: Readonly<Record<string, number>>): number {
  const { confidence = 0, together = 0, lift = 0, definition = 0, use = 0, top = 0, rank = 0 } = features;
  const odds =
    -2.6 + 1.8 * confidence + 0.8 * together + 0.5 * lift + 0.7 * definition + 0.6 * use - 0.6 * top - 0.4 * rank;
  return 1 / (1 + Math.exp(-odds));
}
