import * as vscode from 'vscode';
import { readConfiguration } from '../settings.ts';
import type { Snooze } from './snooze.ts';

const MINUTE = 60_000;

interface Choice extends vscode.QuickPickItem {
  run?(): unknown;
}

/** What a click on the status bar item offers. */
export async function openTabMenu(snooze: Snooze): Promise<void> {
  const { enabled, mode, disabledLanguages } = readConfiguration();
  const language = vscode.window.activeTextEditor?.document.languageId;
  const command = (id: string) => () => vscode.commands.executeCommand(id);
  const choices: Choice[] = [];
  if (snooze.active) choices.push({ label: '$(bell) Resume now', run: () => snooze.end() });
  else
    choices.push({
      label: '$(bell-slash) Snooze…',
      description: 'keep silent for a while',
      run: command('tabstop.tab.snooze'),
    });
  if (language !== undefined) {
    const off = disabledLanguages.includes(language);
    choices.push({
      label: `$(${off ? 'circle-large-filled' : 'circle-slash'}) Switch ${off ? 'on' : 'off'} for ${language}`,
      run: () => toggleLanguage(language),
    });
  }
  choices.push(
    {
      label: mode === 'eager' ? '$(eye-closed) Subtle: show only on Alt+\\' : '$(eye) Eager: show as soon as known',
      run: toggleMode,
    },
    {
      label: enabled ? '$(circle-slash) Switch off' : '$(circle-large-filled) Switch on',
      description: 'everywhere',
      run: () => vscode.workspace.getConfiguration('tabstop.tab').update('enabled', !enabled, true),
    },
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: '$(question) Explain the current suggestion', run: command('tabstop.tab.explain') },
    { label: '$(graph) What Tab has learned', run: command('tabstop.tab.statistics') },
    {
      label: '$(gear) Settings',
      run: () => vscode.commands.executeCommand('workbench.action.openSettings', 'tabstop.'),
    },
    { label: '$(output) Log', run: command('tabstop.engine.showLog') },
    { label: '$(debug-restart) Restart the engine', run: command('tabstop.engine.restart') },
    { label: '$(rocket) Welcome: try Tab in ten seconds', run: command('tabstop.welcome') },
  );
  const choice = await vscode.window.showQuickPick(choices, { placeHolder: 'Tabstop: next-edit prediction' });
  await choice?.run?.();
}

export async function askSnooze(snooze: Snooze): Promise<void> {
  const choices: (vscode.QuickPickItem & { readonly minutes: number })[] = [
    { label: '5 minutes', minutes: 5 },
    { label: '15 minutes', minutes: 15 },
    { label: '1 hour', minutes: 60 },
    { label: 'Until this window is closed', minutes: Number.POSITIVE_INFINITY },
  ];
  const choice = await vscode.window.showQuickPick(choices, { placeHolder: 'Keep Tab silent for' });
  if (choice) snooze.start(choice.minutes * MINUTE);
}

export async function toggleLanguage(language = vscode.window.activeTextEditor?.document.languageId): Promise<void> {
  if (language === undefined) return;
  const { disabledLanguages } = readConfiguration();
  const next = disabledLanguages.includes(language)
    ? disabledLanguages.filter((one) => one !== language)
    : [...disabledLanguages, language];
  await vscode.workspace.getConfiguration('tabstop.tab').update('disabledLanguages', next, true);
}

export async function toggleMode(): Promise<void> {
  const { mode } = readConfiguration();
  await vscode.workspace.getConfiguration('tabstop.tab').update('mode', mode === 'eager' ? 'subtle' : 'eager', true);
}
