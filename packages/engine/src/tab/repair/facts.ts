import type { Text } from '@codemirror/state';
import type { CodeAction, Diagnostic } from '../../workspace/language-facts.ts';
import type { TabContext } from '../source.ts';
import type { RecentChange } from './changes.ts';
import type { Finding } from './finding.ts';

/** Diagnostics whose fixes are asked for in one answer. */
const ASKED = 4;
const YIELDS = 6;

/** Diagnostics by the text they were told for. */
export type KnownDiagnostics = WeakMap<Text, readonly Diagnostic[]>;

/** What a language server reports since the newest edits -> its own fix, where there is one that is meant. */
export async function* fixesFromFacts(
  context: TabContext,
  change: RecentChange,
  known: KnownDiagnostics,
  signal: AbortSignal,
): AsyncIterable<Finding> {
  const { document, before } = change;
  const all = await context.facts.diagnostics(document.path, signal);
  if (signal.aborted || !all) return;
  known.set(document.text, all);
  const fresh = all.filter((diagnostic) => isFresh(diagnostic, change, known.get(before)));
  let yielded = 0;
  for (const diagnostic of fresh.sort((a, b) => rankOf(a) - rankOf(b)).slice(0, ASKED)) {
    const actions = await context.facts.codeActions(document.path, diagnostic.start, diagnostic.end, signal);
    if (signal.aborted) return;
    const chosen = actions && chooseAction(actions, change);
    if (!chosen) continue;
    const { action, fix, ways } = chosen;
    const [file] = action.edits;
    yield {
      path: file!.path,
      edits: file!.edits,
      kind: 'facts',
      features: {
        preferred: action.preferred ? 1 : 0,
        ways: Math.min(3, ways - 1),
        error: diagnostic.severity === 'error' ? 1 : 0,
        otherFile: file!.path === document.path ? 0 : 1,
        [fix]: 1,
        age: change.age,
      },
      evidence: [`${diagnostic.source ?? 'the language server'}: ${diagnostic.message}`, `its fix: ${action.title}`],
    };
    if (++yielded >= YIELDS) return;
  }
}

function rankOf({ severity }: Diagnostic): number {
  return ['error', 'warning', 'info', 'hint'].indexOf(severity);
}

/** Not there before the edits; where that is not known, at what was written or about a word that came or went. */
function isFresh(diagnostic: Diagnostic, change: RecentChange, earlier: readonly Diagnostic[] | undefined): boolean {
  const { start, end, message } = diagnostic;
  if (earlier) {
    const same = (other: Diagnostic) => other.message === message && other.code === diagnostic.code;
    const countBefore = earlier.filter(same).length;
    // One of several alike: only the place can tell which is new.
    if (countBefore > 0) return isAtEdit(change, start, end);
    return true;
  }
  if (isAtEdit(change, start, end)) return true;
  const text = change.document.text.sliceString(start, Math.min(end, start + 200), '\n');
  const words = new Set(`${message} ${text}`.match(/[\p{L}_$][\p{L}\p{Nd}_$]*/gu));
  return [...change.removed, ...change.introduced].some((word) => word.length > 2 && words.has(word));
}

/** Overlaps what was written; touches the place where something was only removed. */
function isAtEdit({ produced }: RecentChange, start: number, end: number): boolean {
  return produced.some(([from, to]) => (from === to ? start <= to && end >= from : start < to && end > from));
}

export type Fix = 'import' | 'spelling' | 'await' | 'member' | 'argument' | 'unusedImport' | 'other';

/** By the titles that TypeScript, Pylance, gopls, rust-analyzer, the Java and C# servers and clangd give their fixes. */
const FIXES: readonly (readonly [Fix, RegExp])[] = [
  ['unusedImport', /\b(?:remove|delete)\b.*\b(?:unused )?(?:import|using|include|use)\b/i],
  [
    'import',
    /^(?:add(?: missing)? import|update import|import\b|add .* to (?:existing )?import|add from|using |include |add "?(?:from|import))/i,
  ],
  ['spelling', /^(?:change spelling|did you mean|replace with|rename to)/i],
  ['await', /\bawait\b|\basync\b/i],
  [
    'member',
    /\b(?:implement|declare method|declare property|add (?:missing )?(?:member|method|propert|field|match arm|case))/i,
  ],
  ['argument', /\b(?:argument|parameter)s?\b/i],
];

const NEVER =
  /\b(?:ignore|suppress|disable|ts-expect-error|nolint|noqa|infer|convert|extract|move to|to ['"]?any\b|all in file|fix all|everywhere)/i;

function fixOf(title: string): Fix {
  return FIXES.find(([, pattern]) => pattern.test(title))?.[0] ?? 'other';
}

/** The preferred fix, or the only one there is. What quiets a rule instead of mending the code is none. */
export function chooseAction(
  actions: readonly CodeAction[],
  change: Pick<RecentChange, 'removed' | 'document'>,
): { readonly action: CodeAction; readonly fix: Fix; readonly ways: number } | undefined {
  const fixes = actions.filter(
    ({ kind, title, edits }) =>
      (kind === undefined || kind.startsWith('quickfix')) &&
      !NEVER.test(title) &&
      edits.length === 1 &&
      edits[0]!.edits.length > 0,
  );
  const preferred = fixes.filter((action) => action.preferred);
  const action = preferred[0] ?? (fixes.length === 1 ? fixes[0] : onlyImport(fixes));
  if (!action) return undefined;
  const fix = fixOf(action.title);
  // An import that was never used may be about to be.
  if (fix === 'unusedImport' && change.removed.size === 0) return undefined;
  return { action, fix, ways: Math.max(1, preferred.length || fixes.length) };
}

/** Beside "declare it" and "change spelling", one import is what is meant; of two imports neither is. */
function onlyImport(fixes: readonly CodeAction[]): CodeAction | undefined {
  const imports = fixes.filter(({ title }) => fixOf(title) === 'import');
  return imports.length === 1 ? imports[0] : undefined;
}
