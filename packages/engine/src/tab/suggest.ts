import type { Snapshot } from '../workspace/snapshot.ts';
import {
  applyEdits,
  InvalidEditError,
  isInsidePair,
  minimizeEdit,
  normalizeEdits,
  type TextEdit,
} from '../workspace/text-edit.ts';
import type { Proposed } from './collect.ts';
import { acceptProbability, type Adaptation } from './rank.ts';
import { onlyReverts } from './reverts.ts';
import { type RejectedSuggestions, signatureOf } from './rejected.ts';
import type { Suggestion } from './suggestion.ts';

export interface SuggestOptions {
  /** Shown at or above this P(accept). */
  readonly minConfidence: number;
  readonly adaptation: Adaptation;
  readonly rejected: RejectedSuggestions;
  readonly nextId: () => string;
}

/** A suggestion with what its feedback entry will need. */
export interface Ranked {
  readonly suggestion: Suggestion;
  readonly score: number;
  readonly features: Readonly<Record<string, number>>;
  /** Why it is not shown, if so; a sentence for the explanation. */
  readonly why?: string;
}

/** A candidate elsewhere has to be this much likelier than text at the cursor before the user is sent away. */
const JUMP_MARGIN = 0.1;

/**
 * Ranks the candidates and decides what may be shown: fits the text, changes something, is not white space alone, takes nothing back that was just done, was not
 * rejected, is likely enough. Candidates with the same outcome become one. Best first; what is not shown keeps its reason and comes after.
 */
export function suggest(snapshot: Snapshot, proposed: readonly Proposed[], options: SuggestOptions): readonly Ranked[] {
  const byOutcome = new Map<string, Ranked>();
  for (const entry of proposed) {
    const ranked = rankOne(snapshot, entry, options);
    if (!ranked) continue;
    const key = JSON.stringify([
      ranked.suggestion.path,
      ranked.suggestion.edits,
      ranked.suggestion.edits.length ? 0 : ranked.suggestion.cursorAfter,
    ]);
    const known = byOutcome.get(key);
    byOutcome.set(key, known ? agree(known, ranked) : ranked);
  }
  return [...byOutcome.values()].sort(
    (a, b) => Number(b.suggestion.shown) - Number(a.suggestion.shown) || preference(b) - preference(a),
  );
}

function preference({ suggestion }: Ranked): number {
  return suggestion.confidence + (suggestion.kind === 'insert' ? JUMP_MARGIN : 0);
}

/** Two sources with one outcome: the likelier one leads and keeps the evidence of both. */
function agree(a: Ranked, b: Ranked): Ranked {
  const [lead, other] = a.suggestion.confidence >= b.suggestion.confidence ? [a, b] : [b, a];
  const evidence = [
    ...lead.suggestion.evidence,
    ...other.suggestion.evidence.filter((line) => !lead.suggestion.evidence.includes(line)),
  ];
  return { ...lead, suggestion: { ...lead.suggestion, evidence } };
}

function rankOne(snapshot: Snapshot, { source, candidate }: Proposed, options: SuggestOptions): Ranked | undefined {
  const document = snapshot.documents.get(candidate.path);
  const text = document?.content;
  let edits: readonly TextEdit[] = candidate.edits;
  if (text !== undefined) {
    try {
      edits = normalizeEdits(edits, text.length)
        .map((edit) => minimizeEdit(text, edit))
        .filter(([start, end, inserted]) => start !== end || inserted !== '');
    } catch (error) {
      if (error instanceof InvalidEditError) return undefined;
      throw error;
    }
    if (edits.some(([start, end]) => isInsidePair(text, start) || isInsidePair(text, end))) return undefined;
  }
  if (edits.length === 0 && candidate.target === undefined) return undefined;
  const kind = kindOf(snapshot, candidate.path, edits);
  const confidence = acceptProbability(source, candidate.score, candidate.features, undefined, options.adaptation);
  const why = reasonToHide(snapshot, candidate.path, text, edits, confidence, options);
  const last = edits.at(-1);
  const suggestion: Suggestion = {
    id: options.nextId(),
    kind,
    path: candidate.path,
    edits,
    cursorAfter:
      candidate.target ??
      (last ? last[1] + edits.reduce((sum, [start, end, inserted]) => sum + inserted.length - (end - start), 0) : 0),
    version: document?.version,
    source,
    confidence,
    shown: why === undefined,
    evidence: candidate.evidence,
    ...(candidate.walk ? { walk: candidate.walk } : {}),
  };
  return { suggestion, score: candidate.score, features: candidate.features, ...(why ? { why } : {}) };
}

function kindOf(snapshot: Snapshot, path: string, edits: readonly TextEdit[]): Suggestion['kind'] {
  if (edits.length === 0) return 'jump';
  const cursor = snapshot.cursor;
  const [start, end] = edits[0]!;
  return edits.length === 1 && start === end && cursor?.path === path && cursor.offset === start ? 'insert' : 'edit';
}

function reasonToHide(
  snapshot: Snapshot,
  path: string,
  text: string | undefined,
  edits: readonly TextEdit[],
  confidence: number,
  options: SuggestOptions,
): string | undefined {
  const document = snapshot.documents.get(path);
  if (document?.exclusion) return `the file is left alone (${document.exclusion})`;
  if (text !== undefined && edits.length > 0) {
    if (edits.every(([start, end, inserted]) => text.slice(start, end).trim() === '' && inserted.trim() === ''))
      return 'it changes white space alone';
    if (applyEdits(text, edits) === text) return 'it changes nothing';
    if (onlyReverts(path, text, edits, snapshot.history.edits)) return 'it only takes back what was just done';
    if (options.rejected.has(signatureOf(path, text, edits))) return 'it was rejected before';
  }
  if (confidence < options.minConfidence)
    return `its confidence of ${Math.round(confidence * 100)} % is below ${Math.round(options.minConfidence * 100)} %`;
  return undefined;
}

/** The snapshot after the user accepts: what the next suggestion is computed for while this one shows. `undefined` when its document is not open. */
export function afterAccepting(snapshot: Snapshot, suggestion: Suggestion, at: number): Snapshot | undefined {
  const document = snapshot.documents.get(suggestion.path);
  if (!document) return undefined;
  const changed =
    suggestion.edits.length === 0
      ? snapshot
      : snapshot.change({
          path: suggestion.path,
          baseVersion: document.version,
          version: document.version + 1,
          edits: suggestion.edits,
          origin: 'accept',
          at,
        });
  return changed.moveCursor({ path: suggestion.path, offset: suggestion.cursorAfter, selecting: false });
}
