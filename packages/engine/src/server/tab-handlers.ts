import {
  Method,
  TabFeedback,
  TabPredict,
  type TabPredictResult,
  type TabStatus,
  TabSkip,
  type TabSuggestion,
  TabWalk,
  type TabWalkResult,
} from '@tabstop/protocol';
import { z } from 'zod';
import type { LexiconStatus } from '../tab/lexicon/open-lexicon.ts';
import type { Suggestion } from '../tab/suggestion.ts';
import type { Tab } from '../tab/tab.ts';
import type { Connection } from './connection.ts';
import type { DocumentSync } from './document-sync.ts';

export interface TabHandlersOptions {
  readonly connection: Connection;
  readonly documents: DocumentSync;
  /** @throws RequestError before `initialize`. */
  readonly tab: () => Tab;
  /** Somebody waits for a prediction. */
  readonly onAsked: () => void;
}

/** `tab/*` of the wire: converts types and asks the feature. */
export function handleTab({ connection, documents, tab, onAsked }: TabHandlersOptions): void {
  connection.onRequest(Method.TabPredict, TabPredict, async (params, signal): Promise<TabPredictResult> => {
    onAsked();
    const feature = tab();
    const silence = outOfStep(documents, params.path, params.version);
    if (silence) return { ms: 0, silence };
    const request = { path: params.path, offset: params.offset, explicit: params.trigger === 'explicit' };
    const prediction = await feature.predict(documents.snapshot, request, signal);
    const best = prediction.suggestions.find((suggestion) => suggestion.shown);
    return {
      ms: prediction.ms,
      ...(best ? { suggestion: toWire(best) } : {}),
      ...(prediction.silence === undefined ? {} : { silence: prediction.silence }),
    };
  });
  connection.onNotification(Method.TabFeedback, TabFeedback, ({ id, outcome }) => tab().feedback(id, outcome));
  connection.onRequest(Method.TabWalk, TabWalk, async ({ id }, signal): Promise<TabWalkResult> => {
    const found = await tab().walk(documents.snapshot, id, signal);
    return {
      ...(found.id === undefined ? {} : { id: found.id }),
      items: found.items.map(({ ranked, line, before, after }) => {
        const { id, path, edits, version, source, confidence } = toWire(ranked.suggestion);
        return {
          id,
          path,
          edits,
          ...(version === undefined ? {} : { version }),
          line,
          before,
          after,
          source,
          confidence,
        };
      }),
      done: found.done,
    };
  });
  connection.onNotification(Method.TabSkip, TabSkip, ({ id }) => tab().skip(id));
  connection.onRequest(Method.TabExplain, z.object({}), () => {
    const { shown, others, ms } = tab().explain();
    return {
      ...(shown ? { shown: toWire(shown) } : {}),
      others: others.map(({ suggestion, why }) => ({ suggestion: toWire(suggestion), why })),
      ms,
    };
  });
  connection.onRequest(Method.TabStats, z.object({}), () => tab().stats());
  connection.onRequest(Method.TabClearFeedback, z.object({}), () => tab().clearFeedback());
}

/** Why nothing can be said about the client's version of a document; asks for the text where that is lost here. */
function outOfStep(documents: DocumentSync, path: string, version: number): string | undefined {
  if (documents.isOutOfSync(path)) return 'resyncing';
  if (documents.snapshot.oversized.has(path)) return 'left alone: too-large';
  const known = documents.snapshot.documents.get(path)?.version;
  if (known === version) return undefined;
  // A newer version here than in the request: the user has typed on, and the client will ask again for that.
  if (known !== undefined && known > version) return 'the document has changed since';
  const reason = known === undefined ? 'was never opened' : `is at version ${version} at the client, ${known} here`;
  documents.lost(path, `${path}: ${reason}`);
  return 'resyncing';
}

function toWire(suggestion: Suggestion): TabSuggestion {
  const { shown: _, version, edits, walk, command, ...rest } = suggestion;
  return {
    ...rest,
    ...(walk ? { walk: { index: walk.index, total: walk.total } } : {}),
    ...(command ? { command: { text: command.text, cwd: command.cwd, reason: command.reason } } : {}),
    edits: edits.map(([start, end, text]) => [start, end, text]),
    ...(version === undefined ? {} : { version }),
  };
}

/** Progress of the token model, for the status bar. */
export function statusOf(status: LexiconStatus): TabStatus {
  if (status.state === 'failed') return { state: 'failed', message: status.reason };
  if (status.state === 'ready') return { state: 'ready', files: status.files };
  const { phase, done, total } = status.progress;
  return { state: 'building', progress: total > 0 ? Math.min(1, done / total) : 0, message: phase };
}
