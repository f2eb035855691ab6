import * as vscode from 'vscode';
import type { Timers } from '../engine/timers.ts';
import { placeName } from './native-provider.ts';
import type { HintPresentation } from './presentation.ts';
import type { Offer, TabSession } from './session.ts';

/** Key of the keybindings that take Tab and Esc while a hint is drawn. */
const VISIBLE = 'tabstop.hintVisible';

export interface Hints extends vscode.Disposable {
  show(offer: Offer<HintPresentation> | undefined): void;
}

/** What stood there for less than this was not looked at: typing on is no answer to it. Milliseconds. */
const GLANCE = 1_000;

export interface HintActions {
  session(): Pick<TabSession, 'shown' | 'ended' | 'withdrawn'>;
  readonly timers: Pick<Timers, 'now'>;
  run(offer: Offer<HintPresentation>): unknown;
}

/**
 * What changes no text is told in words behind the cursor's line: `⇥ npm install zod`, `⇥ Look at save`. Tab takes it, Esc turns it down, and it goes away with the next
 * key. The same hint told again stays the same.
 */
export function hints({ session, timers, run }: HintActions): Hints {
  const decoration = vscode.window.createTextEditorDecorationType({});
  let drawn:
    | { readonly offer: Offer<HintPresentation>; readonly editor: vscode.TextEditor; readonly since: number }
    | undefined;

  const erase = (outcome: 'accepted' | 'rejected' | 'ignored') => {
    if (!drawn) return undefined;
    const { offer, editor, since } = drawn;
    drawn = undefined;
    editor.setDecorations(decoration, []);
    void vscode.commands.executeCommand('setContext', VISIBLE, false);
    if (outcome === 'ignored' && timers.now() - since < GLANCE) session().withdrawn(offer);
    else session().ended(offer, outcome);
    return offer;
  };

  const draw = (offer: Offer<HintPresentation>, editor: vscode.TextEditor) => {
    drawn = { offer, editor, since: drawn?.offer === offer ? drawn.since : timers.now() };
    const { end } = editor.document.lineAt(editor.selection.active.line).range;
    const after = {
      contentText: `⇥ ${wordsOf(offer)}`,
      color: new vscode.ThemeColor('editorGhostText.foreground'),
      margin: '0 0 0 2em',
      fontStyle: 'italic',
    };
    editor.setDecorations(decoration, [{ range: new vscode.Range(end, end), renderOptions: { after } }]);
  };

  const subscriptions = [
    decoration,
    vscode.commands.registerCommand('tabstop.tab.hint.accept', async () => {
      const offer = erase('accepted');
      // The key came while the context was on its way: it keeps its meaning.
      await (offer ? run(offer) : vscode.commands.executeCommand('tab'));
    }),
    vscode.commands.registerCommand('tabstop.tab.hint.dismiss', () => void erase('rejected')),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && document === drawn?.editor.document) erase('ignored');
    }),
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (editor && editor !== drawn?.editor) erase('ignored');
    }),
  ];
  return {
    show(offer) {
      const editor = vscode.window.activeTextEditor;
      if (!offer || !editor || editor.document.version !== offer.activeVersion || !isTrusted(offer)) {
        erase('ignored');
        return;
      }
      // The engine numbers each answer anew; what is the same to the user has been shown once.
      if (drawn?.editor === editor && wordsOf(drawn.offer) === wordsOf(offer)) return draw(drawn.offer, editor);
      erase('ignored');
      draw(offer, editor);
      void vscode.commands.executeCommand('setContext', VISIBLE, true);
      session().shown(offer);
    },
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}

/** Names of scripts come from the project: in a folder that the user does not trust they are not even put into a terminal. */
function isTrusted({ presentation }: Offer<HintPresentation>): boolean {
  return presentation.kind !== 'command' || vscode.workspace.isTrusted;
}

export function wordsOf({ presentation, target }: Offer<HintPresentation>): string {
  if (presentation.kind === 'command') return `${presentation.text} (terminal)`;
  return `Look at ${placeName({ presentation: { ...presentation, kind: 'go' }, target })}`;
}

/** Shows the place below the cursor's line, in the editor's own peek view. */
export async function peek({ presentation, target }: Offer<HintPresentation>): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor || presentation.kind !== 'peek') return;
  const place = new vscode.Location(target.uri, target.positionAt(presentation.offset));
  await vscode.commands.executeCommand(
    'editor.action.peekLocations',
    editor.document.uri,
    editor.selection.active,
    [place],
    'peek',
  );
}
