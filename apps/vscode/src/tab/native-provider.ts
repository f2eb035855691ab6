import * as vscode from 'vscode';
import { rangeOf, pathOf } from '../convert.ts';
import type { Timers } from '../engine/timers.ts';
import type { Presentation } from './presentation.ts';
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

/** The provider is registered under these names; the first one answers what the editor asks by itself. */
const REGISTRATIONS = ['suggestions', 'suggestions-again'] as const;

type Registration = (typeof REGISTRATIONS)[number];

export interface NativeProvider extends vscode.Disposable {
  /** Asks for a suggestion at the cursor though nothing was typed. */
  ask(): void;
  /** Asks on the user's command. */
  askExplicitly(): void;
}

/**
 * Draws offers with VS Code's own ghost text and next-edit views (proposal `inlineCompletionsAdditions`). Throws where the proposal is off.
 *
 * VS Code asks its providers once for a text and a place. What it asks for the same again it answers from what it has, also where that was nothing; what
 * it asks by itself is answered so, and what a command asks is as soon as a command has asked before. Another provider is always asked anew. So the
 * engine is asked first, and where there is something to draw the command is run for two registrations of the provider in turn.
 */
export function registerNativeProvider(session: TabSession, extensionId: string, timers: Timers): NativeProvider {
  /** Our command while it runs, and what the editor is about to ask for then. */
  let running: { readonly asks: Registration; readonly ready?: { offer: Offer; at: vscode.Position } } | undefined;
  let turn = 0;
  let hiding = 0;

  const trigger = async (ready?: { offer: Offer; at: vscode.Position }) => {
    turn = (turn + 1) % REGISTRATIONS.length;
    const mine = { asks: REGISTRATIONS[turn]!, ...(ready ? { ready } : {}) };
    running = mine;
    await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger', {
      providerId: `${extensionId}:${mine.asks}`.toLowerCase(),
    });
    timers.setTimeout(() => {
      if (running === mine) running = undefined;
    }, AFTERMATH);
  };

  /** Takes away what is drawn; the editor tells of it as of a rejection. */
  const hide = async () => {
    hiding++;
    try {
      await vscode.commands.executeCommand('editor.action.inlineSuggest.hide');
    } finally {
      hiding--;
    }
  };

  const askOnce = async () => {
    const drawn = session.hidden ? undefined : session.current;
    const answer = await session.offerHere();
    if (!answer) return;
    const { offer, at } = answer;
    if (!offer) {
      if (drawn && !session.current) await hide();
      return;
    }
    const now = session.isUpToDate ? session.current : undefined;
    if (now && isSame(now, offer)) return;
    // It is on its way to the screen.
    if (running?.ready && isSame(running.ready.offer, offer) && isFor(running.ready, offer.document, at)) return;
    await trigger({ offer, at });
  };

  let asking = false;
  let askAgain = false;
  /** One question at a time: late sources and the cursor bring several within milliseconds, and each would cancel the one before. */
  const ask = async () => {
    askAgain = true;
    if (asking) return;
    asking = true;
    try {
      while (askAgain) {
        askAgain = false;
        await askOnce();
      }
    } finally {
      asking = false;
    }
  };

  const providerOf = (registration: Registration): vscode.InlineCompletionItemProvider => ({
    async provideInlineCompletionItems(document, position, context, token) {
      const invoked = context.triggerKind === vscode.InlineCompletionTriggerKind.Invoke;
      if (registration !== ((invoked && running?.asks) || REGISTRATIONS[0])) return undefined;
      const ready = running?.ready;
      if (ready && isFor(ready, document, position)) return [itemOf(ready.offer, document, position)];
      const offer = await session.offer(
        document,
        position,
        { explicit: invoked && !ready, suggestWidget: context.selectedCompletionInfo !== undefined },
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
      if (reason.kind === Rejected) return session.ended(offer, hiding > 0 ? 'ignored' : 'rejected');
      const next = reason.supersededBy instanceof OfferedItem ? reason.supersededBy.offer : undefined;
      // The same suggestion drawn anew goes on living.
      if (next?.suggestion.id !== offer.suggestion.id) session.ended(offer, 'ignored');
    },
  });
  const registered = REGISTRATIONS.map((registration) =>
    vscode.languages.registerInlineCompletionItemProvider({ pattern: '**' }, providerOf(registration), {
      displayName: 'Tabstop',
      groupId: registration,
      // The engine answers within milliseconds and cancels what is overtaken; waiting would only delay.
      debounceDelayMs: 0,
    }),
  );
  return {
    ask: () => void ask(),
    askExplicitly: () => void trigger(),
    dispose: () => vscode.Disposable.from(...registered).dispose(),
  };
}

function isSame(a: Offer<Presentation>, b: Offer): boolean {
  return a.suggestion.id === b.suggestion.id && a.presentation.kind === b.presentation.kind;
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
