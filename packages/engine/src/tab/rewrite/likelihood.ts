import { isKeyword } from '../../workspace/languages.ts';
import type { TabContext } from '../source.ts';
import weights from '../sources/propagate-weights.json' with { type: 'json' };
import type { Found } from './found.ts';

/** What is known of one place, apart from its precedents. @param total places of its rewrite */
export function featuresOf(
  context: TabContext,
  place: Found,
  total: number,
  aheadHere: boolean,
  touched: ReadonlySet<string>,
): Record<string, number> {
  const { from, generality, evidence, age } = place.rewrite;
  const words = from.oldTokens.filter((token) => token.kind === 'word');
  const names = words.filter((token) => !isKeyword(context.document.languageId, token.text));
  const latest = context.snapshot.history.latest;
  return {
    evidence: Math.min(evidence - 1, 3),
    left: Math.min(place.left, 4),
    right: Math.min(place.right, 4),
    renamed: place.renamed,
    names: Math.min(names.length, 3),
    oldTokens: Math.min(from.oldTokens.length, 8),
    newTokens: Math.min(from.newTokens.length, 8),
    noWords: from.oldTokens.length > 0 && words.length === 0 ? 1 : 0,
    keywordsOnly: words.length > 0 && names.length === 0 ? 1 : 0,
    insertion: generality === 'insertion' ? 1 : 0,
    deletion: from.newTokens.length === 0 ? 1 : 0,
    subword: generality === 'subword' ? 1 : 0,
    otherFile: place.sameFile ? 0 : 1,
    near: place.sameFile ? 1 / (1 + place.lines / 10) : 0,
    ahead: place.ahead ? 1 : 0,
    // A change goes through a file to its end, then to files where nothing was done yet.
    nextFile: !place.sameFile && !touched.has(place.path) ? 1 : 0,
    nextFileDone: !place.sameFile && !touched.has(place.path) && !aheadHere ? 1 : 0,
    age,
    places: Math.log2(total),
    knowsNew: place.knowsNew ? 1 : 0,
    unbalances: place.unbalances ? 1 : 0,
    punctuation: from.newTokens.length > 0 && from.newTokens.every((token) => token.kind === 'operator') ? 1 : 0,
    leaves: place.leaves ? 1 : 0,
    leavesOthers: place.leavesOthers ? 1 : 0,
    mixed: place.mixed ? 1 : 0,
    asIs: place.asIs ? 1 : 0,
    several: place.parts > 1 ? 1 : 0,
    together: place.together,
    wholeHunk: place.rewrite.hunk.whole ? 1 : 0,
    // The hunk it is from holds other changes that it does not make.
    partOfHunk: place.parts === 1 && !place.rewrite.hunk.whole ? 1 - 1 / place.rewrite.hunk.parts : 0,
    learned: place.rewrite.template?.learned ? 1 : 0,
    typing: latest?.origin === 'typed' && latest.steps > 1 && context.cursor.path === latest.path ? 1 : 0,
  };
}

/** P(the user wants this), by weights that training/source-weights.ts learned on the training split. */
export function scoreOf(features: Readonly<Record<string, number>>): number {
  let odds = weights.bias;
  for (const [name, weight] of Object.entries(weights.features)) odds += weight * (features[name] ?? 0);
  return 1 / (1 + Math.exp(-odds));
}
