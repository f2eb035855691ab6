import { join } from 'node:path';
import { type LogLevel, Method } from '@tabstop/protocol';
import * as vscode from 'vscode';
import { pathOf } from './convert.ts';
import { engineClient } from './engine/engine-client.ts';
import { realTimers } from './engine/timers.ts';
import { answerFacts } from './facts.ts';
import { watchFiles } from './file-events.ts';
import { embeddingKey } from './search/embedding-key.ts';
import { searchFeature } from './search/search-feature.ts';
import { engineSettings, readConfiguration } from './settings.ts';
import { clearFeedback, explainCurrent, showStatistics } from './status/explain.ts';
import { snooze } from './status/snooze.ts';
import { statusBar } from './status/status-bar.ts';
import type { StatusModel } from './status/status-text.ts';
import { askSnooze, openTabMenu, toggleLanguage, toggleMode } from './status/tab-menu.ts';
import { documentSync } from './sync/document-sync.ts';
import { documentSyncState } from './sync/document-sync-state.ts';
import { adaptiveDelay } from './tab/adaptive-delay.ts';
import { hints, peek } from './tab/hints.ts';
import { jumpBack, watchJumps } from './tab/jump-back.ts';
import { jumpStack } from './tab/jump-stack.ts';
import { inNormalMode } from './tab/modal-editing.ts';
import { type NativeProvider, registerNativeProvider } from './tab/native-provider.ts';
import { pauseTrigger } from './tab/pause-trigger.ts';
import { type Offer, type TabSession, tabSession } from './tab/session.ts';
import { registerStableProvider } from './tab/stable-next-edit.ts';
import { terminals } from './tab/terminals.ts';
import { moveTrigger } from './tab/trigger-policy.ts';
import { showAllPlaces } from './tab/walk-list.ts';
import { registerWelcome } from './welcome/welcome.ts';

