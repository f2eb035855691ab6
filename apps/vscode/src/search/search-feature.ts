import {
  type IndexControl,
  type IndexExplainResult,
  type IndexSkippedResult,
  type IndexStatusParams,
  Method,
  type SearchQueryParams,
  type SearchQueryResult,
} from '@tabstop/protocol';
import * as vscode from 'vscode';
import type { EngineClient } from '../engine/engine-client.ts';
import type { Timers } from '../engine/timers.ts';
import { type IndexAction, indexText } from './index-text.ts';
import { indexView } from './index-view.ts';
import { resultOpener } from './open-result.ts';
import { quickSearch } from './quick-search.ts';
import { pickRelated, relatedView } from './related-view.ts';
import { searchView } from './search-view.ts';

export interface SearchFeatureOptions {
  readonly engine: Pick<EngineClient, 'request' | 'state'>;
  readonly timers: Timers;
  readonly extensionUri: vscode.Uri;
}

export interface SearchFeature extends vscode.Disposable {
  /** The engine tells how the index is; `undefined` when the engine has gone. */
  status(status: IndexStatusParams | undefined): void;
  /** The engine's own state has changed. */
  update(): void;
}

/** Index, search and related files in the side bar, and their commands. */
export function searchFeature({ engine, timers, extensionUri }: SearchFeatureOptions): SearchFeature {
  let status: IndexStatusParams | undefined;
  const text = () => indexText({ engine: engine.state, status }, Date.now());
  const ask = async (query: string, signal: AbortSignal) => {
    const source = new vscode.CancellationTokenSource();
    signal.addEventListener('abort', () => source.cancel());
    const params: SearchQueryParams = { text: query, limit: 40 };
    return engine.request<SearchQueryResult>(Method.SearchQuery, params, source.token);
  };
  const control = async (action: IndexControl['action']) => {
    try {
      await engine.request(Method.IndexControl, { action });
    } catch (error) {
      await vscode.window.showErrorMessage((error as Error).message);
    }
  };
  const actions: Readonly<Record<IndexAction, () => unknown>> = {
    pause: () => control('pause'),
    resume: () => control('resume'),
    rebuild: () => control('rebuild'),
    async delete() {
      const answer = await vscode.window.showWarningMessage(
        'Delete the index of the open folders?',
        { modal: true, detail: 'Your files are not touched. The index stays empty until you resume it.' },
        'Delete',
      );
      if (answer === 'Delete') await control('clear');
    },
    folder: () => vscode.commands.executeCommand('workbench.action.files.openFolder'),
    settings: () => vscode.commands.executeCommand('workbench.action.openSettings', 'tabstop.index'),
    log: () => vscode.commands.executeCommand('tabstop.engine.showLog'),
    restart: () => vscode.commands.executeCommand('tabstop.engine.restart'),
  };

  const opener = resultOpener();
  const search = searchView({ extensionUri, timers, ask, open: opener.open, index: text });
  const index = indexView({
    extensionUri,
    timers,
    text,
    run: (action) => (Object.hasOwn(actions, action) ? actions[action]() : undefined),
    skipped: () => engine.request<IndexSkippedResult>(Method.IndexSkipped, {}),
  });
  const related = relatedView({ engine, timers, index: text });
  const command = (id: string, run: () => unknown) => vscode.commands.registerCommand(id, run);
  const subscriptions = [
    opener,
    search,
    index,
    related,
    command('tabstop.search.quick', () =>
      quickSearch({
        timers,
        ask,
        open: opener.open,
        index: text,
        toView: (typed) => search.show(typed),
        text: selectedText(),
      }),
    ),
    command('tabstop.search.show', () => search.show(selectedText() || undefined)),
    command('tabstop.related.show', () => pickRelated(engine)),
    command('tabstop.index.pause', actions.pause),
    command('tabstop.index.resume', actions.resume),
    command('tabstop.index.rebuild', actions.rebuild),
    command('tabstop.index.delete', actions.delete),
    command('tabstop.index.explain', () => explainActive(engine)),
  ];
  const update = () => {
    index.update();
    search.update(status);
    related.update();
    const paused = status?.state === 'paused';
    void vscode.commands.executeCommand('setContext', 'tabstop.indexPaused', paused);
  };
  return {
    status(next) {
      status = next;
      update();
    },
    update,
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}

/** What is selected, if it is a few words on one line. */
function selectedText(): string {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.selection.isEmpty || !editor.selection.isSingleLine) return '';
  return editor.document.getText(editor.selection).trim().slice(0, 200);
}

async function explainActive(engine: Pick<EngineClient, 'request'>): Promise<void> {
  const uri = vscode.window.activeTextEditor?.document.uri;
  if (uri?.scheme !== 'file') {
    await vscode.window.showInformationMessage('Open a file first: this tells why it is in the index, or why not.');
    return;
  }
  try {
    const answer = await engine.request<IndexExplainResult>(Method.IndexExplain, { path: uri.fsPath });
    const name = vscode.workspace.asRelativePath(uri);
    if (answer)
      await vscode.window.showInformationMessage(
        `${name} is ${answer.indexed ? 'in' : 'not in'} the index: ${answer.reason}`,
      );
    else await vscode.window.showInformationMessage('The engine is not running at the moment.');
  } catch (error) {
    await vscode.window.showWarningMessage((error as Error).message);
  }
}
