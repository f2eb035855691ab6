import { Method, type TabFeedback, type TabPredictResult, type TabSuggestion, type WireEdit } from '@tabstop/protocol';
import * as vscode from 'vscode';
import { pathOf, uriOf } from '../convert.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import { type Presentation, present } from './presentation.ts';
import { reasonForSilence, type Situation } from './trigger-policy.ts';

/** One suggestion as it was drawn, or could be. */
export interface Offer {
  readonly suggestion: TabSuggestion;
  readonly presentation: Presentation;
  readonly target: vscode.TextDocument;
  /** Versions of the two documents the offer was made for. */
  readonly activeVersion: number;
  readonly targetVersion: number;
  readonly ms: number;
}

export interface SessionOptions {
  readonly engine: Pick<EngineClient, 'request' | 'notify'>;
  isTracked(path: string): boolean;
  /** What the extension knows beside the editor's own state. */
  ambient(editor: vscode.TextEditor | undefined, document: vscode.TextDocument): AmbientSituation;
  /** Subtle mode keeps an offer back until it is asked for. */
  holdsBack(): boolean;
  onChange(): void;
  onOpened(offer: Offer): void;
}

export type AmbientSituation = Pick<
  Situation,
  'enabled' | 'snoozed' | 'disabledLanguages' | 'readOnly' | 'normalMode' | 'afterUndo'
>;

export interface Asked {
  readonly explicit: boolean;
  readonly suggestWidget: boolean;
}

/** Asks the engine, remembers what is on display, and reports what became of it. */
export interface TabSession {
  offer(
    document: vscode.TextDocument,
    position: vscode.Position,
    asked: Asked,
    token: vscode.CancellationToken,
  ): Promise<Offer | undefined>;
  /** Has the engine look at the cursor's place; nothing comes of it on the screen. */
  lookAround(editor: vscode.TextEditor): void;
  /** The offer on display; in subtle mode the one that waits. */
  readonly current: Offer | undefined;
  readonly hidden: boolean;
  readonly last:
    | { readonly source: string | undefined; readonly ms: number; readonly silence: string | undefined }
    | undefined;
  /** The one replacement that accepting `current` makes in the document at `path`. */
  suggestedFor(path: string): readonly WireEdit[] | undefined;
  shown(offer: Offer): void;
  ended(offer: Offer, outcome: TabFeedback['outcome']): void;
  /** Tab led to the file of the offer; the change itself is still to be accepted there. */
  opened(offer: Offer): void;
  clear(): void;
}

export function tabSession(options: SessionOptions): TabSession {
  const { engine } = options;
  let current: Offer | undefined;
  let hidden = false;
  let looking: vscode.CancellationTokenSource | undefined;
  let last: TabSession['last'];
  const reported = new Map<string, TabFeedback['outcome']>();

  const feedback = (id: string, outcome: TabFeedback['outcome']) => {
    // Typing into a suggestion draws it anew under the same id: shown once, and its end counts once.
    if (reported.get(id) === outcome) return;
    reported.set(id, outcome);
    if (reported.size > 500) reported.delete(reported.keys().next().value!);
    const params: TabFeedback = { id, outcome };
    engine.notify(Method.TabFeedback, params);
  };

  const put = (offer: Offer | undefined, held: boolean) => {
    if (offer === current && held === hidden) return;
    current = offer;
    hidden = held;
    options.onChange();
  };

  const situation = (document: vscode.TextDocument, asked: Asked): Situation => {
    const editor = vscode.window.activeTextEditor;
    const here = editor?.document === document ? editor : undefined;
    return {
      ...options.ambient(here, document),
      languageId: document.languageId,
      tracked: options.isTracked(pathOf(document.uri)),
      cursors: here?.selections.length ?? 1,
      selecting: here ? !here.selection.isEmpty : false,
      suggestWidget: asked.suggestWidget,
      explicit: asked.explicit,
    };
  };

  const predict = (document: vscode.TextDocument, offset: number, asked: Asked, token: vscode.CancellationToken) =>
    engine.request<TabPredictResult>(
      Method.TabPredict,
      {
        path: pathOf(document.uri),
        version: document.version,
        offset,
        trigger: asked.explicit ? 'explicit' : 'automatic',
      },
      token,
    );

  return {
    async offer(document, position, asked, token) {
      const silence = reasonForSilence(situation(document, asked));
      if (silence) {
        last = { source: undefined, ms: 0, silence };
        put(undefined, false);
        return undefined;
      }
      const version = document.version;
      const offset = document.offsetAt(position);
      let result = await predict(document, offset, asked, token);
      let suggestion = result?.suggestion;
      let target: vscode.TextDocument | undefined = document;
      if (suggestion && suggestion.path !== pathOf(document.uri)) {
        // Once the file is open here, the engine answers for the very text that the editor will show.
        const closed = suggestion.version === undefined;
        target = await openDocument(suggestion.path);
        if (target && closed && !token.isCancellationRequested) {
          const wanted = suggestion.path;
          result = await predict(document, offset, asked, token);
          suggestion = result?.suggestion;
          if (suggestion && suggestion.path !== wanted) target = await openDocument(suggestion.path);
        }
      }
      if (token.isCancellationRequested || document.version !== version || !result) return undefined;
      last = { source: suggestion?.source, ms: result.ms, silence: result.silence };
      if (!suggestion || !target || suggestion.version !== target.version) {
        put(undefined, false);
        return undefined;
      }
      const presentation = present(suggestion, { path: pathOf(document.uri), cursor: offset }, targetOf(target));
      if (!presentation) {
        put(undefined, false);
        return undefined;
      }
      const offer: Offer = {
        suggestion,
        presentation,
        target,
        activeVersion: version,
        targetVersion: target.version,
        ms: result.ms,
      };
      if (options.holdsBack() && !asked.explicit) {
        put(offer, true);
        return undefined;
      }
      // Drawn anew, the editor does not report it as shown again.
      if (current?.suggestion.id === suggestion.id) put(offer, false);
      return offer;
    },
    lookAround({ document, selection }) {
      const asked: Asked = { explicit: false, suggestWidget: false };
      if (reasonForSilence(situation(document, asked))) return;
      looking?.cancel();
      looking = new vscode.CancellationTokenSource();
      // What the answer says is not wanted; why there is none is in the log of the engine.
      predict(document, document.offsetAt(selection.active), asked, looking.token).catch(() => undefined);
    },
    get current() {
      return current;
    },
    get hidden() {
      return hidden;
    },
    get last() {
      return last;
    },
    suggestedFor(path) {
      if (!current || pathOf(current.target.uri) !== path || current.presentation.kind === 'go') return undefined;
      const { start, end, text } = current.presentation;
      return [[start, end, text]];
    },
    shown(offer) {
      feedback(offer.suggestion.id, 'shown');
      put(offer, false);
    },
    ended(offer, outcome) {
      feedback(offer.suggestion.id, outcome);
      if (outcome === 'accepted-part') return;
      // What is drawn anew under the same id goes on when the older drawing is given up.
      const ends = outcome === 'ignored' ? current === offer : current?.suggestion.id === offer.suggestion.id;
      if (ends) put(undefined, false);
    },
    opened: options.onOpened,
    clear: () => put(undefined, false),
  };
}

/** `undefined`: gone, binary, or too large to open. */
async function openDocument(path: string): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(uriOf(path));
  } catch {
    return undefined;
  }
}

export function targetOf(document: vscode.TextDocument) {
  const text = document.getText();
  return { path: pathOf(document.uri), length: text.length, slice: (from: number, to: number) => text.slice(from, to) };
}
