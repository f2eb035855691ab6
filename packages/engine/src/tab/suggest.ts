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
import { jumpSignature, onceSignature, type RejectedSuggestions, signaturesOf } from './rejected.ts';
import type { Hidden, Ranked, Suggestion } from './suggestion.ts';
import { countPassed } from './walk.ts';

export interface SuggestOptions {
  /** Shown at or above this P(accept). */
  readonly minConfidence: number;
  /** The newest edit is still being typed: nothing that follows from it is known yet. */
  readonly growing?: boolean;
  readonly adaptation: Adaptation;
  readonly rejected: RejectedSuggestions;
  /** Places that the user left as they are in a walk. */
  readonly skipped: RejectedSuggestions;
  /** The id of what comes to this outcome. */
  readonly idOf: (outcome: string) => string;
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
    const key = outcomeOf(ranked.suggestion);
    const known = byOutcome.get(key);
    byOutcome.set(key, known ? agree(known, ranked) : ranked);
  }
  return [...countPassed([...byOutcome.values()])].sort(
    (a, b) => Number(b.suggestion.shown) - Number(a.suggestion.shown) || preference(b) - preference(a),
  );
}

/** Suggestions with one outcome are the same to the user. */
export function outcomeOf({
  path,
  edits,
  cursorAfter,
  command,
}: Pick<Suggestion, 'path' | 'edits' | 'cursorAfter' | 'command'>): string {
  return JSON.stringify([path, edits, edits.length > 0 ? 0 : cursorAfter, command?.text]);
}

function preference({ suggestion }: Ranked): number {
  // What changes nothing here is for when there is nothing to change.
  if (suggestion.kind === 'command' || suggestion.peek) return suggestion.confidence - 1;
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
  const { command } = candidate;
  if (edits.length === 0 && candidate.target === undefined && !command) return undefined;
  const confidence = acceptProbability(source, candidate.score, candidate.features, undefined, options.adaptation);
  const last = edits.at(-1);
  const cursorAfter =
    candidate.target ??
    (command ? snapshot.cursor?.offset : undefined) ??
    (last ? last[1] + edits.reduce((sum, [start, end, inserted]) => sum + inserted.length - (end - start), 0) : 0);
  const known: Suggestion = {
    id: options.idOf(outcomeOf({ path: candidate.path, edits, cursorAfter, ...(command ? { command } : {}) })),
    kind: command ? 'command' : kindOf(snapshot, candidate.path, edits),
    path: candidate.path,
    edits,
    cursorAfter,
    version: document?.version,
    source,
    confidence,
    shown: true,
    evidence: candidate.evidence,
    ...(candidate.peek ? { peek: true } : {}),
    ...(command ? { command } : {}),
    ...(candidate.walk ? { walk: candidate.walk } : {}),
  };
  const least = leastConfidence(candidate.least, options.minConfidence);
  const reason = reasonToHide(snapshot, known, text, { ...options, minConfidence: least });
  const { score, features } = candidate;
  if (!reason) return { suggestion: known, score, features };
  const [hidden, why] = reason;
  return { suggestion: { ...known, shown: false }, score, features, why, hidden };
}

/** The bar of a candidate that has one of its own: lowered with the user's setting, never below it. */
function leastConfidence(own: number | undefined, setting: number): number {
  return own === undefined ? setting : Math.max(setting, own * Math.min(1, setting / USUAL_SETTING));
}

/** The setting that sources choose their own bars for. */
const USUAL_SETTING = 0.25;

function kindOf(snapshot: Snapshot, path: string, edits: readonly TextEdit[]): Suggestion['kind'] {
  if (edits.length === 0) return 'jump';
  const cursor = snapshot.cursor;
  const [start, end] = edits[0]!;
  return edits.length === 1 && start === end && cursor?.path === path && cursor.offset === start ? 'insert' : 'edit';
}

function reasonToHide(
  snapshot: Snapshot,
  suggestion: Suggestion,
  text: string | undefined,
  { rejected, skipped, minConfidence, growing }: SuggestOptions,
): readonly [Hidden, string] | undefined {
  const { path, edits, confidence, cursorAfter } = suggestion;
  const document = snapshot.documents.get(path);
  // To look at a place, or to install what it needs, changes nothing in it.
  if (document?.exclusion && !suggestion.command && !suggestion.peek)
    return ['unfit', `the file is left alone (${document.exclusion})`];
  if (suggestion.command || suggestion.peek) {
    if (rejected.has(onceSignature(suggestion))) return ['passed', 'it was offered before'];
  } else if (edits.length === 0) {
    if (rejected.has(jumpSignature(path, text, cursorAfter))) return ['passed', 'it was rejected before'];
  } else if (text !== undefined) {
    if (edits.every(([start, end, inserted]) => text.slice(start, end).trim() === '' && inserted.trim() === ''))
      return ['unfit', 'it changes white space alone'];
    if (applyEdits(text, edits) === text) return ['unfit', 'it changes nothing'];
    if (onlyReverts(path, text, edits, snapshot.history.edits))
      return ['unfit', 'it only takes back what was just done'];
    const signatures = signaturesOf(path, text, edits);
    if (signatures.some(rejected.has)) return ['passed', 'it was rejected before'];
    if (signatures.some(skipped.has)) return ['passed', 'it was skipped'];
  }
  if (growing && suggestion.kind !== 'insert') return ['early', 'the edit it follows from is still being typed'];
  if (confidence < minConfidence)
    return [
      'unlikely',
      `its confidence of ${Math.round(confidence * 100)} % is below ${Math.round(minConfidence * 100)} %`,
    ];
  return undefined;
}

/** The snapshot after the user accepts: what the next suggestion is computed for while this one shows. `undefined` when its document is not open, or nothing is
 * to be changed. */
export function afterAccepting(snapshot: Snapshot, suggestion: Suggestion, at: number): Snapshot | undefined {
  const document = snapshot.documents.get(suggestion.path);
  if (!document || suggestion.command || suggestion.peek) return undefined;
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
