import { structuredPatch } from 'diff';
import { type Case, textsOf } from './case.ts';
import { afterEvents, type DocumentEvent, documentsOf, outcomeOf } from './documents.ts';
import { EditError, lineEnd, lineOf, lineStart } from './edits.ts';
import type { Answer } from './predictor.ts';
import { scoreCase } from './score.ts';

const AROUND = 6;

/** One case to be read by a person: what was done, where the cursor stands, every candidate and every accepted outcome as diffs. */
export function explainCase(one: Case, answer: Answer, elsewhere: (path: string) => string | undefined): string {
  const texts = textsOf(one, elsewhere);
  const score = scoreCase(one, answer, elsewhere);
  const before = (path: string) => texts.get(path) ?? elsewhere(path) ?? '';
  const verdict = !score.scored
    ? 'not scored'
    : !score.shown
      ? 'silent'
      : score.exact
        ? 'exact'
        : score.position
          ? 'right line, other text'
          : 'wrong';
  const parts = [
    `case ${one.id}: ${verdict}, ${score.kind}, ${score.language}, delta-chrF ${score.deltaChrF.toFixed(1)}, ${score.ms.toFixed(1)} ms`,
    ...(score.error === undefined ? [] : [`error: ${score.error}`]),
    section('events', eventsText(one, elsewhere)),
    section(`${one.cursor.path}, around the cursor`, aroundCursor(before(one.cursor.path), one.cursor.offset)),
    ...answer.suggestions.map(({ path, edits, source, confidence, shown }, index) => {
      const exact = score.candidates[index]?.exact ? ', exact' : '';
      const title = `candidate ${index + 1}: ${source}, confidence ${confidence.toFixed(2)}, ${shown ? 'shown' : 'not shown'}${exact}`;
      return section(title, outcomeText([{ path, edits }], before));
    }),
    ...(answer.suggestions.length === 0 ? [section('candidates', 'none')] : []),
    ...(one.accept ?? []).map((outcome, index) =>
      section(`accepted outcome ${index + 1}`, outcomeText(outcome, before)),
    ),
  ];
  return parts.join('\n\n');
}

function section(title: string, body: string): string {
  return `== ${title}\n${body === '' ? '(nothing)' : body}`;
}

/** Each event as the change of the lines it touches, with the state it applies to. */
function eventsText(one: Case, elsewhere: (path: string) => string | undefined): string {
  let texts = documentsOf(one.documents);
  return one.events
    .map((event, index) => {
      const text = texts.get(event.path) ?? elsewhere(event.path) ?? '';
      texts = afterEvents(texts, [event], elsewhere);
      return `${index + 1}. ${diffText(event.path, text, texts.get(event.path) ?? '', 0)}`;
    })
    .join('\n');
}

function outcomeText(changes: readonly DocumentEvent[], before: (path: string) => string): string {
  try {
    const after = outcomeOf(new Map(), changes, before);
    if (after.size === 0)
      return 'changes nothing: ' + changes.map(({ path, edits }) => `${path} ${JSON.stringify(edits)}`).join(', ');
    return [...after].map(([path, text]) => diffText(path, before(path), text, 2)).join('\n');
  } catch (error) {
    if (error instanceof EditError) return `does not fit: ${error.message}`;
    throw error;
  }
}

/** A unified diff without file headers; the path stands before each hunk. */
export function diffText(path: string, before: string, after: string, context: number): string {
  const { hunks } = structuredPatch(path, path, before, after, '', '', { context });
  return hunks.map((hunk) => `${path}:${hunk.newStart}\n${hunk.lines.join('\n')}`).join('\n');
}

/** Some lines with their numbers and `<|>` at the cursor. */
export function aroundCursor(text: string, offset: number): string {
  const at = Math.min(offset, text.length);
  const marked = `${text.slice(0, at)}<|>${text.slice(at)}`;
  let start = lineStart(marked, at);
  let end = lineEnd(marked, at);
  for (let step = 0; step < AROUND; step++) {
    if (start > 0) start = lineStart(marked, start - 1);
    if (end < marked.length) end = lineEnd(marked, end + 1);
  }
  const first = lineOf(marked, start) + 1;
  const lines = marked.slice(start, end).split('\n');
  return lines.map((line, index) => `${String(first + index).padStart(5)} | ${line}`).join('\n');
}
