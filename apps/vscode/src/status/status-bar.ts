import * as vscode from 'vscode';
import { type StatusModel, statusText } from './status-text.ts';

export interface StatusBar extends vscode.Disposable {
  /** Reads the model and draws it; many calls in one turn draw once. */
  update(): void;
}

export function statusBar(model: () => StatusModel): StatusBar {
  const item = vscode.window.createStatusBarItem('tabstop.tab', vscode.StatusBarAlignment.Right, 100);
  item.name = 'Tabstop Tab';
  item.command = 'tabstop.tab.menu';
  let scheduled = false;
  let disposed = false;
  const draw = () => {
    scheduled = false;
    if (disposed) return;
    const { text, lines, severity } = statusText(model(), Date.now());
    item.text = text;
    const tooltip = new vscode.MarkdownString();
    tooltip.appendMarkdown('**Tabstop**\n\n');
    for (const line of lines) tooltip.appendText(line).appendMarkdown('\n\n');
    tooltip.appendMarkdown('Click for snooze, languages and more');
    item.tooltip = tooltip;
    item.accessibilityInformation = { label: `Tabstop, ${text.replace(/\$\([^)]*\)\s*/g, '')}. ${lines.join('. ')}` };
    item.backgroundColor =
      severity === 'normal' ? undefined : new vscode.ThemeColor(`statusBarItem.${severity}Background`);
  };
  draw();
  item.show();
  return {
    update() {
      if (scheduled) return;
      scheduled = true;
      queueMicrotask(draw);
    },
    dispose() {
      disposed = true;
      item.dispose();
    },
  };
}
