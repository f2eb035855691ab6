/** A modal editing extension in a few lines: in normal mode it draws a block, as VSCodeVim and its like do. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const MANIFEST = {
  name: 'modal',
  publisher: 'test',
  version: '0.0.1',
  engines: { vscode: '^1.80.0' },
  main: './extension.js',
  activationEvents: ['onStartupFinished'],
  contributes: {
    commands: [
      { command: 'modal.normal', title: 'Modal: Normal Mode' },
      { command: 'modal.insert', title: 'Modal: Insert Mode' },
    ],
  },
};

const CODE = `
const vscode = require('vscode');
const style = (name) => () => { vscode.window.activeTextEditor.options = { cursorStyle: vscode.TextEditorCursorStyle[name] }; };
exports.activate = (context) => context.subscriptions.push(
  vscode.commands.registerCommand('modal.normal', style('Block')),
  vscode.commands.registerCommand('modal.insert', style('Line')),
);
`;

export async function installModalExtension(dataDir: string): Promise<void> {
  const target = join(dataDir, 'extensions', 'test.modal-0.0.1');
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'package.json'), JSON.stringify(MANIFEST));
  await writeFile(join(target, 'extension.js'), CODE);
}
