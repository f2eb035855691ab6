import { ALL, and, anyOfPlan, bytesPlan, type GramPlan, or, withoutCase } from './gram-plan.ts';
import { parseRegex, type RegexNode } from './regex-syntax.ts';

export interface Pattern {
  readonly pattern: string;
  readonly regex: boolean;
  readonly ignoreCase: boolean;
}

/** What the index has to be asked for. Where a pattern says nothing about n-grams, or is not understood, that is all files. */
export function planPattern({ pattern, regex, ignoreCase }: Pattern): GramPlan {
  const parsed = regex ? parseRegex(pattern, ignoreCase) : parseLiteral(pattern, ignoreCase);
  if (!parsed) return ALL;
  const plan = simplify(analyse(parsed.node));
  return parsed.anyCase ? withoutCase(plan) : plan;
}

function parseLiteral(pattern: string, ignoreCase: boolean): { node: RegexNode; anyCase: boolean } {
  const of = [...pattern].map((character): RegexNode => {
    // Case of characters outside ASCII is not folded in the index.
    if (ignoreCase && character > '\u007f') return { kind: 'any' };
    return { kind: 'one', characters: [character] };
  });
  return { node: { kind: 'sequence', of }, anyCase: ignoreCase };
}

/**
 * What is known of the texts that an expression matches, as strings of bytes: all of them (`exact`), or how they start and end, and what each must
 * hold besides. After Russ Cox's `regexp.go` of codesearch.
 */
interface Known {
  readonly exact: ReadonlySet<string> | undefined;
  readonly starts: ReadonlySet<string>;
  readonly ends: ReadonlySet<string>;
  readonly needs: GramPlan;
}

const MOST_EXACT = 24;
const MOST_EDGES = 12;
const LONGEST_EXACT = 96;
const NOTHING_KNOWN: Known = { exact: undefined, starts: new Set(['']), ends: new Set(['']), needs: ALL };

function analyse(node: RegexNode): Known {
  switch (node.kind) {
    case 'any':
      return NOTHING_KNOWN;
    case 'empty':
      return exactly(['']);
    case 'one':
      return exactly(node.characters.map((character) => Buffer.from(character).toString('latin1')));
    case 'sequence':
      return node.of.map(analyse).reduce(concatenated, exactly(['']));
    case 'either':
      return node.of.map(analyse).reduce(alternated);
    case 'repeat': {
      const once = analyse(node.of);
      if (node.least === 0) return node.most === 1 ? alternated(once, exactly([''])) : NOTHING_KNOWN;
      if (node.most === 1) return once;
      const more = withoutExact(once);
      return node.least === 1 ? more : concatenated(once, more);
    }
  }
}

const exactly = (strings: readonly string[]): Known =>
  bounded({ exact: new Set(strings), starts: new Set(), ends: new Set(), needs: ALL });

function concatenated(left: Known, right: Known): Known {
  if (left.exact && right.exact)
    return bounded({ ...left, exact: crossed(left.exact, right.exact), needs: and([left.needs, right.needs]) });
  const across = crossed(left.exact ?? left.ends, right.exact ?? right.starts);
  return bounded({
    exact: undefined,
    starts: left.exact ? crossed(left.exact, right.starts) : left.starts,
    ends: right.exact ? crossed(left.ends, right.exact) : right.ends,
    needs: and([left.needs, right.needs, anyOfPlan(across)]),
  });
}

function alternated(left: Known, right: Known): Known {
  if (left.exact && right.exact && left.needs === ALL && right.needs === ALL)
    return bounded({ ...left, exact: new Set([...left.exact, ...right.exact]) });
  const a = withoutExact(left);
  const b = withoutExact(right);
  return bounded({
    exact: undefined,
    starts: new Set([...a.starts, ...b.starts]),
    ends: new Set([...a.ends, ...b.ends]),
    needs: or([a.needs, b.needs]),
  });
}

/** Sets stay small: what is too much to know exactly becomes a need and a start and an end. */
function bounded(known: Known): Known {
  const { exact } = known;
  if (exact)
    return exact.size > MOST_EXACT || [...exact].some(({ length }) => length > LONGEST_EXACT)
      ? withoutExact(known)
      : known;
  return {
    ...known,
    starts: edges(known.starts, (text, length) => text.slice(0, length)),
    ends: edges(known.ends, lastOf),
  };
}

function withoutExact(known: Known): Known {
  if (!known.exact) return known;
  return bounded({
    exact: undefined,
    starts: known.exact,
    ends: known.exact,
    needs: and([known.needs, anyOfPlan(known.exact)]),
  });
}

function edges(strings: ReadonlySet<string>, cut: (text: string, length: number) => string): ReadonlySet<string> {
  // Two bytes are all that a window across a border can take from one side.
  for (const length of [2, 1]) {
    const shorter = new Set([...strings].map((text) => cut(text, length)));
    if (shorter.size <= MOST_EDGES) return shorter;
  }
  return new Set(['']);
}

const lastOf = (text: string, length: number) => text.slice(Math.max(0, text.length - length));

function crossed(left: ReadonlySet<string>, right: ReadonlySet<string>): ReadonlySet<string> {
  const all = new Set<string>();
  for (const a of left) for (const b of right) all.add(a + b);
  return all;
}

function simplify(known: Known): GramPlan {
  return known.exact
    ? and([known.needs, or([...known.exact].map(bytesPlan))])
    : and([known.needs, anyOfPlan(known.starts), anyOfPlan(known.ends)]);
}
