// The members of the proposal `inlineCompletionsAdditions` that this extension uses. Where the proposal is off, VS Code ignores them.
import 'vscode';

declare module 'vscode' {
  export namespace languages {
    export function registerInlineCompletionItemProvider(
      selector: DocumentSelector,
      provider: InlineCompletionItemProvider,
      metadata: { readonly displayName?: string; readonly groupId?: string; readonly debounceDelayMs?: number },
    ): Disposable;
  }

  export interface InlineCompletionItem {
    /** Drawn as a next edit, not as ghost text. */
    isInlineEdit?: boolean;
    /** The edit is shown while the cursor is in this range. */
    showRange?: Range;
    /** The document the edit is for, if it is not the active one. */
    uri?: Uri;
    /** A place to go; the item has no text then. */
    jumpToPosition?: Position;
  }

  export enum InlineCompletionEndOfLifeReasonKind {
    Accepted = 0,
    Rejected = 1,
    Ignored = 2,
  }

  export interface InlineCompletionEndOfLifeReason {
    readonly kind: InlineCompletionEndOfLifeReasonKind;
    readonly supersededBy?: InlineCompletionItem;
    readonly userTypingDisagreed?: boolean;
  }

  export interface InlineCompletionItemProvider {
    onDidChange?: Event<void>;
    handleDidShowCompletionItem?(item: InlineCompletionItem, updatedInsertText: string): void;
    handleDidPartiallyAcceptCompletionItem?(item: InlineCompletionItem, info: unknown): void;
    handleEndOfLifetime?(item: InlineCompletionItem, reason: InlineCompletionEndOfLifeReason): void;
  }
}