/** Puts the parts together: nothing here decides anything. */
export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel('Tabstop', { log: true });
  const log = (level: LogLevel, message: string) => {
    if (LEVELS.indexOf(level) >= LEVELS.indexOf(configuration.logLevel)) output[level](message);
  };
  let configuration = readConfiguration();
  let model: StatusModel['model'];

  const sync = documentSyncState({ send: (method, params) => engine.notify(method, params), timers: realTimers });
  const engine = engineClient(
    {
      modulePath: vscode.Uri.joinPath(context.extensionUri, 'engine', 'engine.mjs').fsPath,
      version: String(context.extension.packageJSON.version),
      dataDir: dataFolder(context),
      timers: realTimers,
      folders: workspaceFolders,
      settings: () => engineSettings(configuration, key.value),
      logLevel: () => configuration.logLevel,
      log,
      prepare: answerFacts,
    },
    {
      onState() {
        status.update();
        search.update();
      },
      onReady: () => sync.engineReady(),
      onGone() {
        model = undefined;
        search.status(undefined);
        sync.engineGone();
        session.clear();
      },
      onResend({ path, reason }) {
        log('warn', `${path} is sent whole again: ${reason}`);
        sync.resend(path);
      },
      onRefresh: () => moves.refresh(),
      onIndex: (next) => search.status(next),
      onStatus(next) {
        model = next;
        status.update();
      },
    },
  );

  const key = embeddingKey(context.secrets, () => tellSettings());
  const tellSettings = () => engine.notify(Method.SettingsChanged, engineSettings(configuration, key.value));
  const search = searchFeature({ engine, timers: realTimers, extensionUri: context.extensionUri });
  const rest = snooze(realTimers, () => status.update());
  /** After what the user did without a key in the text: asks at once, and again when the answer is late or lost. */
  const askAfterAction = () => {
    moves.acted();
    provider.ask();
    pause.restart();
  };
  const moves = moveTrigger(
    {
      ask: () => provider.ask(),
      lookAround() {
        const editor = vscode.window.activeTextEditor;
        if (editor) session.lookAround(editor);
      },
    },
    realTimers,
  );
  const shells = terminals();
  const jumps = jumpStack();
  const delay = adaptiveDelay(() => configuration.maxDelay);
  const told = hints({
    session: () => session,
    timers: realTimers,
    run: (offer) =>
      offer.presentation.kind === 'command' ? shells.put(offer.presentation.text, offer.presentation.cwd) : peek(offer),
  });
  const session = tabSession({
    engine,
    isTracked: sync.has,
    ambient: (editor, document) => ({
      enabled: configuration.enabled,
      snoozed: rest.active,
      disabledLanguages: configuration.disabledLanguages,
      readOnly: sync.isReadOnly(pathOf(document.uri)),
      normalMode: configuration.modalEditing === 'auto' && editor !== undefined && inNormalMode(editor),
      afterUndo: moves.afterUndo(pathOf(document.uri)),
    }),
    onOpened(offer) {
      goTo(offer);
      askAfterAction();
    },
    holdsBack: () => configuration.mode === 'subtle',
    delay: () => delay.milliseconds,
    timers: realTimers,
    onHint: told.show,
    onEnded: delay.ended,
    onChange() {
      void vscode.commands.executeCommand('setContext', 'tabstop.offered', !!session.current && !session.hidden);
      status.update();
    },
  });
  const status = statusBar(() => ({
    engine: engine.state,
    model,
    enabled: configuration.enabled,
    mode: configuration.mode,
    snoozedUntil: rest.until,
    languageOff: configuration.disabledLanguages.find(
      (language) => language === vscode.window.activeTextEditor?.document.languageId,
    ),
    current: session.current && {
      ...session.current.suggestion,
      ms: session.current.ms,
      walk: session.current.suggestion.walk,
    },
    hidden: session.hidden,
    last: session.last,
  }));

  const provider = registerProvider(context, session, log);
  const pause = pauseTrigger(
    {
      ask: () => provider.ask(),
      isServed() {
        return vscode.window.activeTextEditor === undefined || session.isUpToDate;
      },
    },
    realTimers,
  );
  const documents = documentSync(sync, {
    suggestedFor: session.suggestedFor,
    onEdit(path, undoing) {
      moves.edited(path, undoing);
      pause.restart();
    },
    onCursor() {
      moves.moved();
      pause.restart();
      status.update();
    },
  });

  const command = (id: string, run: () => unknown) => vscode.commands.registerCommand(id, run);
  context.subscriptions.push(
    output,
    status,
    rest,
    moves,
    pause,
    provider,
    documents,
    shells,
    key,
    search,
    told,
    watchJumps(() => session, jumps),
    watchFiles(engine),
    registerWelcome(context),
    command('tabstop.tab.show', () => provider.askExplicitly()),
    command('tabstop.tab.explain', async () => {
      await explainCurrent(engine, session.current?.suggestion);
      askAfterAction();
    }),
    command('tabstop.tab.showAll', async () => {
      const id = session.current?.suggestion.id;
      await showAllPlaces({ engine, session, id, minConfidence: configuration.minConfidence });
      askAfterAction();
    }),
    command('tabstop.tab.skip', async () => {
      if (!session.skip()) return;
      await vscode.commands.executeCommand('editor.action.inlineSuggest.hide');
      askAfterAction();
    }),
    command('tabstop.tab.jumpBack', () => jumpBack(jumps)),
    command('tabstop.tab.menu', () => openTabMenu(rest)),
    command('tabstop.tab.snooze', () => askSnooze(rest)),
    command('tabstop.tab.resume', () => rest.end()),
    command('tabstop.tab.toggleLanguage', () => toggleLanguage()),
    command('tabstop.tab.toggleMode', () => toggleMode()),
    command('tabstop.tab.statistics', () => showStatistics(engine)),
    command('tabstop.tab.clearFeedback', () => clearFeedback(engine)),
    command('tabstop.engine.restart', () => engine.start()),
    command('tabstop.engine.showLog', () => output.show()),
    vscode.workspace.onDidChangeWorkspaceFolders(() =>
      engine.notify(Method.FoldersChanged, { folders: workspaceFolders() }),
    ),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration('tabstop')) return;
      configuration = readConfiguration();
      tellSettings();
      session.clear();
      status.update();
    }),
    { dispose: () => engine.stop() },
  );
  engine.start();
}

/** Puts the cursor to the change in the file that Tab has just opened, so that the next Tab accepts it. */
function goTo({ target, presentation }: Offer): void {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document !== target) return;
  const place = target.positionAt(presentation.kind === 'go' ? presentation.offset : presentation.start);
  editor.selection = new vscode.Selection(place, place);
  editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];

/** Where the engine keeps its state: in the distribution beside the rest of Tabstop's data, where `tabstop tab` finds it, too. */
function dataFolder(context: vscode.ExtensionContext): string {
  const root = process.env['TABSTOP_DATA_DIR'];
  return root ? join(root, 'engine') : context.globalStorageUri.fsPath;
}

function workspaceFolders(): string[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => uri.fsPath);
}

const PROPOSAL = 'inlineCompletionsAdditions';

/**
 * The editor's own next-edit views where the manifest declares the proposal, else what the stable API can draw. The manifest decides, since the VSIX
 * for a stock VS Code leaves it out, while some servers let every extension use every proposal.
 */
function registerProvider(
  context: vscode.ExtensionContext,
  session: TabSession,
  log: (level: LogLevel, message: string) => void,
): NativeProvider {
  const { enabledApiProposals } = context.extension.packageJSON as { readonly enabledApiProposals?: readonly string[] };
  if (enabledApiProposals?.includes(PROPOSAL)) {
    try {
      return registerNativeProvider(session, context.extension.id, realTimers);
    } catch (error) {
      log('info', (error as Error).message);
    }
  }
  log('info', 'Next edits are drawn with decorations: the stable API has no view for them.');
  return registerStableProvider(session);
}
