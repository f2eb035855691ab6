import type { IndexSkippedResult } from '@tabstop/protocol';
import type * as vscode from 'vscode';
import type { Timers } from '../engine/timers.ts';
import type { IndexAction, IndexText } from './index-text.ts';
import { indexPage } from './pages.ts';
import { pageView } from './webview.ts';

type Said = { readonly do: 'ready' } | { readonly do: 'skipped' } | { readonly do: IndexAction };

export interface IndexViewOptions {
  readonly extensionUri: vscode.Uri;
  readonly timers: Timers;
  readonly text: () => IndexText;
  readonly run: (action: IndexAction) => unknown;
  readonly skipped: () => Promise<IndexSkippedResult | undefined>;
}

export interface IndexView extends vscode.Disposable {
  update(): void;
}

/** `5 s ago` grows old: how often the words are made anew, milliseconds. */
const AGING = 15_000;

/** The state of the index in the side bar. */
export function indexView({ extensionUri, timers, text, run, skipped }: IndexViewOptions): IndexView {
  const view = pageView<Said>('tabstop.index', 'index', indexPage, extensionUri, false);
  let timer: unknown;
  const update = () => {
    timers.clearTimeout(timer);
    timer = timers.setTimeout(update, AGING);
    if (view.visible) view.post({ index: text() });
  };
  const heard = view.onMessage((message) => {
    if (message.do === 'ready') update();
    else if (message.do === 'skipped')
      void skipped().then(
        (answer) => view.post({ skipped: answer?.skipped ?? [] }),
        (error: Error) => view.post({ skipped: [{ reason: error.message, count: 0, examples: [] }] }),
      );
    else run(message.do);
  });
  return {
    update,
    dispose() {
      timers.clearTimeout(timer);
      heard.dispose();
      view.dispose();
    },
  };
}
