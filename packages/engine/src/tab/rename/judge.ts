import type { Features, TabContext } from '../source.ts';
import { subwordsOf } from '../rewrite/casing.ts';
import { isWholeWord, occurrencesOf } from '../../workspace/tokens.ts';
import { placesMadeBy, type Rename } from './detect.ts';
import type { Origin } from './places.ts';

/** How likely it is that the user means a rename, and why. */
export interface Verdict {
  readonly score: number;
  readonly features: Features;
  readonly evidence: readonly string[];
}

/**
 * A changed identifier is a rename, or one use that was pointed at something else, or a copy that gets a name of its own, or a name half typed.
 * Told apart by where it was changed, whether the new name was there before, and what is left of the old one.
 */
export function judge(context: TabContext, rename: Rename, origin: Origin): Verdict {
  const { binding, edited } = origin;
  const text = origin.document.content;
  const declared = edited?.declares ?? false;
  const declarations = binding.references.filter(({ declares }) => declares);
  const existed = occurrencesOf(text, rename.newName).length > 0;
  const elsewhere = existed || knownElsewhere(context, rename);
  const hands = placesByHand(context, rename);
  const imported = binding.kind === 'import' && declared;
  const evidence: string[] = [];

  let score: number;
  if (origin.basis === 'text') {
    score = existed ? 0.1 : hands > 1 ? 0.55 : 0.3;
    evidence.push('no grammar for this language');
  } else if (imported) {
    // Whoever changes the name in an import found it changed over there.
    score = existed ? 0.6 : 0.85;
    evidence.push('changed in an import');
  } else if (declared) {
    score = existed ? (binding.kind === 'member' ? 0.55 : 0.3) : 0.92;
    evidence.push(
      existed ? `changed at its declaration, but ${rename.newName} was there before` : 'changed at its declaration',
    );
    if (isCopy(text, origin)) {
      score *= 0.25;
      evidence.push('the declaration is a copy of another');
    } else if (declarations.length > 1) score *= binding.kind === 'local' ? 0.85 : 0.75;
  } else if (elsewhere) {
    // Use after use is pointed at something else that exists: each in its own way, as changes between published versions show.
    score = hands > 1 ? 0.12 : 0.01;
    evidence.push(`${rename.newName} was there before`);
  } else {
    score = binding.kind === 'import' ? 0.35 : declarations.length > 0 ? 0.45 : binding.kind === 'free' ? 0.4 : 0.3;
    evidence.push(`changed at a use; ${rename.newName} is new`);
  }
  if (hands > 1) {
    if (declared || (declarations.length > 0 && !elsewhere)) score += (1 - score) * 0.6;
    evidence.push(`changed alike at ${hands} places`);
  }
  const pure = isPure(context, rename);
  if (!pure) {
    score *= 0.5;
    evidence.push('more than the name changed on its line');
  }
  const doubt = unfinished(context, rename, text);
  score *= 1 - doubt;
  if (doubt > 0) evidence.push('the name may not be finished');
  const age = Math.min(1, rename.age / 6);
  score *= 1 - 0.6 * age;
  return {
    score,
    evidence,
    features: {
      declaration: declared ? 1 : 0,
      existed: existed ? 1 : 0,
      known: elsewhere ? 1 : 0,
      unfinished: doubt,
      pure: pure ? 1 : 0,
      hands: Math.min(1, (hands - 1) / 3),
      member: binding.kind === 'member' ? 1 : 0,
      local: binding.kind === 'local' ? 1 : 0,
      age,
      length: Math.min(1, rename.oldName.length / 16),
    },
  };
}

