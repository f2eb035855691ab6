import { type BracketList, type Head, parameterName } from './parameters.ts';

/** How a parameter list changed: each parameter now, by its index before; -1 for a new one. */
export interface SignatureChange {
  readonly head: Head;
  readonly before: readonly string[];
  readonly now: readonly string[];
  readonly from: readonly number[];
}

/** One parameter more or less, or the same ones in another order; `undefined` for anything else, a parameter's new name or type among it. */
export function signatureChange(head: Head, old: BracketList, languageId: string): SignatureChange | undefined {
  const names = (list: BracketList) =>
    list.items
      .map(({ text }) => ({ text, name: parameterName(text, languageId) ?? text }))
      .filter(({ name }, index) => index > 0 || !/^[&\s]*(?:mut\s+)?(?:self|cls)$|^&(?:mut\s+)?self$/.test(name));
  const before = names(old);
  const now = names(head.list);
  const from = now.map(({ name }) => before.findIndex((other) => other.name === name));
  const kept = from.filter((index) => index >= 0);
  if (new Set(kept).size !== kept.length) return undefined;
  const added = from.length - kept.length;
  const removed = before.length - kept.length;
  const sameOrder = kept.every((index, at) => at === 0 || kept[at - 1]! < index);
  if (added + removed === 0 ? sameOrder : added + removed > 1 || !sameOrder) return undefined;
  return { head, before: before.map(({ text }) => text), now: now.map(({ text }) => text), from };
}
