import { pick } from '@tabstop/testkit';
import { applyChanges, type Change } from './real-edits.ts';

/** What happened to the document since the model saw it, or how it is stored. */
export interface Variant {
  readonly name: string;
  readonly before: readonly string[];
  readonly changes: readonly Change[];
  readonly lineBreak: '\n' | '\r\n';
  readonly mark: boolean;
  readonly finalBreak: boolean;
}

export function textOf(variant: Variant, changes: readonly Change[]): string {
  const lines = changes.length === 0 ? variant.before : applyChanges(variant.before, changes);
  const body = lines.join(variant.lineBreak) + (variant.finalBreak && lines.length > 0 ? variant.lineBreak : '');
  return (variant.mark ? '\uFEFF' : '') + body;
}

/** Most documents are as they were; others have another neighbour, a copy of the region, CRLF, a mark, no final break. */
export function varyDocument(random: () => number, before: readonly string[], changes: readonly Change[]): Variant {
  const plain: Variant = { name: 'plain', before, changes, lineBreak: '\n', mark: false, finalBreak: true };
  const chance = random();
  if (chance < 0.4) return plain;
  if (chance < 0.52) return { ...plain, name: 'crlf document', lineBreak: '\r\n', mark: random() < 0.3 };
  if (chance < 0.58) return { ...plain, name: 'no final break', finalBreak: false };
  if (chance < 0.78) return renameNeighbour(random, plain);
  if (chance < 0.93) return duplicateRegion(random, plain);
  return moveRegion(random, plain);
}

const changedLine = (changes: readonly Change[], line: number) => changes.some((c) => line >= c.from && line < c.to);

/** An identifier on lines near a change got another name; no changed line has it. */
function renameNeighbour(random: () => number, variant: Variant): Variant {
  const { before, changes } = variant;
  const change = pick(random, changes);
  const near = [-4, -3, -2, -1, 0, 1, 2, 3].map((d) => (d < 0 ? change.from + d : change.to + d));
  const usable = near.filter((line) => before[line] !== undefined && !changedLine(changes, line));
  const touched = new Set(
    changes.flatMap((c) =>
      [...before.slice(c.from, c.to), ...c.lines].flatMap((line) => line.match(/[A-Za-z_]\w*/g) ?? []),
    ),
  );
  const names = [...new Set(usable.flatMap((line) => before[line]!.match(/[A-Za-z_]\w{3,}/g) ?? []))].filter(
    (name) => !touched.has(name),
  );
  if (names.length === 0) return variant;
  const name = pick(random, names);
  const renamed = new RegExp(`\\b${name}\\b`, 'g');
  const fresh = before.map((line, i) =>
    usable.includes(i) ? line.replace(renamed, `${name}${pick(random, ['2', 'Value', '_new'])}`) : line,
  );
  return { ...variant, name: 'renamed neighbour', before: fresh };
}

/** A copy of the lines around a change stands somewhere else as well. */
function duplicateRegion(random: () => number, variant: Variant): Variant {
  const { before, changes } = variant;
  const change = pick(random, changes);
  const reach = pick(random, [0, 1, 2, 4, 8, 20]);
  const from = Math.max(0, change.from - reach);
  const to = Math.min(before.length, change.to + pick(random, [0, 1, 2, 4, 8, 20]));
  const places: number[] = [];
  for (let at = 0; at <= before.length; at++)
    if (!changes.some((c) => at > c.from - 1 && at < c.to + 1)) places.push(at);
  if (places.length === 0 || to === from) return variant;
  const at = pick(random, places);
  return insertLines(variant, at, before.slice(from, to), 'duplicated region');
}

/** Lines came in far from the changes, so that every line number is off. */
function moveRegion(random: () => number, variant: Variant): Variant {
  const first = variant.changes[0]!.from;
  const at = Math.floor(random() * Math.max(1, first));
  const count = 1 + Math.floor(random() * 30);
  const lines = Array.from({ length: count }, (_, i) => `// inserted ${i} ${Math.floor(random() * 1e6)}`);
  return insertLines(variant, at, lines, 'moved');
}

function insertLines(variant: Variant, at: number, lines: readonly string[], name: string): Variant {
  const before = [...variant.before.slice(0, at), ...lines, ...variant.before.slice(at)];
  const shift = (line: number) => (line >= at ? line + lines.length : line);
  const changes = variant.changes.map((c) => {
    const from = shift(c.from);
    return { ...c, from, to: from + (c.to - c.from) };
  });
  return { ...variant, name, before, changes };
}
