import * as vscode from 'vscode';

const NAME = 'tabstop.index.embedding.key';

export interface EmbeddingKey extends vscode.Disposable {
  /** '' while there is none. */
  readonly value: string;
}

/** The key of an embedding service, in the editor's secret storage: set by a command, never in a settings file, never shown. */
export function embeddingKey(secrets: vscode.SecretStorage, onChange: () => void): EmbeddingKey {
  let value = '';
  const read = async () => {
    const next = (await secrets.get(NAME)) ?? '';
    if (next === value) return;
    value = next;
    onChange();
  };
  const subscriptions = [
    secrets.onDidChange(({ key }) => {
      if (key === NAME) void read();
    }),
    vscode.commands.registerCommand('tabstop.index.setKey', async () => {
      const typed = await vscode.window.showInputBox({
        title: 'Key of the embedding service',
        prompt: 'Kept in the secret storage of the editor. Leave it empty to forget the key.',
        password: true,
        ignoreFocusOut: true,
      });
      if (typed === undefined) return;
      if (typed.trim() === '') await secrets.delete(NAME);
      else await secrets.store(NAME, typed.trim());
    }),
  ];
  void read();
  return {
    get value() {
      return value;
    },
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}
