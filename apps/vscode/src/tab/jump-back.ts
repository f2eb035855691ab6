import * as vscode from 'vscode';
import { isSynced, pathOf, uriOf } from '../convert.ts';
import { isJump, type JumpStack, type Position } from './jump-stack.ts';
import { isHint } from './presentation.ts';
import type { TabSession } from './session.ts';

/**
 * Watches where Tab takes the cursor, and leads it back. The editor does not tell that a Tab jumped: a cursor that comes from elsewhere to the very place of the suggestion
 * on display, and not by the mouse, was led there.
 */
export function watchJumps(session: () => Pick<TabSession, 'current'>, stack: JumpStack): vscode.Disposable {
  let last: (Position & { readonly line: number }) | undefined;
  /** Of the suggestion that was on display when the cursor last moved: accepting it takes it away before the cursor arrives. */
  let goal: Goal | undefined;

  const moved = (editor: vscode.TextEditor, byMouse: boolean) => {
    if (!isSynced(editor.document.uri)) return;
    const { document, selection } = editor;
    const now = {
      path: pathOf(document.uri),
      offset: document.offsetAt(selection.active),
      line: selection.active.line,
    };
    const towards = goalOf(session().current) ?? goal;
    const arrived = towards?.path === now.path && now.line >= towards.first && now.line <= towards.last;
    if (last && arrived && !byMouse && isJump(last, now)) stack.push({ path: last.path, offset: last.offset });
    last = now;
    goal = goalOf(session().current);
  };

  return vscode.Disposable.from(
    vscode.window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
      if (textEditor === vscode.window.activeTextEditor)
        moved(textEditor, kind === vscode.TextEditorSelectionChangeKind.Mouse);
    }),
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (editor) moved(editor, false);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length === 0 || !isSynced(document.uri)) return;
      const edits = contentChanges
        .map(
          ({ rangeOffset, rangeLength, text }) =>
            [rangeOffset, rangeOffset + rangeLength, text] as [number, number, string],
        )
        .sort((a, b) => a[0] - b[0]);
      stack.edited(pathOf(document.uri), edits);
    }),
    vscode.workspace.onDidDeleteFiles(({ files }) => {
      for (const uri of files) stack.forget(pathOf(uri));
    }),
  );
}

interface Goal {
  readonly path: string;
  /** Lines from 0; the last one leaves room for what is inserted. */
  readonly first: number;
  readonly last: number;
}

function goalOf(offer: TabSession['current']): Goal | undefined {
  if (!offer || isHint(offer.presentation)) return undefined;
  const { presentation, target } = offer;
  if (presentation.kind === 'go') {
    const { line } = target.positionAt(presentation.offset);
    return { path: pathOf(target.uri), first: line, last: line };
  }
  const first = target.positionAt(presentation.start).line;
  const last = target.positionAt(presentation.end).line + presentation.text.split('\n').length - 1;
  return { path: pathOf(target.uri), first, last };
}

/** Back to where Tab took the cursor from. */
export async function jumpBack(stack: JumpStack): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const now = editor && {
    path: pathOf(editor.document.uri),
    offset: editor.document.offsetAt(editor.selection.active),
  };
  const place = stack.back(now);
  if (!place) {
    vscode.window.setStatusBarMessage('Tabstop: there is no jump to go back from', 3_000);
    return;
  }
  let document: vscode.TextDocument;
  try {
    document = await vscode.workspace.openTextDocument(uriOf(place.path));
  } catch {
    stack.forget(place.path);
    return jumpBack(stack);
  }
  const shown = await vscode.window.showTextDocument(document);
  const at = document.positionAt(place.offset);
  shown.selection = new vscode.Selection(at, at);
  shown.revealRange(shown.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
