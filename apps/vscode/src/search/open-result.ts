import { join } from 'node:path';
import type { WireSearchResult } from '@tabstop/protocol';
import * as vscode from 'vscode';
import { locate } from './locate.ts';
import { matchedLine } from './result-rows.ts';

/** How long the lines that were found stay marked, unless the cursor moves before; milliseconds. */
const MARKED = 2_500;

export type OpenResult = (
  result: Pick<WireSearchResult, 'root' | 'path' | 'startLine' | 'endLine' | 'text' | 'highlights'>,
  how: { readonly beside?: boolean; readonly preserveFocus?: boolean; readonly keep?: boolean },
) => Promise<void>;

/** Opens results at their lines, which are marked for a moment. */
export function resultOpener(): { readonly open: OpenResult } & vscode.Disposable {
  const mark = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('editor.rangeHighlightBackground'),
  });
  let marked: vscode.TextEditor | undefined;
  let timer: NodeJS.Timeout | undefined;
  let opened = 0;
  const clear = () => {
    clearTimeout(timer);
    marked?.setDecorations(mark, []);
    marked = undefined;
  };
  const moves = vscode.window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
    if (textEditor === marked && kind !== undefined && kind !== vscode.TextEditorSelectionChangeKind.Command) clear();
  });
  return {
    async open(result, { beside = false, preserveFocus = false, keep = false }) {
      const mine = ++opened;
      const uri = vscode.Uri.file(join(result.root, result.path));
      const document = await openDocument(uri);
      // The list may have gone on to the next one meanwhile.
      if (!document || mine !== opened) return;
      const lines = Array.from({ length: document.lineCount }, (_, line) => document.lineAt(line).text);
      const { start, end } = locate(lines, result);
      const range = new vscode.Range(start, 0, end, lines[end]?.length ?? 0);
      const line = Math.min(start + matchedLine(result) - result.startLine, end);
      const cursor = new vscode.Position(line, document.lineAt(line).firstNonWhitespaceCharacterIndex);
      const editor = await vscode.window.showTextDocument(document, {
        selection: new vscode.Range(cursor, cursor),
        preview: !keep,
        preserveFocus,
        viewColumn: beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active,
      });
      if (mine !== opened) return;
      editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
      clear();
      marked = editor;
      editor.setDecorations(mark, [range]);
      timer = setTimeout(clear, MARKED);
    },
    dispose() {
      clear();
      moves.dispose();
      mark.dispose();
    },
  };
}

async function openDocument(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    void vscode.window.showWarningMessage(
      `${vscode.workspace.asRelativePath(uri)} cannot be opened: it was moved or deleted since it was indexed.`,
    );
    return undefined;
  }
}
