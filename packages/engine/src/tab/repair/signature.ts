import type { Document } from '../../workspace/document.ts';
import type { TextEdit } from '../../workspace/text-edit.ts';
import { occurrencesOf } from '../../workspace/tokens.ts';
import type { TabContext } from '../source.ts';
import type { RecentChange } from './changes.ts';
import { maskedCode } from './code-mask.ts';
import type { Finding } from './finding.ts';
import { counterpartFindings } from './header.ts';
import { type BracketList, type Head, headAt, isOptional, listAt, openingBefore, parameterName } from './parameters.ts';
import { type SignatureChange, signatureChange } from './signature-change.ts';
import { isVisibleAt } from './visible.ts';

const MAX_CALLS = 24;

/** A function whose parameters were changed -> its calls that still pass what it took before, and its declaration in the header or implementation beside. */
export async function* signatures(
  context: TabContext,
  change: RecentChange,
  signal: AbortSignal,
): AsyncIterable<Finding> {
  const { document, before, changes, produced, age } = change;
  const { languageId } = document;
  if (produced.length > 12) return;
  const text = document.content;
  const code = maskedCode(text, languageId, 'comments-and-strings');
  const oldText = before.sliceString(0, undefined, '\n');
  let oldCode: string | undefined;
  const heads = new Set<number>();
  const inverse = changes.invertedDesc;
  for (const [start, end] of produced) {
    for (const open of new Set([openingBefore(code, start), openingBefore(code, end)])) {
      if (open < 0 || heads.has(open)) continue;
      heads.add(open);
      const head = headAt(code, text, languageId, open);
      if (!head || head.name.length < 2) continue;
      oldCode ??= maskedCode(oldText, languageId, 'comments-and-strings');
      const oldOpen = inverse.mapPos(open, 1);
      const old = oldCode[oldOpen] === '(' ? listAt(oldCode, oldText, oldOpen) : undefined;
      const signature = old && signatureChange(head, old, languageId);
      if (!signature) continue;
      for (const other of documentsToCheck(context, document, head)) yield* calls(other, document, signature, age);
      if (languageId === 'c' || languageId === 'cpp')
        yield* counterpartFindings(context, document, signature, old!, signal, age);
      if (signal.aborted) return;
    }
  }
}

function documentsToCheck(context: TabContext, document: Document, head: Head): readonly Document[] {
  if (head.name.length < 4) return [document];
  const others = [...context.snapshot.documents.values()].filter(
    (other) =>
      other !== document && !other.exclusion && other.languageId === document.languageId && other.length < 200_000,
  );
  return [document, ...others];
}

function* calls(document: Document, declaring: Document, signature: SignatureChange, age: number): Iterable<Finding> {
  const { head, before, now, from } = signature;
  const { languageId } = document;
  const text = document.content;
  if (!text.includes(head.name)) return;
  const code = maskedCode(text, languageId, 'comments-and-strings');
  const sameFile = document === declaring;
  const added = from.indexOf(-1);
  const addedName = added < 0 ? undefined : parameterName(now[added]!, languageId);
  const optional = added >= 0 && isOptional(now[added]!);
  let count = 0;
  for (const at of occurrencesOf(code, head.name)) {
    if (sameFile && at === head.nameStart) continue;
    const open = /^(?:<[^<>()]*>)?\s?\(/.exec(code.slice(at + head.name.length, at + head.name.length + 80));
    if (!open) continue;
    const receiver = /(?:\.|->|::)\s*$/.test(code.slice(Math.max(0, at - 4), at));
    if (receiver !== head.member && !(receiver && /::$/.test(code.slice(0, at)))) {
      if (!(/^(?:java|cpp|csharp)$/.test(languageId) && head.member)) continue;
    }
    // What a base class takes is not what was changed.
    if (/\b(?:super|base|parent)\s*(?:\(\))?(?:\.|::)\s*$/.test(code.slice(Math.max(0, at - 12), at))) continue;
    const openAt = at + head.name.length + open[0].length - 1;
    if (headAt(code, text, languageId, openAt)) continue;
    const list = listAt(code, text, openAt);
    // A call that passes anything else is either in step already or not of this function.
    if (!list || list.items.length !== before.length || list.items.some((item) => /^(?:\.\.\.|\*)/.test(item.text)))
      continue;
    if (list.items.some((item) => /^\w+\s*=(?![=>])/.test(item.text) && languageId === 'python')) continue;
    if (++count > MAX_CALLS) return;
    const features = {
      otherFile: sameFile ? 0 : 1,
      member: head.member ? 1 : 0,
      removed: now.length < before.length ? 1 : 0,
      reordered: now.length === before.length ? 1 : 0,
      optional: optional ? 1 : 0,
      arguments: Math.min(before.length, 5) / 5,
      age,
    };
    const what = describe(signature, languageId);
    if (added >= 0) {
      const visible = addedName !== undefined && isVisibleAt(code, at, addedName, head.name);
      if (visible) {
        const edit = insertion(list, added, languageId === 'php' ? `$${addedName}` : addedName);
        yield {
          path: document.path,
          edits: [edit],
          kind: 'call',
          features: { ...features, inScope: 1 },
          evidence: [what, `${addedName} is in scope at this call`],
        };
      } else if (!optional)
        yield {
          path: document.path,
          edits: [],
          target: added < list.items.length ? list.items[added]!.start : list.close,
          kind: 'call',
          features: { ...features, jump: 1 },
          evidence: [what, 'this call still passes what it took before'],
        };
      continue;
    }
    yield {
      path: document.path,
      edits: argumentEdits(list, from),
      kind: 'call',
      features,
      evidence: [what, 'this call still passes what it took before'],
    };
  }
}

function describe({ head, before, now, from }: SignatureChange, languageId: string): string {
  if (from.includes(-1))
    return `${head.name} takes ${parameterName(now[from.indexOf(-1)]!, languageId) ?? 'one more argument'} now`;
  if (now.length === before.length) return `the parameters of ${head.name} changed their order`;
  const gone = before.findIndex((_, index) => !from.includes(index));
  return `${head.name} no longer takes ${parameterName(before[gone]!, languageId) ?? 'one of its arguments'}`;
}

function insertion({ items, open, close }: BracketList, index: number, name: string): TextEdit {
  const next = items[index];
  if (next) return [next.start, next.start, `${name}, `];
  const last = items.at(-1);
  return last ? [last.end, last.end, `, ${name}`] : [open + 1, close, name];
}

/** Takes arguments out or puts them in the new order; the separators stay where they are. */
function argumentEdits({ items }: BracketList, from: readonly number[]): readonly TextEdit[] {
  if (from.length === items.length)
    return items.flatMap((item, index): TextEdit[] => {
      const wanted = items[from[index]!]!;
      return wanted.text === item.text ? [] : [[item.start, item.end, wanted.text]];
    });
  const gone = items.findIndex((_, index) => !from.includes(index));
  const item = items[gone]!;
  if (items[gone + 1]) return [[item.start, items[gone + 1]!.start, '']];
  return [[items[gone - 1]?.end ?? item.start, item.end, '']];
}
