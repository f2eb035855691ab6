import { Method, type TabFeedback, type TabPredictResult, type TabSuggestion, type WireEdit } from '@tabstop/protocol';
import * as vscode from 'vscode';
import { pathOf, uriOf } from '../convert.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { Timers } from '../engine/timers.ts';
import { type DrawnPresentation, type HintPresentation, isHint, type Presentation, present } from './presentation.ts';
import { reasonForSilence, type Situation } from './trigger-policy.ts';

/** One suggestion as it was drawn, or could be. */
export interface Offer<Shown extends Presentation = DrawnPresentation> {
  readonly suggestion: TabSuggestion;
  readonly presentation: Shown;
  /** Where the cursor is, and where the change is. */
  readonly document: vscode.TextDocument;
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
  /** Milliseconds to wait before the engine is asked, where nobody asked by a command. */
  delay(): number;
  readonly timers: Timers;
  onChange(): void;
  onOpened(offer: Offer): void;
  /** What is to be told in words instead of drawn; `undefined`: nothing (any more). */
  onHint(offer: Offer<HintPresentation> | undefined): void;
  onEnded(outcome: TabFeedback['outcome']): void;
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
  /**
   * Asks for the cursor's place though the editor did not. `undefined`: there is no editor, another such question came, or text or cursor have moved
   * meanwhile.
   */
  offerHere(): Promise<
    { readonly editor: vscode.TextEditor; readonly at: vscode.Position; readonly offer: Offer | undefined } | undefined
  >;
  /** Has the engine look at the cursor's place; nothing comes of it on the screen. */
  lookAround(editor: vscode.TextEditor): void;
  /** The offer on display; in subtle mode the one that waits. */
  readonly current: Offer<Presentation> | undefined;
  readonly hidden: boolean;
  /** `current` is for the text as it is, and nothing the editor said speaks against its being on the screen. */
  readonly isUpToDate: boolean;
  readonly last:
    | { readonly source: string | undefined; readonly ms: number; readonly silence: string | undefined }
    | undefined;
  /** The one replacement that accepting `current` makes in the document at `path`. */
  suggestedFor(path: string): readonly WireEdit[] | undefined;
  shown(offer: Offer<Presentation>): void;
  /** Taken away before the user can have looked at it: nothing is learned from it. */
  withdrawn(offer: Offer<Presentation>): void;
  /** The place of `current` is to stay as it is; answers whether there was one. */
  skip(): boolean;
  /** These edits are about to be made in the document at `path`, on the user's word, until the returned function is called. */
  applying(path: string, edits: readonly WireEdit[]): () => void;
  ended(offer: Offer<Presentation>, outcome: TabFeedback['outcome']): void;
  /** Tab led to the file of the offer; the change itself is still to be accepted there. */
  opened(offer: Offer): void;
  clear(): void;
}

