import * as vscode from 'vscode';
import { rangeOf } from '../convert.ts';
import { placeName } from './native-provider.ts';
import { pieces } from './presentation.ts';
import { type Offer, type TabSession, targetOf } from './session.ts';

/** Key of the keybindings that take Tab and Esc while a next edit is drawn. */
const VISIBLE = 'tabstop.nextEditVisible';

export interface StableNextEdit extends vscode.Disposable {
  /** Asks for a suggestion at the cursor though nothing was typed. */
  ask(): void;
  /** Asks on the user's command. */
  askExplicitly(): void;
}

/**
 * Ghost text and next edits with the stable API alone. Ghost text is VS Code's own. A change elsewhere is drawn with decorations: what goes is
 * struck out, what comes stands behind it, and a hint at the cursor says where Tab leads. The first Tab goes there, the next one accepts.
 */
export function registerStableProvider(session: TabSession): StableNextEdit {
  const decorations = createDecorations();
  let drawn: { readonly offer: Offer; readonly editor: vscode.TextEditor } | undefined;

  const erase = () => {
    if (!drawn) return;
    drawn = undefined;
    for (const editor of vscode.window.visibleTextEditors) decorations.clear(editor);
    void vscode.commands.executeCommand('setContext', VISIBLE, false);
  };

  const put = (offer: Offer, editor: vscode.TextEditor) => {
    drawn = { offer, editor };
    // The keys first: what is to be seen on the screen can be accepted.
    void vscode.commands.executeCommand('setContext', VISIBLE, true);
    decorations.draw(offer, editor);
  };

  const draw = (offer: Offer, editor: vscode.TextEditor) => {
    if (drawn && drawn.offer.suggestion.id !== offer.suggestion.id) session.ended(drawn.offer, 'ignored');
    put(offer, editor);
    session.shown(offer);
  };

  const fits = ({ offer, editor }: NonNullable<typeof drawn>) =>
    vscode.window.activeTextEditor === editor &&
    editor.document.version === offer.activeVersion &&
    offer.target.version === offer.targetVersion;

  const provider: vscode.InlineCompletionItemProvider = {
    async provideInlineCompletionItems(document, position, context, token) {
      const editor = vscode.window.activeTextEditor;
      const offer = await session.offer(
        document,
        position,
        {
          explicit: context.triggerKind === vscode.InlineCompletionTriggerKind.Invoke && !asking,
          suggestWidget: context.selectedCompletionInfo !== undefined,
        },
        token,
      );
      if (token.isCancellationRequested) return undefined;
      if (!offer) {
        erase();
        return undefined;
      }
      if (offer.presentation.kind !== 'ghost') {
        if (editor?.document === document) draw(offer, editor);
        return undefined;
      }
      erase();
      session.shown(offer);
      const item = new vscode.InlineCompletionItem(
        offer.presentation.text,
        rangeOf(document, offer.presentation.start, offer.presentation.end),
      );
      item.command = { title: '', command: ACCEPTED, arguments: [offer.suggestion.id] };
      return [item];
    },
  };

  const register = () => vscode.languages.registerInlineCompletionItemProvider({ pattern: '**' }, provider);
  let registered = register();
  let asking = false;

  /** VS Code answers a second command for a text and a place as it answered the first one, unless the provider is a new one. */
  const trigger = async () => {
    registered.dispose();
    registered = register();
    await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
  };

  const ask = async () => {
    const answer = await session.offerHere();
    if (!answer) return;
    const { editor, offer } = answer;
    if (!offer) return erase();
    if (offer.presentation.kind !== 'ghost') return draw(offer, editor);
    erase();
    asking = true;
    await trigger();
    asking = false;
  };

  const accept = async () => {
    const now = drawn;
    if (!now || !fits(now)) {
      // The key came while the context was on its way: it keeps its meaning.
      erase();
      await vscode.commands.executeCommand('tab');
      return;
    }
    const { offer, editor } = now;
    const { presentation, target } = offer;
    const range =
      presentation.kind === 'go'
        ? rangeOf(target, presentation.offset, presentation.offset)
        : rangeOf(target, presentation.start, presentation.end);
    const away = target !== editor.document;
    const near = !away && Math.abs(editor.selection.active.line - range.start.line) <= 1;
    if (presentation.kind === 'go' || away || !near) {
      const shown = away ? await vscode.window.showTextDocument(target) : editor;
      if (presentation.kind === 'go') {
        erase();
        session.ended(offer, 'accepted');
      }
      shown.selection = new vscode.Selection(range.start, range.start);
      shown.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
      // The other editor coming to the front has erased it.
      if (presentation.kind !== 'go') put({ ...offer, activeVersion: shown.document.version }, shown);
      return;
    }
    const changes = pieces(offer.suggestion.edits, targetOf(target));
    const applied = await editor.edit((builder) => {
      for (const [from, to, text] of changes) builder.replace(rangeOf(target, from, to), text);
    });
    if (!applied) return;
    const end = target.positionAt(presentation.start + presentation.text.length);
    editor.selection = new vscode.Selection(end, end);
    session.ended(offer, 'accepted');
    erase();
    await ask();
  };

  const subscriptions = [
    { dispose: () => registered.dispose() },
    vscode.commands.registerCommand(ACCEPTED, (id: string) => {
      const offer = session.current;
      if (offer?.suggestion.id === id) session.ended(offer, 'accepted');
    }),
    vscode.commands.registerCommand('tabstop.tab.nextEdit.accept', accept),
    vscode.commands.registerCommand('tabstop.tab.nextEdit.dismiss', () => {
      if (drawn) session.ended(drawn.offer, 'rejected');
      erase();
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (!drawn || contentChanges.length === 0) return;
      if (document === drawn.offer.target || document === drawn.editor.document) erase();
    }),
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (drawn && editor && editor !== drawn.editor) erase();
    }),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
      if (drawn?.editor !== textEditor) return;
      if (selections.length > 1 || !selections[0]!.isEmpty) erase();
      else decorations.draw(drawn.offer, textEditor);
    }),
    decorations,
  ];
  return {
    ask: () => void ask(),
    askExplicitly: () => void trigger(),
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}

