import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { PageParts } from './pages.ts';

export interface PageView<In> extends vscode.Disposable {
  /** Dropped while the view is not open. */
  post(message: object): void;
  readonly visible: boolean;
  /** Opens the view and puts the focus into it. */
  focus(): Promise<void>;
  readonly onMessage: vscode.Event<In>;
}

/** A view of the side bar that is a page of ours, with scripts from our own folder alone. */
export function pageView<In>(
  id: string,
  name: string,
  render: (parts: PageParts) => string,
  extensionUri: vscode.Uri,
  keep: boolean,
): PageView<In> {
  const media = vscode.Uri.joinPath(extensionUri, 'media', 'search');
  const messages = new vscode.EventEmitter<In>();
  let view: vscode.WebviewView | undefined;
  const provider: vscode.WebviewViewProvider = {
    resolveWebviewView(opened) {
      view = opened;
      const { webview } = opened;
      webview.options = { enableScripts: true, localResourceRoots: [media] };
      const asset = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(media, file)).toString();
      webview.onDidReceiveMessage((message: In) => messages.fire(message));
      opened.onDidDispose(() => {
        if (view === opened) view = undefined;
      });
      webview.html = render({
        source: webview.cspSource,
        nonce: randomBytes(16).toString('hex'),
        style: asset(`${name}.css`),
        script: asset(`${name}.js`),
      });
    },
  };
  const registered = vscode.window.registerWebviewViewProvider(id, provider, {
    webviewOptions: { retainContextWhenHidden: keep },
  });
  return {
    onMessage: messages.event,
    get visible() {
      return view?.visible ?? false;
    },
    post(message) {
      void view?.webview.postMessage(message);
    },
    async focus() {
      await vscode.commands.executeCommand(`${id}.focus`);
    },
    dispose: () => vscode.Disposable.from(registered, messages).dispose(),
  };
}
