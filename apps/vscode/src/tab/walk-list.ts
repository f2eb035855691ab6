import { Method, type TabWalkItem, type TabWalkResult, type WireEdit } from '@tabstop/protocol';
import * as vscode from 'vscode';
import { pathOf, rangeOf, uriOf } from '../convert.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import { chosen } from './chosen.ts';
import { openDocument, type TabSession } from './session.ts';

interface Place extends vscode.QuickPickItem {
  readonly item: TabWalkItem;
  readonly document: vscode.TextDocument;
}

export interface WalkListOptions {
  readonly engine: Pick<EngineClient, 'request' | 'notify'>;
  readonly session: Pick<TabSession, 'applying'>;
  /** Of the suggestion on display when the list was asked for. */
  readonly id: string | undefined;
  /** Places below this are in the list, but not ticked. */
  readonly minConfidence: number;
}

const PREVIEW: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('list-tree'),
  tooltip: 'Open in the refactor preview: a tree of files with diffs',
};
const SKIP: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('close'),
  tooltip: 'Skip: leave this place as it is',
};

/**
 * All places of the change that the current suggestion belongs to, as a list with the lines before and after. What is ticked is applied by one workspace edit, so that one
 * undo takes it back; what is not is skipped. Each place is shown in its file, with its diff, as the list goes over it.
 */
export async function showAllPlaces(options: WalkListOptions): Promise<void> {
  const { engine } = options;
  const places = await placesOf(options);
  if (places.items.length === 0) {
    await vscode.window.showInformationMessage('There is no change to walk through just now. Make an edit first.');
    return;
  }
  const back = vscode.window.activeTextEditor;
  const where = back && { document: back.document, selection: back.selection, column: back.viewColumn };
  const preview = createPreview();
  try {
    const choice = await pick(places.items, places.done, options.minConfidence, preview, (item) =>
      engine.notify(Method.TabSkip, { id: item.id }),
    );
    preview.clear();
    if (!choice) return;
    if (choice.inTree) await applyByTree(options, choice.ticked);
    else {
      const applied = await apply(options, choice.ticked);
      if (applied) settle(engine, choice.shown, new Set(choice.ticked));
    }
  } finally {
    preview.dispose();
    if (where && !where.document.isClosed)
      await vscode.window.showTextDocument(where.document, {
        selection: where.selection,
        ...(where.column === undefined ? {} : { viewColumn: where.column }),
      });
  }
}

/** Files that are not open are opened first, and the engine is asked again: it then answers for the very text that is to be changed. */
async function placesOf({ engine, id }: WalkListOptions): Promise<{ items: readonly Place[]; done: number }> {
  const ask = () => engine.request<TabWalkResult>(Method.TabWalk, id === undefined ? {} : { id });
  let answer = await ask();
  const closed = [...new Set(answer?.items.filter(({ version }) => version === undefined).map(({ path }) => path))];
  if (closed.length > 0) {
    await Promise.all(closed.map(openDocument));
    answer = await ask();
  }
  const items: Place[] = [];
  for (const item of answer?.items ?? []) {
    const document = await openDocument(item.path);
    if (document && document.version === item.version) items.push({ ...labelsOf(item), item, document });
  }
  return { items, done: answer?.done ?? 0 };
}

function labelsOf({ path, line, before, after, source, confidence }: TabWalkItem): vscode.QuickPickItem {
  return {
    label: `${vscode.workspace.asRelativePath(uriOf(path))}:${line + 1}`,
    description: `${source} · ${Math.round(confidence * 100)} %`,
    detail: `${oneLine(before)}  →  ${oneLine(after)}`,
    buttons: [SKIP],
  };
}

interface Choice {
  readonly ticked: readonly Place[];
  /** Those that were not skipped by their button. */
  readonly shown: readonly Place[];
  readonly inTree: boolean;
}

function pick(
  all: readonly Place[],
  done: number,
  minConfidence: number,
  preview: Preview,
  skip: (item: TabWalkItem) => void,
): Promise<Choice | undefined> {
  return new Promise((resolve) => {
    const list = vscode.window.createQuickPick<Place>();
    let choice: Choice | undefined;
    list.canSelectMany = true;
    list.matchOnDetail = true;
    list.ignoreFocusOut = true;
    list.buttons = [PREVIEW];
    list.placeholder = 'Enter applies what is ticked and skips the rest; Esc leaves all as it is';
    const fill = (items: readonly Place[], ticked: readonly Place[]) => {
      list.title = `All places of this change: ${items.length} left${done > 0 ? `, ${done} done` : ''}`;
      list.items = items;
      list.selectedItems = ticked;
    };
    fill(
      all,
      all.filter(({ item }) => item.confidence >= minConfidence),
    );
    const finish = (inTree: boolean) => {
      choice = { ticked: list.selectedItems, shown: list.items, inTree };
      list.hide();
    };
    list.onDidChangeActive(([active]) => {
      if (active) void preview.show(active.document, active.item.edits);
    });
    list.onDidTriggerItemButton(({ item: place }) => {
      skip(place.item);
      const ticked = list.selectedItems.filter((one) => one !== place);
      fill(
        list.items.filter((one) => one !== place),
        ticked,
      );
      if (list.items.length === 0) list.hide();
    });
    list.onDidTriggerButton(() => finish(true));
    list.onDidAccept(() => finish(false));
    list.onDidHide(() => {
      list.dispose();
      resolve(choice);
    });
    list.show();
  });
}

