import type { CommitModel } from './commit-model.ts';
import { kinship, type PathWords } from './path-kinship.ts';

export interface RelatedQuestion {
  /** Relative to the root, the one that matters most first. */
  readonly paths: readonly string[];
  readonly prompt?: string;
  readonly limit: number;
}

export interface RelatedSources {
  readonly history: CommitModel;
  readonly words: PathWords;
  /** Files that are there now. */
  readonly exists: (path: string) => boolean;
  readonly files: () => Iterable<string>;
}

export interface RelatedHit {
  readonly path: string;
  /** 0..1, of this answer's best. */
  readonly score: number;
  readonly why: string;
}

/** What each signal counts, its best file being 1: the best of few that `training/related-signals.ts` tries, on commits before those that `npm run eval:related` asks about. */
export const SIGNALS = { together: 1, subjects: 0.7, kinship: 1, pathWords: 0.6 } as const;
export type Signals = { readonly [name in keyof typeof SIGNALS]: number };

/** Files that usually change with these or for this, best first, with why in words. */
export function relatedFiles(
  { paths, prompt = '', limit }: RelatedQuestion,
  sources: RelatedSources,
  signals: Signals = SIGNALS,
): readonly RelatedHit[] {
  const { history, words, exists } = sources;
  const asked = new Set(paths);
  const found = new Map<string, { score: number; best: number; why: () => string }>();
  const add = (path: string, score: number, why: () => string) => {
    if (score <= 0 || asked.has(path) || !exists(path)) return;
    const known = found.get(path);
    if (!known) found.set(path, { score, best: score, why });
    else {
      known.score += score;
      if (score > known.best) Object.assign(known, { best: score, why });
    }
  };
  const weighted = <T extends { readonly path: string; readonly score: number }>(
    hits: readonly T[],
    weight: number,
    why: (hit: T) => string,
  ) => {
    const best = hits.find(({ path }) => !asked.has(path) && exists(path))?.score ?? 1;
    for (const hit of hits) add(hit.path, (weight * hit.score) / best, () => why(hit));
  };
  weighted(history.changedWith(paths), signals.together, ({ path }) => togetherWhy(path, paths, history));
  if (prompt.trim() !== '') {
    weighted(history.changedFor(prompt), signals.subjects, ({ path }) => subjectWhy(path, prompt, history));
    weighted(
      words.find(prompt),
      signals.pathWords,
      ({ words: shared }) => `its path has ${shared.map((word) => `“${word}”`).join(', ')}`,
    );
  }
  if (signals.kinship > 0 && paths.length > 0)
    for (const path of sources.files()) {
      let nearest: { readonly score: number; readonly why: string } | undefined;
      for (const other of paths) {
        const kin = kinship(path, other);
        if (kin && kin.score > (nearest?.score ?? 0)) nearest = kin;
      }
      if (nearest) add(path, signals.kinship * nearest.score, () => nearest.why);
    }
  const ranked = [...found].sort(
    ([a, left], [b, right]) =>
      right.score - left.score || history.activity(b) - history.activity(a) || (a < b ? -1 : 1),
  );
  const best = ranked[0]?.[1].score ?? 1;
  return ranked.slice(0, limit).map(([path, { score, why }]) => ({ path, score: score / best, why: why() }));
}

function togetherWhy(path: string, paths: readonly string[], history: CommitModel): string {
  const counts = paths.map((other) => ({ other, ...history.together(other, path) }));
  const most = counts.reduce((a, b) => (b.together > a.together ? b : a));
  const times = `${most.together} of ${most.of} ${most.of === 1 ? 'time' : 'times'}`;
  if (paths.length === 1) return `changed together ${times}`;
  return `changed with ${most.other.slice(most.other.lastIndexOf('/') + 1)} ${times}`;
}

const LONGEST_SUBJECT = 60;

function subjectWhy(path: string, prompt: string, history: CommitModel): string {
  const [first = '', ...others] = history.subjectsFor(prompt, path);
  const shown = first.length > LONGEST_SUBJECT ? `${first.slice(0, LONGEST_SUBJECT - 1)}…` : first;
  return others.length === 0 ? `changed by “${shown}”` : `changed by “${shown}” and ${others.length} more like it`;
}
