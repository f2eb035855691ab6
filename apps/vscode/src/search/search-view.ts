import type { IndexStatusParams } from '@tabstop/protocol';
import * as vscode from 'vscode';
import type { Timers } from '../engine/timers.ts';
import type { IndexText } from './index-text.ts';
import type { OpenResult } from './open-result.ts';
import { searchPage } from './pages.ts';
import { fileRows } from './result-rows.ts';
import { type SearchSessionPorts, type SearchState, searchSession, shownAnswer } from './search-session.ts';
import { wordsOf } from './search-text.ts';
import { pageView } from './webview.ts';

type Said =
  | { readonly do: 'ready' }
  | { readonly do: 'type'; readonly text: string; readonly now: boolean }
  | { readonly do: 'open'; readonly index: number; readonly beside: boolean };

export interface SearchViewOptions {
  readonly extensionUri: vscode.Uri;
  readonly timers: Timers;
  readonly ask: SearchSessionPorts['ask'];
  readonly open: OpenResult;
  readonly index: () => IndexText;
}

export interface SearchView extends vscode.Disposable {
  /** The index has changed: so may what is said of it, and what was found. */
  update(status: IndexStatusParams | undefined): void;
  /** Opens the view, with these words if there are any. */
  show(text?: string): Promise<void>;
}

/** Search in the side bar: a box, and results as one types. */
export function searchView({ extensionUri, timers, ask, open, index }: SearchViewOptions): SearchView {
  const view = pageView<Said>('tabstop.search', 'search', searchPage, extensionUri, true);
  const session = searchSession({ ask, timers, onState: post });
  /** Words to begin with, until the page is there. */
  let begin: string | undefined;

  function post(state: SearchState): void {
    const shown = shownAnswer(state);
    view.post({
      state: state.kind,
      text: state.kind === 'idle' ? '' : state.text,
      said: wordsOf(state),
      // While it searches, what is on the page stays as it is.
      ...(state.kind === 'searching' ? {} : { files: shown ? fileRows(shown, roots()) : [] }),
    });
  }

  const heard = view.onMessage((message) => {
    if (message.do === 'ready') {
      view.post({ index: shortOf(index()) });
      post(session.state);
      if (begin !== undefined) view.post({ begin });
      begin = undefined;
    }
    if (message.do === 'type') session.type(message.text, message.now ? 'now' : undefined);
    if (message.do === 'open') {
      const result = shownAnswer(session.state)?.results[message.index];
      if (result) void open(result, { beside: message.beside, keep: true });
    }
  });

  return {
    update(status) {
      view.post({ index: shortOf(index()) });
      session.indexed(status);
    },
    async show(text) {
      const open = view.visible;
      if (!open) begin = text;
      await view.focus();
      view.post(text === undefined || !open ? { focus: true } : { begin: text });
    },
    dispose() {
      heard.dispose();
      session.dispose();
      view.dispose();
    },
  };
}

function shortOf({ short, tone }: IndexText): object {
  return { short, tone };
}

function roots(): readonly string[] {
  return (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
}