/** One workspace edit for all: the editor undoes it as one. False where a text has changed meanwhile, or the editor refused. */
async function apply(
  { session }: WalkListOptions,
  places: readonly Place[],
  metadata?: (place: Place) => vscode.WorkspaceEditEntryMetadata,
): Promise<boolean> {
  if (places.some(({ document, item }) => document.version !== item.version)) {
    await vscode.window.showWarningMessage('The text has changed since; nothing was applied. Show the places again.');
    return false;
  }
  if (places.length === 0) return true;
  const edit = new vscode.WorkspaceEdit();
  const byPath = new Map<string, WireEdit[]>();
  for (const place of places) {
    for (const [start, end, text] of place.item.edits)
      edit.replace(place.document.uri, rangeOf(place.document, start, end), text, metadata?.(place));
    const path = pathOf(place.document.uri);
    byPath.set(
      path,
      [...(byPath.get(path) ?? []), ...place.item.edits].sort((a, b) => a[0] - b[0]),
    );
  }
  const ends = [...byPath].map(([path, edits]) => session.applying(path, edits));
  try {
    return await vscode.workspace.applyEdit(edit);
  } finally {
    for (const end of ends) end();
  }
}

/** The editor's own tree of files with diffs. What was taken off there is skipped. */
async function applyByTree(options: WalkListOptions, places: readonly Place[]): Promise<void> {
  const before = new Map(places.map(({ document }) => [document, document.getText()]));
  const applied = await apply(options, places, ({ label, description }) => ({
    needsConfirmation: true,
    label: `Tabstop: ${description ?? ''}`,
    description: label,
  }));
  if (!applied) return;
  const made = new Set<Place>();
  for (const [document, text] of before) {
    const own = places.filter((place) => place.document === document);
    const which = chosen(
      text,
      document.getText(),
      own.map(({ item }) => item.edits),
    );
    for (const [index, place] of own.entries()) if (which?.[index]) made.add(place);
  }
  settle(options.engine, places, made);
}

function settle(engine: WalkListOptions['engine'], places: readonly Place[], made: ReadonlySet<Place>): void {
  for (const place of places) {
    if (made.has(place)) engine.notify(Method.TabFeedback, { id: place.item.id, outcome: 'accepted' });
    else engine.notify(Method.TabSkip, { id: place.item.id });
  }
}

interface Preview extends vscode.Disposable {
  show(document: vscode.TextDocument, edits: readonly WireEdit[]): Promise<void>;
  clear(): void;
}

/** The place in its file, what goes struck out, what comes behind it. */
function createPreview(): Preview {
  const removed = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor('tabstop.nextEditRemoveBackground'),
    textDecoration: 'line-through',
  });
  const inserted = vscode.window.createTextEditorDecorationType({});
  let shown: vscode.TextEditor | undefined;
  let wanted = 0;
  const clear = () => {
    wanted++;
    shown?.setDecorations(removed, []);
    shown?.setDecorations(inserted, []);
    shown = undefined;
  };
  return {
    clear,
    async show(document, edits) {
      clear();
      const mine = wanted;
      const editor = await vscode.window.showTextDocument(document, { preserveFocus: true, preview: true });
      if (mine !== wanted) return;
      shown = editor;
      const ranges = edits.map(([start, end]) => rangeOf(document, start, end));
      editor.setDecorations(
        removed,
        ranges.filter((range) => !range.isEmpty),
      );
      editor.setDecorations(
        inserted,
        edits
          .filter(([, , text]) => text !== '')
          .map(([, end, text]) => ({
            range: rangeOf(document, end, end),
            renderOptions: {
              after: {
                contentText: oneLine(text),
                backgroundColor: new vscode.ThemeColor('tabstop.nextEditInsertBackground'),
              },
            },
          })),
      );
      if (ranges[0]) editor.revealRange(ranges[0], vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    },
    dispose() {
      clear();
      removed.dispose();
      inserted.dispose();
    },
  };
}

function oneLine(text: string): string {
  const flat = text.trim().replace(/\r?\n\s*/g, ' ↵ ');
  return flat.length > 90 ? `${flat.slice(0, 89)}…` : flat;
}