const ACCEPTED = 'tabstop.internal.accepted';

function createDecorations() {
  const removed = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor('tabstop.nextEditRemoveBackground'),
    textDecoration: 'line-through',
  });
  const inserted = vscode.window.createTextEditorDecorationType({});
  const hint = vscode.window.createTextEditorDecorationType({});
  const all = [removed, inserted, hint];
  return {
    draw(offer: Offer, editor: vscode.TextEditor) {
      const { presentation, target } = offer;
      if (presentation.kind === 'ghost') return;
      const here = target === editor.document;
      const line = editor.selection.active.line;
      if (presentation.kind === 'go') {
        editor.setDecorations(removed, []);
        editor.setDecorations(inserted, []);
        editor.setDecorations(hint, [hintAt(editor, line, `⇥ Go to ${placeName(offer)}`)]);
        return;
      }
      const range = rangeOf(target, presentation.start, presentation.end);
      const changes = here ? pieces(offer.suggestion.edits, targetOf(target)) : [];
      editor.setDecorations(
        removed,
        changes.filter(([start, end]) => start !== end).map(([start, end]) => rangeOf(target, start, end)),
      );
      editor.setDecorations(
        inserted,
        changes
          .filter(([, , text]) => text !== '')
          .map(([, end, text]) => ({ range: rangeOf(target, end, end), renderOptions: { after: insertion(text) } })),
      );
      const near = here && Math.abs(line - range.start.line) <= 1;
      editor.setDecorations(hint, [
        hintAt(
          editor,
          near ? range.end.line : line,
          near ? '⇥ Accept' : `⇥ Go to ${here ? `line ${range.start.line + 1}` : placeName(offer)}`,
        ),
      ]);
    },
    clear(editor: vscode.TextEditor) {
      for (const one of all) editor.setDecorations(one, []);
    },
    dispose() {
      for (const one of all) one.dispose();
    },
  };
}

function insertion(text: string): vscode.ThemableDecorationAttachmentRenderOptions {
  return { contentText: oneLine(text), backgroundColor: new vscode.ThemeColor('tabstop.nextEditInsertBackground') };
}

function hintAt(editor: vscode.TextEditor, line: number, text: string): vscode.DecorationOptions {
  const { end } = editor.document.lineAt(Math.min(line, editor.document.lineCount - 1)).range;
  const color = new vscode.ThemeColor('editorGhostText.foreground');
  return {
    range: new vscode.Range(end, end),
    renderOptions: { after: { contentText: text, color, margin: '0 0 0 2em', fontStyle: 'italic' } },
  };
}

/** Decorations are one line: line breaks are shown as signs, and what is long is cut. */
function oneLine(text: string): string {
  const flat = text.replace(/\r?\n\s*/g, ' ↵ ');
  return flat.length > 80 ? `${flat.slice(0, 79)}…` : flat;
}
