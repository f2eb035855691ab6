import * as vscode from 'vscode';

/**
 * Whether the editor shows the document as read-only. VS Code does not tell an extension, so this asks what it asks: the file system, the
 * `files.readonlyInclude` patterns, and the file's permissions where `files.readonlyFromPermissions` is on. ("Set Active Editor Read-only in
 * Session" cannot be seen; there VS Code itself draws no suggestion.)
 */
export async function isReadOnly(document: vscode.TextDocument): Promise<boolean> {
  const { uri } = document;
  if (uri.scheme === 'untitled' || uri.scheme === 'vscode-notebook-cell') return false;
  if (vscode.workspace.fs.isWritableFileSystem(uri.scheme) === false) return true;
  const files = vscode.workspace.getConfiguration('files', uri);
  if (matches(document, files.get('readonlyExclude'))) return false;
  if (matches(document, files.get('readonlyInclude'))) return true;
  try {
    const stat = await vscode.workspace.fs.stat(uri);
    const locked = ((stat.permissions ?? 0) & vscode.FilePermission.Readonly) !== 0;
    return locked && (uri.scheme !== 'file' || files.get('readonlyFromPermissions') === true);
  } catch {
    // Not on disk (yet): a new file can be written.
    return false;
  }
}

function matches(document: vscode.TextDocument, patterns: Record<string, boolean> | undefined): boolean {
  return Object.entries(patterns ?? {}).some(
    ([pattern, on]) => on && vscode.languages.match({ pattern }, document) > 0,
  );
}
