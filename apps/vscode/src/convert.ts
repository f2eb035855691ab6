import * as vscode from 'vscode';

/** Schemes whose documents the engine gets to know. Output, chat, git's left sides and all others stay in the editor. */
const SYNCED_SCHEMES = new Set(['file', 'untitled', 'vscode-notebook-cell', 'vscode-remote', 'vscode-vfs', 'memfs']);

export function isSynced(uri: vscode.Uri): boolean {
  return SYNCED_SCHEMES.has(uri.scheme);
}

/** The key of a document on the wire: the file system path for `file:`, the whole URI else. */
export function pathOf(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString();
}

export function uriOf(path: string): vscode.Uri {
  // Two letters at least: `C:\x` is a path.
  return /^[a-z][a-z0-9+.-]+:/i.test(path) ? vscode.Uri.parse(path, true) : vscode.Uri.file(path);
}

/** Offsets are UTF-16 code units of the raw text, line breaks as they are: what `document.offsetAt` counts. */
export function rangeOf(document: vscode.TextDocument, start: number, end: number): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

export function spanOf(document: vscode.TextDocument, range: vscode.Range): readonly [number, number] {
  return [document.offsetAt(range.start), document.offsetAt(range.end)];
}
