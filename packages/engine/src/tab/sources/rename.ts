import { alike, recentRenames } from '../rename/detect.ts';
import { type KnownReferences, prefetch } from '../rename/facts-before.ts';
import { createAnalyses } from '../rename/places.ts';
import { languageIdOf, mentionsOf, type Plan, planOf } from '../rename/plan.ts';
import type { Candidate, Source, TabContext } from '../source.ts';

/** Suggestions of one answer. */
const YIELDS = 40;

/**
 * An identifier that was changed at one place -> the rest of its references, one Tab after the other: after the cursor, around to the top of its file,
 * then through the other files. What belongs together is read from the texts before the rename began, where the program was whole, and carried
 * over the edits since; a place counts as done when it holds the new name, whoever wrote it there.
 */
export function createRename(): Source {
  const analyses = createAnalyses();
  const references: KnownReferences = new WeakMap();
  return {
    name: 'rename',
    async *propose(context, signal) {
      const { edits } = context.snapshot.history;
      const languageOf = (path: string) => languageIdOf(context, path);
      const renames = recentRenames(edits, languageOf);
      for (const newest of renames.slice(0, 3)) {
        const plan = await planOf(analyses, references, context, signal, alike(edits, newest, languageOf));
        if (signal.aborted) return;
        if (!plan) continue;
        yield* suggestions(context, plan);
        if (plan.open.length > 0) return;
      }
      prefetch(references, context, renames, signal);
    },
  };
}

export const rename: Source = createRename();

function* suggestions(context: TabContext, plan: Plan): Generator<Candidate> {
  const { rename, origin, verdict, open, done, total } = plan;
  for (const [position, group] of open.slice(0, context.everyPlace ? undefined : YIELDS).entries())
    yield {
      path: group.path,
      edits: group.edits,
      score: scoreOf(verdict.score, group.certainty) * (1 - 0.004 * position),
      features: {
        ...verdict.features,
        certainty: group.certainty,
        facts: origin.basis === 'facts' ? 1 : 0,
        syntax: origin.basis === 'syntax' ? 1 : 0,
        elsewhere: group.path === context.document.path ? 0 : 1,
        done: Math.min(1, Math.max(0, done - 1) / 4),
        places: Math.min(1, total / 20),
      },
      evidence: [
        `${rename.oldName} became ${rename.newName} in ${rename.path}`,
        ...verdict.evidence,
        `${done} of ${total} places done; the rest by ${SPELLED[origin.basis]}`,
      ],
      walk: { index: done + position + 1, total },
    };
  if (open.length === 0) yield* mentions(context, plan);
}

const SPELLED = { facts: 'the language server', syntax: 'scopes', text: 'whole words alone' };

function scoreOf(base: number, certainty: number): number {
  return base * (0.1 + 0.9 * certainty);
}

/** When the code is done: the name in comments and strings of its file. */
function* mentions(context: TabContext, plan: Plan): Generator<Candidate> {
  const { rename, verdict } = plan;
  if (rename.oldName.length < 4) return;
  const { open, total } = mentionsOf(context, plan);
  for (const [position, group] of open.entries())
    yield {
      path: group.path,
      edits: group.edits,
      score: verdict.score * 0.35,
      features: { ...verdict.features, mention: 1 },
      evidence: [`${rename.oldName} became ${rename.newName}; this comment or string still names it`],
      walk: { index: total - open.length + position + 1, total },
    };
}
