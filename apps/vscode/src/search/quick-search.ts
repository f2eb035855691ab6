import type { SearchQueryResult, WireSearchResult } from '@tabstop/protocol';
import * as vscode from 'vscode';
import type { Timers } from '../engine/timers.ts';
import type { IndexText } from './index-text.ts';
import type { OpenResult } from './open-result.ts';
import { nameOf, snippet } from './result-rows.ts';
import { type SearchSessionPorts, searchSession } from './search-session.ts';
import { wordsOf } from './search-text.ts';

export interface QuickSearchOptions {
  readonly timers: Timers;
  readonly ask: SearchSessionPorts['ask'];
  readonly open: OpenResult;
  readonly index: () => IndexText;
  /** Moves what is typed to the search view. */
  readonly toView: (text: string) => unknown;
  /** What the box begins with. */
  readonly text: string;
}

interface Item extends vscode.QuickPickItem {
  readonly result?: WireSearchResult;
}

const BESIDE: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('split-horizontal'),
  tooltip: 'Open to the Side',
};
const TO_VIEW: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('open-preview'),
  tooltip: 'Keep the results in the Search view',
};

/** Search over the editor: results as one types, each shown in its file as the list goes over it; Esc goes back to where one was. */
export function quickSearch({ timers, ask, open, index, toView, text }: QuickSearchOptions): void {
  const list = vscode.window.createQuickPick<Item>();
  const back = vscode.window.activeTextEditor;
  const where = back && { uri: back.document.uri, selection: back.selection, column: back.viewColumn };
  let accepted = false;
  /** Somebody went over these results; over any, so that a file was shown. */
  let walked = false;
  let shown: Promise<void> | undefined;
  const session = searchSession({
    ask,
    timers,
    onState(state) {
      list.busy = state.kind === 'searching';
      list.title = titleOf(wordsOf(state), index());
      if (state.kind === 'answered') fill(state.answer);
      if (state.kind === 'idle') list.items = [];
      if (state.kind === 'unavailable') list.items = [{ label: `$(warning) ${state.message}`, alwaysShow: true }];
    },
  });

  function fill(answer: SearchQueryResult): void {
    const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
    list.items =
      answer.results.length === 0
        ? [{ label: '$(search-stop) Nothing was found', description: 'Try other words, or fewer', alwaysShow: true }]
        : answer.results.map((result) => itemOf(result, several));
    walked = false;
  }

  list.title = titleOf('', index());
  list.placeholder = 'Ask in words or names: where do we retry uploads? path:src lang:ts symbol:retry';
  list.matchOnDescription = false;
  list.buttons = [TO_VIEW];
  list.value = text;
  list.onDidChangeValue((value) => session.type(value));
  list.onDidChangeActive(([active]) => {
    // The first one is active without anybody's doing; looking at it would take the file away from under the eyes.
    if (!active?.result || (!walked && active === list.items[0])) return;
    walked = true;
    shown = open(active.result, { preserveFocus: true });
  });
  list.onDidAccept(() => {
    const [chosen] = list.activeItems;
    if (!chosen?.result) return;
    accepted = true;
    void open(chosen.result, { keep: true });
    list.hide();
  });
  list.onDidTriggerItemButton(({ item }) => {
    if (!item.result) return;
    accepted = true;
    void open(item.result, { beside: true, keep: true });
    list.hide();
  });
  list.onDidTriggerButton(() => {
    accepted = true;
    toView(list.value);
    list.hide();
  });
  list.onDidHide(() => {
    session.dispose();
    list.dispose();
    if (!accepted && shown && where)
      // After the one that is being opened; by its address, since a file in preview gives its tab to the next one.
      void shown.then(() =>
        vscode.window.showTextDocument(where.uri, {
          selection: where.selection,
          ...(where.column === undefined ? {} : { viewColumn: where.column }),
        }),
      );
  });
  list.show();
  if (text !== '') session.type(text, 'now');
}

function titleOf(said: string, { short, tone }: IndexText): string {
  return [said || 'Search the codebase', ...(tone === 'normal' ? [] : [short])].join(' · ');
}

function itemOf(result: WireSearchResult, several: boolean): Item {
  const { name, folder } = nameOf(result, several);
  const { startLine, endLine, symbol } = result;
  return {
    label: `${name}:${startLine}${endLine > startLine ? `-${endLine}` : ''}${symbol ? `  ${symbol}` : ''}`,
    description: folder,
    detail: detailOf(result),
    iconPath: vscode.ThemeIcon.File,
    resourceUri: vscode.Uri.joinPath(vscode.Uri.file(result.root), result.path),
    // The engine has matched; the list's own letters would leave out what was found by meaning.
    alwaysShow: true,
    buttons: [BESIDE],
    result,
  };
}

/** The line with the first match, or the first one that says something. */
function detailOf(result: WireSearchResult): string {
  const lines = snippet(result).map(({ parts }) => ({
    text: parts
      .map(([text]) => text)
      .join('')
      .trim(),
    match: parts.some(([, match]) => match),
  }));
  return (lines.find(({ match }) => match) ?? lines.find(({ text }) => /\w/.test(text)))?.text ?? '';
}
