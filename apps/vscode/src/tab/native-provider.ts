import * as vscode from 'vscode';
import { rangeOf, pathOf } from '../convert.ts';
import type { Timers } from '../engine/timers.ts';
import type { Offer, TabSession } from './session.ts';

/** An item that remembers what it was made of. */
class OfferedItem extends vscode.InlineCompletionItem {
  readonly offer: Offer;
  constructor(offer: Offer, text: string, range: vscode.Range) {
    super(text, range);
    this.offer = offer;
  }
}

/**
 * Where the text changes while the editor's command runs, as by an undo, the editor asks once more as on a command, after that has returned. So long that
 * counts as ours. Milliseconds.
 */
const AFTERMATH = 300;

export interface NativeProvider extends vscode.Disposable {
  /** Asks for a suggestion at the cursor though nothing was typed. */
  ask(): void;
}

/**
 * Draws offers with VS Code's own ghost text and next-edit views (proposal `inlineCompletionsAdditions`). Throws where the proposal is off.
 *
 * VS Code asks once for a text and a place: what it asks by itself for the same again, as it does when a provider says that something changed, it
 * answers from what it has, also where that was nothing. Only its command asks anew. So the engine is asked first, and the command is run where there
 * is something to draw.
 */
export function registerNativeProvider(session: TabSession, timers: Timers): NativeProvider {
  const outdated = new vscode.EventEmitter<void>();
  /** What the editor is about to ask for on our command. */
  let ready: { readonly offer: Offer; readonly at: vscode.Position } | undefined;

  const ask = async () => {
    const answer = await session.offerHere();
    if (!answer) return;
    const { offer, at } = answer;
    const drawn = session.current;
    if (!offer) {
      // It is not what the editor asked for: it asks, and takes away what it has drawn for another place.
      if (drawn && !session.hidden) outdated.fire();
      return;
    }
    if (drawn && drawn.suggestion.id === offer.suggestion.id && drawn.presentation.kind === offer.presentation.kind)
      return;
    const mine = { offer, at };
    ready = mine;
    await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
    timers.setTimeout(() => {
      if (ready === mine) ready = undefined;
    }, AFTERMATH);
  };

  const provider: vscode.InlineCompletionItemProvider = {
    onDidChange: outdated.event,
    async provideInlineCompletionItems(document, position, context, token) {
      const here = ready && isFor(ready, document, position) ? ready.offer : undefined;
      if (here) return [itemOf(here, document, position)];
      const offer = await session.offer(
        document,
        position,
        {
          // Our own command comes after an undo at times; it does not count as the user's.
          explicit: !ready && context.triggerKind === vscode.InlineCompletionTriggerKind.Invoke,
          suggestWidget: context.selectedCompletionInfo !== undefined,
        },
        token,
      );
      return offer && [itemOf(offer, document, position)];
    },
    handleDidShowCompletionItem(item) {
      if (item instanceof OfferedItem) session.shown(item.offer);
    },
    handleDidPartiallyAcceptCompletionItem(item) {
      if (item instanceof OfferedItem) session.ended(item.offer, 'accepted-part');
    },
    handleEndOfLifetime(item, reason) {
      if (!(item instanceof OfferedItem)) return;
      const { offer } = item;
      const { Accepted, Rejected } = vscode.InlineCompletionEndOfLifeReasonKind;
      if (reason.kind === Accepted) {
        // VS Code counts opening the other file as accepting.
        const opened = offer.presentation.kind === 'other-file' && offer.target.version === offer.targetVersion;
        return opened ? session.opened(offer) : session.ended(offer, 'accepted');
      }
      if (reason.kind === Rejected) return session.ended(offer, 'rejected');
      const next = reason.supersededBy instanceof OfferedItem ? reason.supersededBy.offer : undefined;
      // The same suggestion drawn anew goes on living.
      if (next?.suggestion.id !== offer.suggestion.id) session.ended(offer, 'ignored');
    },
  };
  const registered = vscode.languages.registerInlineCompletionItemProvider({ pattern: '**' }, provider, {
    displayName: 'Tabstop',
    // The engine answers within milliseconds and cancels what is overtaken; waiting would only delay.
    debounceDelayMs: 0,
  });
  return {
    ask: () => void ask(),
    dispose: () => vscode.Disposable.from(registered, outdated).dispose(),
  };
}

function isFor(
  { offer, at }: { offer: Offer; at: vscode.Position },
  document: vscode.TextDocument,
  position: vscode.Position,
) {
  return (
    offer.document === document &&
    document.version === offer.activeVersion &&
    offer.target.version === offer.targetVersion &&
    position.isEqual(at)
  );
}

function itemOf(offer: Offer, document: vscode.TextDocument, position: vscode.Position): OfferedItem {
  const { presentation, target } = offer;
  const here = new vscode.Range(position, position);
  if (presentation.kind === 'go') {
    const item = new OfferedItem(offer, '', here);
    item.jumpToPosition = target.positionAt(presentation.offset);
    item.isInlineEdit = true;
    if (target !== document) item.uri = target.uri;
    return item;
  }
  const item = new OfferedItem(offer, presentation.text, rangeOf(target, presentation.start, presentation.end));
  if (presentation.kind === 'ghost') return item;
  item.isInlineEdit = true;
  item.showRange = rangeOf(document, 0, Number.MAX_SAFE_INTEGER);
  if (presentation.kind === 'other-file') item.uri = target.uri;
  return item;
}

/** `use.ts:3`, as the user would name the place. */
export function placeName({ presentation, target }: Pick<Offer, 'presentation' | 'target'>): string {
  const start = presentation.kind === 'go' ? presentation.offset : presentation.start;
  const name = pathOf(target.uri).split(/[\\/]/).at(-1) ?? '';
  return `${name}:${target.positionAt(start).line + 1}`;
}
