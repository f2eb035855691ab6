import * as vscode from 'vscode';

const STYLES: Readonly<Record<string, vscode.TextEditorCursorStyle>> = {
  line: vscode.TextEditorCursorStyle.Line,
  block: vscode.TextEditorCursorStyle.Block,
  underline: vscode.TextEditorCursorStyle.Underline,
  'line-thin': vscode.TextEditorCursorStyle.LineThin,
  'block-outline': vscode.TextEditorCursorStyle.BlockOutline,
  'underline-thin': vscode.TextEditorCursorStyle.UnderlineThin,
};

/**
 * Whether a modal editing extension is in a mode where keys are commands. Those extensions say so by the cursor: VSCodeVim, vscode-neovim,
 * Dance, ModalEdit and others draw a block (or underline) in normal mode and the user's own style in insert mode.
 */
export function inNormalMode(editor: vscode.TextEditor): boolean {
  const { cursorStyle } = editor.options;
  if (cursorStyle === undefined) return false;
  const own = STYLES[vscode.workspace.getConfiguration('editor', editor.document).get('cursorStyle', 'line')];
  const { Line, LineThin } = vscode.TextEditorCursorStyle;
  return cursorStyle !== own && cursorStyle !== Line && cursorStyle !== LineThin;
}
