import { join } from 'node:path';
import { Method, type SearchRelated, type SearchRelatedResult } from '@tabstop/protocol';
import * as vscode from 'vscode';
import type { EngineClient } from '../engine/engine-client.ts';
import type { Timers } from '../engine/timers.ts';
import type { IndexText } from './index-text.ts';

type RelatedFile = SearchRelatedResult['files'][number];

export interface RelatedOptions {
  readonly engine: Pick<EngineClient, 'request'>;
  readonly timers: Timers;
  readonly index: () => IndexText;
}

export interface RelatedView extends vscode.Disposable {
  /** The index has changed: there may be something to tell now. */
  update(): void;
}

/** Milliseconds that the active editor stays the same before it is asked about. */
const REST = 250;

/** Files that usually change together with the one in the active editor, in the side bar. */
export function relatedView({ engine, timers, index }: RelatedOptions): RelatedView {
  const changed = new vscode.EventEmitter<void>();
  let files: readonly RelatedFile[] = [];
  const view = vscode.window.createTreeView<RelatedFile>('tabstop.related', {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (element) => (element ? [] : [...files]),
      getTreeItem,
    },
    showCollapseAll: false,
  });
  let of: string | undefined;
  let asked = 0;
  let timer: unknown;

  const ask = async () => {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.uri.scheme !== 'file') {
      // Views and outputs take the place of the active editor; what is told stays.
      if (!editor && of !== undefined) return;
      return tell(undefined, [], 'Open a file: those that usually change together with it are listed here.');
    }
    const path = editor.document.uri.fsPath;
    const mine = ++asked;
    try {
      const answer = await engine.request<SearchRelatedResult>(Method.SearchRelated, query(path));
      if (mine !== asked) return;
      const none = 'Nothing in the history of git changes together with this file.';
      tell(path, answer?.files ?? [], answer ? (answer.files.length === 0 ? none : undefined) : index().short);
    } catch (error) {
      if (mine === asked) tell(path, [], (error as Error).message);
    }
  };

  function tell(path: string | undefined, found: readonly RelatedFile[], message: string | undefined): void {
    of = path;
    files = found;
    view.message = message;
    view.description = path === undefined ? undefined : path.split(/[\\/]/).at(-1);
    changed.fire();
  }

  const soon = () => {
    timers.clearTimeout(timer);
    if (view.visible) timer = timers.setTimeout(() => void ask(), REST);
  };
  const subscriptions = [
    view,
    changed,
    view.onDidChangeVisibility(soon),
    vscode.window.onDidChangeActiveTextEditor(soon),
    vscode.commands.registerCommand('tabstop.related.refresh', soon),
  ];
  soon();
  return {
    update() {
      if (files.length === 0) soon();
    },
    dispose() {
      timers.clearTimeout(timer);
      vscode.Disposable.from(...subscriptions).dispose();
    },
  };
}

function getTreeItem({ root, path, why }: RelatedFile): vscode.TreeItem {
  const uri = vscode.Uri.file(join(root, path));
  const item = new vscode.TreeItem(uri);
  item.description = why;
  item.tooltip = `${path}\n${why}`;
  item.accessibilityInformation = { label: `${path}, ${why}` };
  item.command = { command: 'vscode.open', title: 'Open', arguments: [uri] };
  return item;
}

/** The same as a list to choose from. */
export async function pickRelated(engine: Pick<EngineClient, 'request'>): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.scheme !== 'file') {
    await vscode.window.showInformationMessage(
      'Open a file first: related files are those that usually change together with it.',
    );
    return;
  }
  const path = editor.document.uri.fsPath;
  const asked = engine.request<SearchRelatedResult>(Method.SearchRelated, query(path));
  type Item = vscode.QuickPickItem & { readonly uri?: vscode.Uri };
  const items = asked.then(
    (answer): Item[] =>
      answer?.files.map((file) => ({
        label: file.path.split('/').at(-1)!,
        description: file.path.split('/').slice(0, -1).join('/'),
        detail: file.why,
        uri: vscode.Uri.file(join(file.root, file.path)),
      })) ?? [],
    (error: Error): Item[] => [{ label: `$(warning) ${error.message}` }],
  );
  const choice = await vscode.window.showQuickPick<Item>(
    items.then((found) =>
      found.length > 0 ? found : [{ label: '$(info) Nothing in the history of git changes together with this file' }],
    ),
    { title: `Files related to ${vscode.workspace.asRelativePath(editor.document.uri)}`, matchOnDescription: true },
  );
  if (choice?.uri) await vscode.window.showTextDocument(choice.uri);
}

function query(path: string): SearchRelated {
  return { paths: [path], limit: 20 };
}
