import type { WireEdit } from '@tabstop/protocol';
import * as vscode from 'vscode';
import { isSynced, pathOf } from '../convert.ts';
import { changeOrigin } from './change-origin.ts';
import type { DocumentSyncState } from './document-sync-state.ts';
import { isReadOnly } from './read-only.ts';

export interface DocumentSyncHooks {
  /** The edit that is on display for a document, to tell an accepted suggestion from typing. */
  suggestedFor(path: string): readonly WireEdit[] | undefined;
  onEdit(path: string, undoing: boolean): void;
  onCursor(path: string): void;
}

/** Feeds the engine what happens to documents and to the cursor of the active editor. */
export function documentSync(state: DocumentSyncState, hooks: DocumentSyncHooks): vscode.Disposable {
  const subscriptions: vscode.Disposable[] = [];
  const eols = new Map<string, vscode.EndOfLine>();
  /** Cursors of the active editor as they were before the newest change. */
  let cursors: { path: string; offsets: readonly number[] } | undefined;

  const open = (document: vscode.TextDocument) => {
    if (!isSynced(document.uri) || document.isClosed) return;
    const path = pathOf(document.uri);
    eols.set(path, document.eol);
    state.opened(
      {
        path,
        scheme: document.uri.scheme,
        languageId: document.languageId,
        version: () => document.version,
        text: () => document.getText(),
      },
      false,
    );
    void isReadOnly(document).then((readOnly) => state.readOnlyChanged(path, readOnly));
  };

  const tellCursor = (editor: vscode.TextEditor | undefined) => {
    if (!editor || !isSynced(editor.document.uri)) return;
    const path = pathOf(editor.document.uri);
    const { document, selection, selections } = editor;
    cursors = { path, offsets: selections.map((one) => document.offsetAt(one.active)) };
    state.cursorMoved(path, document.offsetAt(selection.active), selections.length > 1 || !selection.isEmpty);
  };

  subscriptions.push(
    vscode.workspace.onDidOpenTextDocument(open),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (!isSynced(document.uri)) return;
      eols.delete(pathOf(document.uri));
      state.closed(pathOf(document.uri));
    }),
    vscode.workspace.onDidChangeTextDocument((event) => {
      const { document, contentChanges } = event;
      if (!isSynced(document.uri)) return;
      const path = pathOf(document.uri);
      if (eols.get(path) !== document.eol) {
        // All line ends changed at once; that comes without content changes.
        eols.set(path, document.eol);
        state.resend(path);
        return;
      }
      if (contentChanges.length === 0) return;
      const edits = contentChanges
        .map((change): WireEdit => [change.rangeOffset, change.rangeOffset + change.rangeLength, change.text])
        .sort((a, b) => a[0] - b[0]);
      const { Undo, Redo } = vscode.TextDocumentChangeReason;
      const reason = event.reason === Undo ? 'undo' : event.reason === Redo ? 'redo' : undefined;
      const grown = edits.reduce((sum, [start, end, text]) => sum + text.length - (end - start), 0);
      const origin = changeOrigin({
        reason,
        edits,
        active: vscode.window.activeTextEditor?.document === document,
        cursors: cursors?.path === path ? cursors.offsets : [],
        suggested: hooks.suggestedFor(path),
        lengthBefore: document.offsetAt(document.lineAt(document.lineCount - 1).range.end) - grown,
      });
      hooks.onEdit(path, reason !== undefined);
      state.changed(path, document.version, edits, origin);
    }),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
      if (textEditor !== vscode.window.activeTextEditor) return;
      tellCursor(textEditor);
      hooks.onCursor(pathOf(textEditor.document.uri));
    }),
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      tellCursor(editor);
      if (editor) hooks.onCursor(pathOf(editor.document.uri));
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration('files.readonlyInclude') && !event.affectsConfiguration('files.readonlyExclude'))
        return;
      void recheckReadOnly();
    }),
    vscode.workspace.onDidSaveTextDocument((document) => void recheck(document)),
  );

  const recheck = async (document: vscode.TextDocument) => {
    if (isSynced(document.uri)) state.readOnlyChanged(pathOf(document.uri), await isReadOnly(document));
  };
  const recheckReadOnly = () => Promise.all(vscode.workspace.textDocuments.map(recheck));

  for (const document of vscode.workspace.textDocuments) open(document);
  tellCursor(vscode.window.activeTextEditor);
  return vscode.Disposable.from(...subscriptions);
}
