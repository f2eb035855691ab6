import type { Document } from '../../workspace/document.ts';
import { languageOf } from '../../workspace/languages.ts';
import {
  type ChangedCall,
  changedCalls,
  definitionsOf,
  typeDeclaration,
  typeLacking,
} from '../definition/out-of-step.ts';
import type { Candidate, Source, TabContext } from '../source.ts';
import { runOf } from '../terminal/edits.ts';

/** Files looked into for a definition that no language server tells. */
const FILES = 6;
/** Lines that a window shows around the cursor: what is nearer needs no look. */
const IN_VIEW = 25;
const CALL_SCORE = 0.38;
const MEMBER_SCORE = 0.32;

/**
 * Where the next edit depends on what is out of view, the stop is a look at it: the definition of a function whose call was just given another number of
 * arguments than it takes, the declaration of a type that has no such member.
 */
export const definition: Source = {
  name: 'definition',
  async *propose(context, signal) {
    const run = runOf(context);
    if (!run) return;
    for (const call of changedCalls(run.newest, context.document)) {
      const found = await outOfStep(context, call, signal);
      if (signal.aborted) return;
      if (found) yield found;
    }
    const lacking = await lackingMember(context, run.newest.changes, signal);
    if (lacking && !signal.aborted) yield lacking;
  },
};

interface Place {
  readonly path: string;
  readonly offset: number;
}

async function outOfStep(context: TabContext, call: ChangedCall, signal: AbortSignal): Promise<Candidate | undefined> {
  const { document } = context;
  const told = await context.facts.definition(document.path, call.nameStart, signal);
  if (signal.aborted) return undefined;
  const fits = (least: number, most: number, count: number) => count >= least && count <= most;
  for await (const { path, text, languageId, only } of placesOf(context, call.name, told)) {
    const all = definitionsOf(text, languageId, call.name);
    const [one] = only === undefined ? all : all.filter(({ nameStart }) => Math.abs(nameStart - only) < 200);
    // Of several functions of one name nobody knows which is meant, where no language server tells.
    if (!one || (only === undefined && (all.length > 1 || call.member))) continue;
    if (fits(one.least, one.most, call.now) || !isOutOfView(context, { path, offset: one.nameStart })) return undefined;
    const takes =
      one.most === Number.POSITIVE_INFINITY
        ? `${one.least} or more arguments`
        : `${one.least === one.most ? '' : `${one.least} to `}${one.most} argument${one.most === 1 ? '' : 's'}`;
    return {
      path,
      edits: [],
      target: one.nameStart,
      peek: true,
      score: CALL_SCORE,
      features: { call: 1, facts: told ? 1 : 0, otherFile: path === document.path ? 0 : 1 },
      evidence: [`${call.name} takes ${takes}, this call has ${call.now} now`, 'its definition is out of view'],
    };
  }
  return undefined;
}

/** Texts in which the definition may stand: where the language server says (then near an offset), else open documents and files that know the name. */
async function* placesOf(
  context: TabContext,
  name: string,
  told: readonly { readonly path: string; readonly start: number }[] | undefined,
): AsyncGenerator<{ path: string; text: string; languageId: string; only?: number }> {
  if (told && told.length > 0) {
    for (const { path, start } of told.slice(0, 2)) {
      const text = await textOf(context, path);
      if (text !== undefined) yield { path, text, languageId: languageIn(context, path), only: start };
    }
    return;
  }
  const { document } = context;
  yield { path: document.path, text: document.content, languageId: document.languageId };
  for (const path of context.lexicon.filesWith(name, FILES)) {
    if (path === document.path || languageIn(context, path) !== document.languageId) continue;
    const text = await textOf(context, path);
    if (text !== undefined) yield { path, text, languageId: document.languageId };
  }
}

/** A member that was just written, and that the language server does not find on its type. */
async function lackingMember(
  context: TabContext,
  changes: { iterChangedRanges(run: (fromA: number, toA: number, fromB: number, toB: number) => void): void },
  signal: AbortSignal,
): Promise<Candidate | undefined> {
  const { document, cursor } = context;
  const text = document.content;
  const ranges: [number, number][] = [];
  changes.iterChangedRanges((_fromA, _toA, from, to) => ranges.push([from, to]));
  // Without a dot in or before what was written there is no member: nothing to ask for.
  if (!ranges.some(([from, to]) => /(?:\.|->|::)\w*$|(?:\.|->|::)\w/.test(text.slice(Math.max(0, from - 40), to))))
    return undefined;
  for (const { message, start, end } of (await context.facts.diagnostics(document.path, signal)) ?? []) {
    if (signal.aborted) return undefined;
    const lacking = typeLacking(message);
    if (!lacking || !ranges.some(([from, to]) => start <= to && end >= from)) continue;
    // Its name may not be all yet.
    if (cursor.offset > start && cursor.offset <= end) continue;
    for await (const place of placesOf(context, lacking.type, undefined)) {
      const target = typeDeclaration(place.text, place.languageId, lacking.type);
      if (target === undefined) continue;
      if (!isOutOfView(context, { path: place.path, offset: target })) return undefined;
      return {
        path: place.path,
        edits: [],
        target,
        peek: true,
        score: MEMBER_SCORE,
        features: { member: 1, facts: 1, otherFile: place.path === document.path ? 0 : 1 },
        evidence: [`${lacking.type} has no ${lacking.member}`, 'its declaration is out of view'],
      };
    }
  }
  return undefined;
}

function isOutOfView({ document, cursor }: TabContext, { path, offset }: Place): boolean {
  return path !== document.path || Math.abs(lineAt(document, offset) - lineAt(document, cursor.offset)) > IN_VIEW;
}

function lineAt(document: Document, offset: number): number {
  return document.text.lineAt(Math.min(offset, document.length)).number;
}

function languageIn(context: TabContext, path: string): string {
  return context.snapshot.documents.get(path)?.languageId ?? languageOf(path);
}

async function textOf(context: TabContext, path: string): Promise<string | undefined> {
  return context.snapshot.documents.get(path)?.content ?? (await context.files.read(path));
}
