import { stat } from 'node:fs/promises';
import type { Suggestion } from '../tab/suggestion.ts';
import {
  BrokenCaseError,
  type Case,
  extendsEvents,
  keyOf,
  openDocuments,
  pathOf,
  type Replay,
  replayEvent,
  sameDocuments,
} from './case.ts';
import type { Project, Projects } from './projects.ts';

/** One line that `tabstop predict --jsonl` prints. */
export interface Answer {
  readonly id: string | number;
  /** Best first. */
  readonly suggestions: readonly AnsweredSuggestion[];
  /** Milliseconds the prediction took, without reading the case. */
  readonly ms: number;
}

export interface AnsweredSuggestion {
  readonly path: string;
  readonly edits: readonly (readonly [number, number, string])[];
  readonly source: string;
  readonly confidence: number;
  /** `false` where the engine has it but would not show it; absent otherwise. */
  readonly shown?: false;
  /** Where a jump without an edit leads to. */
  readonly target?: number;
}

export interface PredictorOptions {
  readonly projects: Projects;
  /** The absolute form of a case's `root`. */
  readonly resolveRoot: (root: string) => string;
  readonly now: () => number;
}

export interface Predictor {
  /** @throws BrokenCaseError */
  answer(given: Case, signal: AbortSignal): Promise<Answer>;
}

/** The case before, so that one which only goes on (a session replayed event by event) costs its new events alone. */
interface Previous {
  readonly root: string | undefined;
  readonly given: Case;
  readonly project: Project;
  replay: Replay;
}

export function createPredictor({ projects, resolveRoot, now }: PredictorOptions): Predictor {
  let previous: Previous | undefined;

  async function begin(given: Case): Promise<Previous> {
    const root = given.root === undefined ? undefined : resolveRoot(given.root);
    const goesOn =
      previous && previous.root === root && sameDocuments(previous.given.documents, given.documents)
        ? previous
        : undefined;
    if (goesOn && extendsEvents(goesOn.given.events, given.events)) return { ...goesOn, given };
    if (root !== undefined && !goesOn) await assertFolder(root, given.root!);
    const replay = openDocuments(root, given.documents);
    const project = goesOn?.project ?? (await projects.open(root, replay.snapshot));
    return { root, given: { ...given, events: [] }, project, replay };
  }

  return {
    async answer(given, signal) {
      const current = await begin(given);
      const { root, project } = current;
      const done = previous?.replay === current.replay ? previous.given.events.length : 0;
      // Until the case has held together to its end, the next one starts afresh.
      previous = undefined;
      for (const event of given.events.slice(done))
        current.replay = replayEvent(current.replay, root, event, project.readNow);
      const path = keyOf(root, given.cursor.path);
      let { snapshot } = current.replay;
      if (!snapshot.documents.has(path) && !snapshot.oversized.has(path)) {
        const text = project.readNow(path);
        if (text === undefined) throw new BrokenCaseError(`cursor.path: there is no document ${given.cursor.path}`);
        snapshot = snapshot.open(project.init(path, text));
        current.replay = { ...current.replay, snapshot };
      }
      const length = snapshot.documents.get(path)?.length ?? snapshot.oversized.get(path)!.length;
      if (given.cursor.offset > length)
        throw new BrokenCaseError(`cursor.offset: ${given.cursor.offset} is outside a text of ${length} code units`);
      snapshot = snapshot.moveCursor({ path, offset: given.cursor.offset, selecting: false });
      await project.prepare(snapshot);
      const started = now();
      // At least two: a request for one may be answered with what was typed into before, and each case stands for itself.
      const { paused } = given;
      const request = { path, offset: given.cursor.offset, max: Math.max(2, given.max), paused };
      const prediction = await project.engine.tab.predict(snapshot, request, signal);
      const ms = Math.round((now() - started) * 1000) / 1000;
      previous = { ...current, given };
      return {
        id: given.id,
        // A command for the terminal, or a look at a definition, is no edit and no place of one: a case cannot judge it.
        suggestions: prediction.suggestions
          .filter(({ kind, peek }) => kind !== 'command' && !peek)
          .slice(0, given.max)
          .map((one) => toAnswer(root, one)),
        ms,
      };
    },
  };
}

function toAnswer(root: string | undefined, suggestion: Suggestion): AnsweredSuggestion {
  return {
    path: pathOf(root, suggestion.path),
    edits: suggestion.edits,
    source: suggestion.source,
    confidence: suggestion.confidence,
    ...(suggestion.shown ? {} : { shown: false }),
    ...(suggestion.edits.length === 0 ? { target: suggestion.cursorAfter } : {}),
  };
}

async function assertFolder(root: string, given: string): Promise<void> {
  const found = await stat(root).catch(() => undefined);
  if (!found?.isDirectory()) throw new BrokenCaseError(`root: there is no folder ${given}`);
}
