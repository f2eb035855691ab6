import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { rangeOf } from '../convert.ts';
import { SAMPLE, START, stepsDone } from './sample.ts';
import { welcomePage } from './welcome-page.ts';

const SEEN = 'tabstop.welcome.seen';

/** The welcome page: by its command, at the first start, and in a window with nothing in it. */
export function registerWelcome(context: vscode.ExtensionContext): vscode.Disposable {
  let panel: vscode.WebviewPanel | undefined;
  let sample: vscode.TextDocument | undefined;

  const tell = () => {
    if (!panel || !sample) return;
    void panel.webview.postMessage({ done: sample.isClosed ? [] : ['opened', ...stepsDone(sample.getText())] });
  };

  const show = () => {
    if (panel) return panel.reveal();
    panel = vscode.window.createWebviewPanel('tabstop.welcome', 'Welcome to Tabstop', vscode.ViewColumn.One, {
      enableScripts: true,
      localResourceRoots: [media(context)],
      retainContextWhenHidden: true,
    });
    panel.iconPath = vscode.Uri.joinPath(media(context), 'icon.svg');
    const asset = (name: string) => panel!.webview.asWebviewUri(vscode.Uri.joinPath(media(context), name)).toString();
    panel.webview.html = welcomePage({
      source: panel.webview.cspSource,
      nonce: randomBytes(16).toString('hex'),
      style: asset('welcome.css'),
      script: asset('welcome.js'),
      icon: asset('icon.svg'),
      control: process.platform === 'darwin' ? 'Cmd' : 'Ctrl',
    });
    panel.webview.onDidReceiveMessage((message: { readonly do?: string }) => {
      if (message.do === 'try') void trySample();
      if (message.do === 'folder') void vscode.commands.executeCommand('workbench.action.files.openFolder');
      if (message.do === 'settings') void vscode.commands.executeCommand('workbench.action.openSettings', 'tabstop.');
      if (message.do === 'explain') void vscode.commands.executeCommand('tabstop.tab.explain');
    });
    panel.onDidDispose(() => {
      panel = undefined;
    });
  };

  const trySample = async () => {
    if (!sample || sample.isClosed) {
      sample = await vscode.workspace.openTextDocument({ language: 'javascript', content: SAMPLE });
    }
    if (sample.getText() !== SAMPLE) {
      const again = new vscode.WorkspaceEdit();
      again.replace(sample.uri, rangeOf(sample, 0, sample.getText().length), SAMPLE);
      await vscode.workspace.applyEdit(again);
    }
    // The selection comes with the opening: the user may type at once.
    const selection = rangeOf(sample, START, START);
    await vscode.window.showTextDocument(sample, { viewColumn: vscode.ViewColumn.Beside, selection });
    tell();
  };

  const subscriptions = [
    vscode.commands.registerCommand('tabstop.welcome', show),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document === sample) tell();
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (document === sample) tell();
    }),
    { dispose: () => panel?.dispose() },
  ];
  if (wantsWelcome(context)) show();
  void context.globalState.update(SEEN, true);
  return vscode.Disposable.from(...subscriptions);
}

function wantsWelcome(context: vscode.ExtensionContext): boolean {
  if (!vscode.workspace.getConfiguration('tabstop').get('welcome.show', true)) return false;
  const nothingOpen = vscode.window.tabGroups.all.every(({ tabs }) => tabs.length === 0);
  if (!nothingOpen) return false;
  return !context.globalState.get(SEEN, false) || vscode.workspace.workspaceFolders === undefined;
}

function media(context: vscode.ExtensionContext): vscode.Uri {
  return vscode.Uri.joinPath(context.extensionUri, 'media');
}
