import type { Case } from './case.ts';
import { textsOf } from './case.ts';
import { deltaChrF } from './delta-chrf.ts';
import { type DocumentEvent, type Documents, outcomeOf, sameOutcome } from './documents.ts';
import { commonPrefix, EditError, lineOf, minimalEdits } from './edits.ts';
import { languageOf } from './languages.ts';
import type { Answer, Suggestion } from './predictor.ts';

/** One candidate of an answer, judged. */
export interface CandidateScore {
  readonly source: string;
  readonly confidence: number;
  readonly shown: boolean;
  /** The resulting texts equal those of an accepted outcome. */
  readonly exact: boolean;
}

export interface CaseScore {
  readonly id: string;
  readonly kind: string;
  readonly language: string;
  /** False where the case does not say what is right. */
  readonly scored: boolean;
  readonly shown: boolean;
  readonly exact: boolean;
  /** The first line it changes is one that an accepted outcome changes. */
  readonly position: boolean;
  /** 0..100, against the nearest accepted outcome; 0 where nothing was shown. */
  readonly deltaChrF: number;
  /** Of the shown suggestion, or of the best that was held back. */
  readonly source: string | undefined;
  readonly candidates: readonly CandidateScore[];
  /** As the engine says, else as measured here. */
  readonly ms: number;
  readonly wallMs: number;
  /** What the engine, or the check of its answer, complained about. */
  readonly error: string | undefined;
}

/** Judges an answer. `elsewhere` reads a file under the case's root that is not among its documents. */
export function scoreCase(one: Case, answer: Answer, elsewhere: (path: string) => string | undefined): CaseScore {
  const base = {
    id: one.id,
    kind: one.kind ?? 'case',
    language: languageOf(one.cursor.path),
    scored: one.accept !== undefined,
    ms: answer.ms ?? answer.wallMs,
    wallMs: answer.wallMs,
  };
  const texts = textsOf(one, elsewhere);
  const accepted = (one.accept ?? []).map((outcome) => ({ outcome, texts: outcomeOf(texts, outcome, elsewhere) }));
  let error = answer.error;
  const results = answer.suggestions.map((suggestion) => {
    try {
      return outcomeOf(texts, [suggestion], elsewhere);
    } catch (problem) {
      if (!(problem instanceof EditError)) throw problem;
      error ??= `suggestion of ${suggestion.source} on ${suggestion.path}: ${problem.message}`;
      return undefined;
    }
  });
  const candidates = answer.suggestions.map(({ source, confidence, shown }, index) => {
    const result = results[index];
    const exact = result !== undefined && result.size > 0 && accepted.some((each) => sameOutcome(each.texts, result));
    return { source, confidence, shown, exact };
  });
  const index = candidates.findIndex(({ shown }) => shown);
  const suggestion = answer.suggestions[index];
  const result = results[index];
  const before = (path: string) => texts.get(path) ?? elsewhere(path) ?? '';
  return {
    ...base,
    shown: suggestion !== undefined,
    exact: candidates[index]?.exact ?? false,
    position: suggestion !== undefined && accepted.some(({ outcome }) => onLineOf(suggestion, outcome, before)),
    deltaChrF: result === undefined ? 0 : Math.max(0, ...accepted.map((each) => nearness(before, each.texts, result))),
    source: candidates[Math.max(0, index)]?.source,
    candidates,
    error,
  };
}

function nearness(before: (path: string) => string, wanted: Documents, actual: Documents): number {
  const paths = [...new Set([...wanted.keys(), ...actual.keys()])].sort();
  const joined = (texts: Documents) => paths.map((path) => texts.get(path) ?? before(path)).join('\n');
  return deltaChrF(paths.map(before).join('\n'), joined(wanted), joined(actual));
}

function onLineOf(
  suggestion: Suggestion,
  outcome: readonly DocumentEvent[],
  before: (path: string) => string,
): boolean {
  const text = before(suggestion.path);
  const line = firstLine(text, suggestion);
  return (
    line !== undefined &&
    outcome.some(({ path, edits }) => {
      if (path !== suggestion.path) return false;
      return minimalEdits(text, edits).some(([start, end, insert]) => {
        // A whole line put in or taken out before a line also counts as standing on that line.
        const first = lineOf(text, start);
        const last = Math.max(
          first,
          lineOf(text, end) - (end > start && text[end - 1] === '\n' && !insert.includes('\n') ? 1 : 0),
        );
        return line >= first && line <= last;
      });
    })
  );
}

/** The line where a suggestion's text first differs; of a jump that changes nothing, where it goes. */
function firstLine(text: string, { edits }: Suggestion): number | undefined {
  try {
    const [first] = minimalEdits(text, edits);
    if (first === undefined)
      return edits[0] === undefined ? undefined : lineOf(text, Math.min(edits[0][0], text.length));
    // An insertion of a line can be written at the end of one line or the start of the next: slide it as far down as it goes.
    const [start, end, insert] = first;
    const slide = end === start ? commonPrefix(text.slice(start), insert) : 0;
    return lineOf(text, start + slide);
  } catch (error) {
    if (error instanceof EditError) return undefined;
    throw error;
  }
}
