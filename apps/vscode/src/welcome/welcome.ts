import * as vscode from 'vscode';
import type { TabSession } from '../tab/session.ts';

export function registerWelcome(_context: vscode.ExtensionContext, _session: TabSession): vscode.Disposable {
  return new vscode.Disposable(() => undefined);
}
