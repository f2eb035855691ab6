import { Method, type TabExplanation, type TabStats, type TabSuggestion } from '@tabstop/protocol';
import * as vscode from 'vscode';
import { uriOf } from '../convert.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import { milliseconds } from './status-text.ts';

/** Shows where the current suggestion comes from, on what evidence, how sure the engine is, and what else it had in mind. */
export async function explainCurrent(
  engine: Pick<EngineClient, 'request'>,
  current: TabSuggestion | undefined,
): Promise<void> {
  const answer = await engine.request<TabExplanation>(Method.TabExplain, {});
  if (!answer) {
    await vscode.window.showInformationMessage('The engine is not running; there is nothing to explain.');
    return;
  }
  const items = explanationItems(answer, current);
  await vscode.window.showQuickPick(items, {
    title: 'Why this suggestion?',
    placeHolder: items.length === 0 ? 'Nothing has been suggested yet' : 'Esc goes back to the editor',
    matchOnDetail: true,
  });
}

export function explanationItems(answer: TabExplanation, current: TabSuggestion | undefined): vscode.QuickPickItem[] {
  const shown = current ?? answer.shown;
  const items: vscode.QuickPickItem[] = [];
  if (shown) {
    items.push({ label: current ? 'Current suggestion' : 'Last suggestion', kind: vscode.QuickPickItemKind.Separator });
    items.push({
      label: `$(keyboard-tab) ${shown.source}`,
      description: `${percent(shown)} likely${walk(shown)} · ${place(shown)} · ${milliseconds(answer.ms)}`,
      detail: changeOf(shown),
    });
    for (const line of shown.evidence) items.push({ label: `$(circle-small) ${line}` });
  }
  if (answer.others.length > 0) {
    items.push({ label: 'Known, but not shown', kind: vscode.QuickPickItemKind.Separator });
    for (const { suggestion, why } of answer.others) {
      items.push({
        label: `$(dash) ${suggestion.source}`,
        description: `${percent(suggestion)} likely · ${place(suggestion)} · ${why}`,
        detail: changeOf(suggestion),
      });
    }
  }
  return items;
}

export async function showStatistics(engine: Pick<EngineClient, 'request'>): Promise<void> {
  const stats = await engine.request<TabStats>(Method.TabStats, {});
  if (!stats) {
    await vscode.window.showInformationMessage('The engine is not running; its figures cannot be read.');
    return;
  }
  const items: vscode.QuickPickItem[] = stats.sources.map((one) => ({
    label: `$(keyboard-tab) ${one.source}`,
    description: `${one.shown} shown · ${one.accepted} accepted · ${one.rejected} rejected · ${one.ignored} ignored`,
  }));
  const file: vscode.QuickPickItem = {
    label: '$(file) Kept on this machine only',
    description: `${stats.file} · ${Math.ceil(stats.bytes / 1024)} KB`,
  };
  const clear: vscode.QuickPickItem = { label: '$(trash) Clear…' };
  const choice = await vscode.window.showQuickPick([...items, file, clear], {
    title: 'What you did with suggestions',
    placeHolder: items.length === 0 ? 'Nothing yet' : undefined,
  });
  if (choice === clear) await clearFeedback(engine);
  if (choice === file) await vscode.window.showTextDocument(uriOf(stats.file));
}

export async function clearFeedback(engine: Pick<EngineClient, 'request'>): Promise<void> {
  const answer = await vscode.window.showWarningMessage(
    'Forget which suggestions you accepted and rejected?',
    { modal: true, detail: 'It is kept on this machine only. Tab starts learning anew.' },
    'Forget',
  );
  if (answer === 'Forget') await engine.request(Method.TabClearFeedback, {});
}

function percent({ confidence }: TabSuggestion): string {
  return `${Math.round(confidence * 100)} %`;
}

function walk({ walk: at }: TabSuggestion): string {
  return at && at.total > 1 ? ` · ${at.index} of ${at.total}` : '';
}

function place({ path }: TabSuggestion): string {
  return vscode.workspace.asRelativePath(uriOf(path));
}

function changeOf({ edits }: TabSuggestion): string {
  const text = edits.map(([, , insert]) => insert.replace(/\r?\n\s*/g, ' ↵ ')).join(' … ');
  if (edits.length === 0) return 'goes there';
  return text.trim() === '' ? 'deletes' : text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
