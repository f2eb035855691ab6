import * as vscode from 'vscode';
import { rangeOf, pathOf } from '../convert.ts';
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
 * Draws offers with VS Code's own ghost text and next-edit views (proposal `inlineCompletionsAdditions`). `ask` fires when a suggestion is
 * wanted though nothing was typed. Throws where the proposal is off.
 */
export function registerNativeProvider(session: TabSession, ask: vscode.Event<void>): vscode.Disposable {
  const provider: vscode.InlineCompletionItemProvider = {
    onDidChange: ask,
    async provideInlineCompletionItems(document, position, context, token) {
      const offer = await session.offer(
        document,
        position,
        {
          explicit: context.triggerKind === vscode.InlineCompletionTriggerKind.Invoke,
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
  return vscode.languages.registerInlineCompletionItemProvider({ pattern: '**' }, provider, {
    displayName: 'Tabstop',
    // The engine answers within milliseconds and cancels what is overtaken; waiting would only delay.
    debounceDelayMs: 0,
  });
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