/** The new name in another open document or file, where this rename has not been. */
function knownElsewhere(context: TabContext, rename: Rename): boolean {
  const touched = new Set(
    context.snapshot.history.edits.filter((edit) => edit.id >= rename.firstId).map((edit) => edit.path),
  );
  for (const document of context.snapshot.documents.values())
    if (!touched.has(document.path) && document.path !== rename.path && holds(document.content, rename.newName))
      return true;
  return context.lexicon
    .filesWith(rename.newName, 8)
    .some((path) => !touched.has(path) && path !== rename.path && !context.snapshot.documents.has(path));
}

function holds(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (isWholeWord(text, at, at + word.length)) return true;
  return false;
}

/** At how many places the user (or an accepted suggestion) has made this very change. */
function placesByHand(context: TabContext, rename: Rename): number {
  let places = 0;
  for (const edit of context.snapshot.history.edits)
    if (edit.id >= rename.firstId) places += placesMadeBy(edit, rename);
  return Math.max(1, places);
}

/** Its line is what it was, but for the name. Where the rest was rewritten too, the old thing is more likely gone than renamed. */
function isPure(context: TabContext, rename: Rename): boolean {
  const now = context.snapshot.documents.get(rename.path)?.text;
  if (!now || rename.now > now.length) return false;
  const before = rename.before.lineAt(rename.offset);
  const after = now.lineAt(rename.now);
  const at = rename.offset - before.from;
  const end = rename.now - after.from + rename.newName.length;
  const spelled = (line: string) => line.replaceAll(rename.oldName, rename.newName).trim();
  const head = spelled(before.text.slice(0, at)) === spelled(after.text.slice(0, rename.now - after.from));
  return head && spelled(before.text.slice(at + rename.oldName.length)) === spelled(after.text.slice(end));
}

/** The line of the declaration stood there twice: it was copied, and this is the copy (or the original) getting its own name. */
function isCopy(text: string, origin: Origin): boolean {
  const { edited, binding } = origin;
  if (!edited) return false;
  const own = lineAt(text, edited.start);
  return binding.references.some(
    (other) => other.declares && other.start !== edited.start && lineAt(text, other.start).trim() === own.trim(),
  );
}

function lineAt(text: string, at: number): string {
  const end = text.indexOf('\n', at);
  return text.slice(text.lastIndexOf('\n', at - 1) + 1, end < 0 ? text.length : end);
}

/**
 * 0..1: how likely the name goes on. Only while the cursor is still in or at the word that was typed key by key; a name whose last word is known
 * already looks finished.
 */
function unfinished(context: TabContext, rename: Rename, text: string): number {
  const { cursor } = context;
  const end = rename.now + rename.newName.length;
  if (cursor.path !== rename.path || cursor.offset < rename.now || cursor.offset > end) return 0;
  if (context.snapshot.history.latest !== rename.last || rename.last.steps < 2) return 0;
  if (cursor.offset < end && cursor.offset > rename.now) return rename.last.kind === 'insert' ? 0.6 : 0.35;
  const last = subwordsOf(rename.newName).at(-1) ?? rename.newName;
  if (last.length < 2) return 0.85;
  // Back at a name that the old one begins with: letters are being deleted.
  if (rename.oldName.startsWith(rename.newName)) return rename.last.kind === 'delete' ? 0.75 : 0.5;
  return knowsSubword(text, last) ? 0.2 : 0.7;
}

/** Whether some identifier of the text has this word in it: `name`, `userName`, `user_name`, `USER_NAME`, but not `names`. */
function knowsSubword(text: string, word: string): boolean {
  const lower = word.toLowerCase();
  const capital = lower[0]!.toUpperCase() + lower.slice(1);
  const starts = (form: string, before: RegExp, after: RegExp) => {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1))
      if (!before.test(text[at - 1] ?? ' ') && !after.test(text[at + form.length] ?? ' ')) return true;
    return false;
  };
  return (
    starts(lower, /\p{L}/u, /\p{Ll}/u) ||
    starts(capital, /\p{Lu}/u, /\p{Ll}/u) ||
    starts(lower.toUpperCase(), /\p{L}/u, /\p{L}/u)
  );
}