export function tabSession(options: SessionOptions): TabSession {
  const { engine } = options;
  let current: Offer<Presentation> | undefined;
  let hidden = false;
  /** The editor gave up an earlier drawing of `current`, and did not say that another one took its place. */
  let doubtful = false;
  let looking: vscode.CancellationTokenSource | undefined;
  let asking: vscode.CancellationTokenSource | undefined;
  let last: TabSession['last'];
  const reported = new Map<string, TabFeedback['outcome']>();
  /** Skipped ones: what the editor says of their end is no answer to them. */
  const skipped = new Set<string>();
  const applied = new Map<string, readonly WireEdit[]>();

  const feedback = (id: string, outcome: TabFeedback['outcome']) => {
    // Typing into a suggestion draws it anew under the same id: shown once, and its end counts once.
    if (reported.get(id) === outcome || skipped.has(id)) return;
    reported.set(id, outcome);
    if (reported.size > 500) reported.delete(reported.keys().next().value!);
    const params: TabFeedback = { id, outcome };
    engine.notify(Method.TabFeedback, params);
    options.onEnded(outcome);
  };

  const put = (offer: Offer<Presentation> | undefined, held: boolean) => {
    if (offer?.suggestion.id !== current?.suggestion.id) doubtful = false;
    if (offer === current && held === hidden) return;
    current = offer;
    hidden = held;
    options.onChange();
  };

  /** Nothing is to be seen, for what the engine or the situation says. */
  const nothing = () => {
    options.onHint(undefined);
    put(undefined, false);
    return undefined;
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

  const session: TabSession = {
    async offer(document, position, asked, token) {
      const version = document.version;
      const silence = reasonForSilence(situation(document, asked));
      if (silence) {
        last = { source: undefined, ms: 0, silence };
        return nothing();
      }
      const delay = asked.explicit ? 0 : options.delay();
      if (delay > 0 && !(await pause(options.timers, delay, token))) return undefined;
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
      if (token.isCancellationRequested || document.version !== version) return undefined;
      if (!result) return undefined;
      last = { source: suggestion?.source, ms: result.ms, silence: result.silence };
      if (!suggestion || !target || suggestion.version !== target.version) return nothing();
      const presentation = present(suggestion, { path: pathOf(document.uri), cursor: offset }, targetOf(target));
      if (!presentation) return nothing();
      const made = {
        suggestion,
        document,
        target,
        activeVersion: version,
        targetVersion: target.version,
        ms: result.ms,
      };
      if (options.holdsBack() && !asked.explicit) {
        options.onHint(undefined);
        put({ ...made, presentation }, true);
        return undefined;
      }
      if (isHint(presentation)) {
        options.onHint({ ...made, presentation });
        return undefined;
      }
      options.onHint(undefined);
      const offer: Offer = { ...made, presentation };
      // Drawn anew, the editor does not report it as shown again.
      if (current?.suggestion.id === suggestion.id) put(offer, false);
      return offer;
    },
    async offerHere() {
      const editor = vscode.window.activeTextEditor;
      if (!editor) return undefined;
      asking?.cancel();
      asking = new vscode.CancellationTokenSource();
      const { token } = asking;
      const { document } = editor;
      const { version } = document;
      const at = editor.selection.active;
      const offer = await session.offer(document, at, { explicit: false, suggestWidget: false }, token);
      const same =
        vscode.window.activeTextEditor === editor &&
        document.version === version &&
        editor.selection.active.isEqual(at);
      return same && !token.isCancellationRequested ? { editor, at, offer } : undefined;
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
    get isUpToDate() {
      if (!current || doubtful) return false;
      const { document, activeVersion } = current;
      return vscode.window.activeTextEditor?.document === document && document.version === activeVersion;
    },
    get last() {
      return last;
    },
    suggestedFor(path) {
      const own = applied.get(path);
      if (own) return own;
      if (!current || pathOf(current.target.uri) !== path) return undefined;
      const { presentation } = current;
      if (isHint(presentation) || presentation.kind === 'go') return undefined;
      const { start, end, text } = presentation;
      return [[start, end, text]];
    },
    shown(offer) {
      feedback(offer.suggestion.id, 'shown');
      doubtful = false;
      put(offer, false);
    },
    withdrawn(offer) {
      if (current === offer) put(undefined, false);
    },
    skip() {
      if (!current) return false;
      const { id } = current.suggestion;
      engine.notify(Method.TabSkip, { id });
      skipped.add(id);
      nothing();
      return true;
    },
    applying(path, edits) {
      applied.set(path, edits);
      return () => void applied.delete(path);
    },
    ended(offer, outcome) {
      feedback(offer.suggestion.id, outcome);
      if (outcome === 'accepted-part') return;
      if (current?.suggestion.id !== offer.suggestion.id) return;
      // What is drawn anew under the same id goes on when the older drawing is given up.
      if (outcome === 'ignored' && current !== offer) doubtful = true;
      else put(undefined, false);
    },
    opened: options.onOpened,
    clear: () => void nothing(),
  };
  return session;
}

/** False when the request was cancelled meanwhile. */
function pause(timers: Timers, milliseconds: number, token: vscode.CancellationToken): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = timers.setTimeout(() => {
      cancelled.dispose();
      resolve(!token.isCancellationRequested);
    }, milliseconds);
    const cancelled = token.onCancellationRequested(() => {
      timers.clearTimeout(timer);
      resolve(false);
    });
  });
}

/** `undefined`: gone, binary, or too large to open. */
export async function openDocument(path: string): Promise<vscode.TextDocument | undefined> {
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
